namespace Lakehouse.Incremental.Scd2;

/// <summary>What a hidden record is; sorts as ORDER does.</summary>
internal static class HiddenKind
{
    public const sbyte Delete = 0;
    public const sbyte Upsert = 1;
}
