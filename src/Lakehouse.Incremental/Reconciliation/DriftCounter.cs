namespace Lakehouse.Incremental.Reconciliation;

/// <summary>Counts drifted keys by kind and keeps some of each as samples.</summary>
internal sealed class DriftCounter(int maxSamples)
{
    private readonly long[] _counts = new long[Enum.GetValues<DriftKind>().Length];
    private readonly List<DriftedKey> _samples = [];

    public void Add(IEnumerable<KeyValuePair<UInt128, Drift>> drift, RowSet expected, RowSet actual) => Add(drift, expected, actual, d => d.Kind);

    /// <summary>Keys of which only the hidden state differs.</summary>
    public void AddState(IEnumerable<KeyValuePair<UInt128, Drift>> drift, RowSet expected, RowSet actual) => Add(drift, expected, actual, _ => DriftKind.StateDrift);

    public ReconcileReport ToReport() => new()
    {
        Missing = _counts[(int)DriftKind.Missing],
        Extra = _counts[(int)DriftKind.Extra],
        Different = _counts[(int)DriftKind.Different],
        Duplicate = _counts[(int)DriftKind.Duplicate],
        StateDrift = _counts[(int)DriftKind.StateDrift],
        Samples = _samples,
    };

    private void Add(IEnumerable<KeyValuePair<UInt128, Drift>> drift, RowSet expected, RowSet actual, Func<Drift, DriftKind> kindOf)
    {
        foreach (Drift d in drift.OrderBy(d => d.Key).Select(d => d.Value))
        {
            DriftKind kind = kindOf(d);
            if (_counts[(int)kind]++ < maxSamples)
            {
                _samples.Add(new DriftedKey(kind, (d.InActual ? actual : expected).KeyText(d.Row)));
            }
        }
    }
}
