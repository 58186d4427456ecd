using System.Globalization;

namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>One damaged table, opened and read: by number, so that it can be made again.</summary>
internal sealed record Trial(int Seed, int Number, Victim Victim, Mutation Mutation)
{
    private const long MostBytes = 256L << 20;

    public static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30);

    public static Trial Make(IReadOnlyList<Victim> victims, int seed, int number)
    {
        Random random = new(unchecked((seed * 1_000_003) + number));
        Victim victim = victims[random.Next(victims.Count)];
        return new Trial(seed, number, victim, Mutator.Next(victim, random));
    }

    /// <summary>What is wrong with how it ended; null when nothing is. Runs on one thread from start to end.</summary>
    public string? Run(out bool refused)
    {
        refused = false;
        using CancellationTokenSource time = new(MostTime);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string? wrong;
        try
        {
            Findings found = Victim.ReadAsync(Mutation, time.Token).GetAwaiter().GetResult();
            refused = found.ChangesError is not null;
            wrong = found.Breaks(Mutation.Promise, Victim.Sound);
        }
        catch (LakehouseException)
        {
            refused = true;
            wrong = null;
        }
#pragma warning disable CA1031 // Any other exception is what is looked for.
        catch (Exception error)
#pragma warning restore CA1031
        {
            wrong = error.ToString();
        }

        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return wrong ?? (bytes > MostBytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes allocated") : null);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Seed}, case {Number}: table {Victim.Name}, file {Mutation.Path}: {Mutation.Script} (promise: {Mutation.Promise})");
}
