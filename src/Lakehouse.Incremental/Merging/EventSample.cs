namespace Lakehouse.Incremental.Merging;

/// <summary>An event as an example: values of no other columns are kept.</summary>
/// <param name="Key">Its key as text; several columns in parentheses.</param>
/// <param name="Order">Its place in the order as text: the columns of <see cref="MergeFlowBuilder.EffectiveAt"/> and <see cref="MergeFlowBuilder.SequenceBy"/>.</param>
public sealed record EventSample(string Key, string Order)
{
    /// <summary>One line.</summary>
    public override string ToString() => $"{Key} at {Order}";
}
