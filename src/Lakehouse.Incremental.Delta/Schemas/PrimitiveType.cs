namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>A type without parameters, by its name in the schema JSON.</summary>
internal sealed record PrimitiveType : DataType
{
    public static readonly PrimitiveType String = new("string");
    public static readonly PrimitiveType Long = new("long");
    public static readonly PrimitiveType Integer = new("integer");
    public static readonly PrimitiveType Short = new("short");
    public static readonly PrimitiveType Byte = new("byte");
    public static readonly PrimitiveType Float = new("float");
    public static readonly PrimitiveType Double = new("double");
    public static readonly PrimitiveType Boolean = new("boolean");
    public static readonly PrimitiveType Binary = new("binary");
    public static readonly PrimitiveType Date = new("date");
    public static readonly PrimitiveType Timestamp = new("timestamp");
    public static readonly PrimitiveType TimestampNtz = new("timestamp_ntz");
    public static readonly PrimitiveType Void = new("void");
    public static readonly PrimitiveType Variant = new("variant");

    private PrimitiveType(string name) => Name = name;

    public string Name { get; }

    public override string ToString() => Name;
}
