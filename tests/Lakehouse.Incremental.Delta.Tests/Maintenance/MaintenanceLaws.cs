using CsCheck;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Maintenance;

/// <summary>Random histories with maintenance in between, against a list of the rows of each version; a failing script is printed with its seed.</summary>
public sealed class MaintenanceLaws
{
    private const int RetentionDays = 7;

    private static readonly Gen<Step> s_steps = Gen.OneOf(
        Gen.Select(Gen.Int[1, 20], static count => new Step("append", count)),
        Gen.Select(Gen.Int[1, 20], static count => new Step("append", count)),
        Gen.Select(Gen.Int[0, 5], static count => new Step("overwrite", count)),
        Gen.Select(Gen.Int[2, 7], static divisor => new Step("delete", divisor)),
        Gen.Select(Gen.Int[2, 7], static divisor => new Step("delete", divisor)),
        Gen.Const(new Step("delete", 1)),
        Gen.Select(Gen.Int[0, 100], static share => new Step("optimize", share)),
        Gen.Select(Gen.Int[0, 100], static percent => new Step("restore", percent)),
        Gen.Select(Gen.Int[1, 12], static days => new Step("wait", days)),
        Gen.Select(Gen.Int[1, 12], static days => new Step("wait", days)),
        Gen.Const(new Step("vacuum", 0)),
        Gen.Const(new Step("vacuum", 0)),
        Gen.Const(new Step("orphan", 0)),
        Gen.Const(new Step("checkpoint", 0)),
        Gen.Const(new Step("clean up", 0)),
        Gen.Const(new Step("reopen", 0)));

    [Theory]
    [InlineData("classic")]
    [InlineData("v2")]
    public void Maintenance_changes_no_version_within_the_retention(string checkpoints) => s_steps.List[1, 25].Sample(
        steps => new Run(checkpoints).AllAsync(steps).GetAwaiter().GetResult(), iter: 80, print: static steps => string.Join(", ", steps));

    private sealed class Run(string checkpoints)
    {
        private readonly TimedTable _timed = new();

        // Rows and commit time of each version.
        private readonly List<(long[] Ids, long Time)> _versions = [];
        private DeltaTable _table = null!;
        private long _next;

        public async Task AllAsync(List<Step> steps)
        {
            _table = await _timed.CreateAsync(new()
            {
                ChangeDataFeed = true,
                Properties = new Dictionary<string, string>
                {
                    ["delta.checkpointInterval"] = "3",
                    ["delta.logRetentionDuration"] = "interval 15 days",
                    ["delta.feature.v2Checkpoint"] = "supported",
                    ["delta.checkpointPolicy"] = checkpoints,
                    ["delta.checkpoint.writeStatsAsJson"] = checkpoints == "v2" ? "false" : "true",
                },
            });
            Record([]);
            foreach (Step step in steps)
            {
                await RunAsync(step);
                _table.CurrentSnapshot.Version.Should().Be(_versions.Count - 1);
                (await _table.IdsAsync()).Should().Equal(_versions[^1].Ids);
            }

            await CheckAsync();

            // In the end nothing is left but what the latest version needs.
            _timed.Pass(RetentionDays + 1);
            await _table.VacuumAsync(new() { DryRun = false });
            string[] needed = [.. _table.CurrentSnapshot.Files.Select(static file => file.Path)];
            (await _timed.PathsAsync()).Where(static path => path.EndsWith(".parquet", StringComparison.Ordinal) && !path.StartsWith(LogPaths.Directory, StringComparison.Ordinal))
                .Should().BeEquivalentTo(needed);
            (await (await _timed.OpenAsync()).IdsAsync()).Should().Equal(_versions[^1].Ids);
        }

        private async Task RunAsync(Step step)
        {
            long[] now = _versions[^1].Ids;
            switch (step.Kind)
            {
                case "append" or "overwrite":
                    long[] fresh = [.. Enumerable.Range(0, step.Argument).Select(_ => _next++)];
                    bool replace = step.Kind == "overwrite";
                    AppendResult written = replace ? await _table.OverwriteAsync(Kit.Rows(fresh)) : await _table.AppendAsync(Kit.Rows(fresh));
                    RecordIf(written.Version is not null, replace ? fresh : [.. now, .. fresh]);
                    break;
                case "delete":
                    // These deletions note 1970 as their time.
                    bool deleted = await _table.DeleteAsync(id => id % step.Argument == step.Argument / 2) is not null;
                    RecordIf(deleted, [.. now.Where(id => id % step.Argument != step.Argument / 2)]);
                    break;
                case "optimize":
                    RecordIf((await _table.OptimizeAsync(new() { MaxDeletedShare = step.Argument / 100.0 })).Version is not null, now);
                    break;
                case "restore":
                    await RestoreAsync((_versions.Count - 1) * step.Argument / 100);
                    break;
                case "vacuum":
                    bool vacuumed = (await _table.VacuumAsync(new() { DryRun = false })).Files.Count > 0;
                    RecordIf(vacuumed, now);
                    RecordIf(vacuumed, now);
                    await CheckAsync();
                    break;
                case "wait":
                    _timed.Pass(step.Argument);
                    break;
                case "orphan":
                    await _timed.Storage.PutAsync($"orphan-{_next++}.parquet", new byte[] { 1 });
                    break;
                case "checkpoint":
                    (await _table.CheckpointAsync()).Should().Be(_versions.Count - 1);
                    break;
                case "clean up":
                    await _table.CleanUpLogAsync();
                    break;
                default:
                    _table = await _timed.OpenAsync();
                    break;
            }
        }

        private async Task RestoreAsync(int version)
        {
            try
            {
                RestoreResult result = await _table.RestoreAsync(version);
                RecordIf(result.Version is not null, _versions[version].Ids);
            }
            catch (LakehouseException error) when (error.ErrorCode is ErrorCodes.FilesMissing or ErrorCodes.VersionNotFound)
            {
                IsRetained(version).Should().BeFalse($"version {version} must not lose its files");
            }
        }

        private async Task CheckAsync()
        {
            DeltaTable reader = await _timed.OpenAsync();
            for (int version = 0; version < _versions.Count; version++)
            {
                if (IsRetained(version))
                {
                    (await reader.IdsAsync(version)).Should().Equal(_versions[version].Ids, $"version {version} was the latest within the retention");
                }
            }
        }

        // A version counts until it has been replaced for as long as the retention.
        private bool IsRetained(int version) =>
            version == _versions.Count - 1 || _versions[version + 1].Time > _timed.Time.Milliseconds - (RetentionDays * TimedTable.Day);

        private void RecordIf(bool committed, long[] ids)
        {
            if (committed)
            {
                Record(ids);
            }
        }

        private void Record(long[] ids) => _versions.Add(([.. ids.Order()], _timed.Time.Milliseconds));
    }

    private sealed record Step(string Kind, int Argument);
}
