namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>
/// How many histories each test of a law delivers through the engine and compares with the model: one is one set of events with one configuration. What is
/// counted is each test's own; the tests of the model alone and the golden vectors are not among them.
/// </summary>
internal static class CaseNumbers
{
    /// <summary>Law 1, of each type.</summary>
    public const int Batched = 5000;

    public const int KeysChanged = 3000;

    /// <summary>Law 1, of each type.</summary>
    public const int Replayed = 700;

    /// <summary>Law 1, of each type.</summary>
    public const int Concurrent = 200;

    public const int BothTypes = 1500;

    /// <summary>Law 3, of each type.</summary>
    public const int Counted = 700;

    /// <summary>Law 4, of each type and of Gold.</summary>
    public const int Drifted = 500;

    public const int DriftedKeysChanged = 300;

    public const int Crashed = 400;

    public const int Failed = 500;

    /// <summary>Law 6, of each type.</summary>
    public const int TooLate = 1000;

    /// <summary>Law 7, of each type.</summary>
    public const int Invalid = 1000;

    /// <summary>Law 8, of each type.</summary>
    public const int Adopted = 700;

    /// <summary>Law 9, of each type: series of snapshots.</summary>
    public const int Snapshots = 500;

    /// <summary>Law 10, of each type.</summary>
    public const int Numbered = 500;

    /// <summary>Law 10, of each type.</summary>
    public const int NumberedConcurrent = 60;

    /// <summary>Law 10, of each type.</summary>
    public const int NumberedCrashed = 150;

    public const int Total = (2 * (Numbered + NumberedConcurrent + NumberedCrashed + Batched + Replayed + Concurrent + Counted + TooLate + Invalid + Adopted + Snapshots)) + (3 * Drifted)
        + KeysChanged + BothTypes + DriftedKeysChanged + Crashed + Failed;
}
