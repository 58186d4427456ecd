namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>A case of which parts can be left out.</summary>
internal interface IReducible<out T>
{
    /// <summary>Cases that are a little smaller than this one.</summary>
    IEnumerable<T> Smaller();
}
