using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <content>What the tables must hold.</content>
internal sealed partial class EngineUnderTest
{
    /// <summary>Asserts that Silver holds what the set of events says.</summary>
    public async Task SilverMustHoldAsync(IReadOnlyList<Event> events, string because = "") =>
        (await SilverTextsAsync()).Should().Equal(_scdType == ScdType.Type1 ? Texts.Of(Model.Latest(events)) : Texts.Of(Model.History(events)), because);

    /// <summary>Asserts that Gold is, bit for bit, a recount of the Silver which the set of events says.</summary>
    public async Task GoldMustHoldAsync(IReadOnlyList<Event> events, string because = "")
    {
        IEnumerable<object?[]> silver = _scdType == ScdType.Type1 ? Model.Latest(events).Select(r => r.Row) : Model.History(events).Select(p => p.Row);
        (await GoldTextsAsync()).Should().Equal(Texts.OfBits(GoldModel.Recount(_gold, [.. silver])), because);
    }

    public async Task<string[]> SilverTextsAsync() => _scdType == ScdType.Type1 ? Texts.Of(await LatestAsync()) : Texts.Of(await HistoryAsync());

    public Task<IReadOnlyList<LatestRow>> LatestAsync() => TableRows.ReadAsync(Silver, (batch, row) => TableRows.LatestAt(batch, _layout, row));

    public Task<IReadOnlyList<Period>> HistoryAsync() => TableRows.ReadAsync(Silver, (batch, row) => TableRows.PeriodAt(batch, _layout, row));

    /// <summary>What the quarantine holds, as lines.</summary>
    public Task<string[]> QuarantineAsync() => QuarantineLines.ReadAsync(Quarantine);

    /// <summary>The line that an event makes in the quarantine.</summary>
    public string QuarantineLine(Event e, string reason, string column) => QuarantineLines.Of(reason, column, _batches.Schema, _batches.Of([e]), 0);

    public async Task<string[]> GoldTextsAsync()
    {
        await OpenGoldAsync();
        string[] columns = [.. Gold.CurrentSnapshot.Schema.FieldsList.Select(f => f.Name)];
        return Texts.OfBits(await TableRows.ReadAsync(Gold, (batch, row) => TableRows.Values(batch, columns, row)));
    }
}
