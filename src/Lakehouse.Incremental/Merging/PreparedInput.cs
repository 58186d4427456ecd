using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Merging;

/// <summary>An input normalised and folded for one layout of the target.</summary>
internal sealed record PreparedInput(MergeLayout Layout, NormalizedEvents Events, FoldedChanges Folded)
{
    public ChangeBatch Batch => Events.Batch;

    public static async Task<PreparedInput> OfAsync(MergeTarget target, MergeInput input, CancellationToken cancellationToken) => input.Select is { } select
        ? Of(target.Layout, await select(target, cancellationToken).ConfigureAwait(false))
        : Of(target.Layout, ChangeNormalizer.Normalize(target.Flow, target.Layout, target.Table.Storage.Name, input.Events, input.Audit.Batch));

    /// <summary>The events, and keys without events whose rows are to be derived again.</summary>
    /// <param name="keys">Keys in the target's types.</param>
    public PreparedInput WithKeys(RecordBatch keys) =>
        keys.Length == 0 ? this : Of(Layout, Events with { Batch = Select([.. Enumerable.Repeat(true, Batch.Count)], keys) });

    /// <summary>Some of the events, followed by rows that only name keys.</summary>
    /// <param name="keep">Which of the events.</param>
    /// <param name="keys">The keys, in the target's types.</param>
    public ChangeBatch Select(bool[] keep, RecordBatch keys)
    {
        int[] kept = [.. Enumerable.Range(0, keep.Length).Where(row => keep[row])];
        RecordBatch named = new(
            Layout.Data,
            Layout.Data.FieldsList.Select((field, position) => System.Array.IndexOf(Layout.Keys, position) is int key and >= 0
                ? keys.Column(key)
                : NullArrays.Create(field.DataType, keys.Length)),
            keys.Length);
        EventKind[] kinds = [.. kept.Select(row => Batch.Kinds[row]), .. Enumerable.Repeat(EventKind.KeyOnly, keys.Length)];
        CellPresence? presence = CellPresence.Concat([(Batch.Presence?.Take(kept), kept.Length), (null, keys.Length)], Layout.Data.FieldsList.Count);
        KeyLinks? links = KeyLinks.Concat(Layout, [(Batch.Links?.Take(kept), kept.Length), (null, keys.Length)]);
        return new ChangeBatch(Layout, ConcatKernel.Concat(Layout.Data, [TakeKernel.Take(Batch.Rows, kept), named]), kinds, presence, links);
    }

    public static PreparedInput Of(MergeLayout layout, NormalizedEvents events) => new(layout, events, ChangeFolder.Fold(events.Batch));
}
