using System.Text;
using System.Text.RegularExpressions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.DataFiles;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>Damage that the mutation test found to be believed once, each for itself.</summary>
public class KnownDamageTests
{
    private const string SecondCommit = "_delta_log/00000000000000000001.json";

    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task A_page_of_an_unknown_type_does_not_lose_its_rows()
    {
        string path = await FillAsync();
        byte[] file = await _storage.ReadAsync(path);

        // The first header starts with its type: a dictionary (2, zigzag 4).
        file[4].Should().Be(0x15);
        file[5].Should().Be(4);
        file[5] = 14;
        await _storage.PutAsync(path, file);
        (await CodeAsync()).Should().Be(ErrorCodes.CorruptFile);
    }

    [Fact]
    public async Task A_changed_byte_in_a_page_is_noticed()
    {
        string path = await FillAsync();
        byte[] file = await _storage.ReadAsync(path);
        List<(int Start, int End)> pages = ParquetDamage.Pages(file);
        pages.Should().HaveCount(4);
        foreach (int at in pages.SelectMany(static page => Enumerable.Range(page.Start, page.End - page.Start)))
        {
            byte[] changed = [.. file];
            changed[at] ^= 1;
            await _storage.PutAsync(path, changed);
            (await CodeAsync()).Should().Be(ErrorCodes.CorruptFile, $"byte {at} lies in a page");
        }
    }

    [Fact]
    public async Task A_dictionary_that_claims_too_much_is_refused_before_memory_is_asked_for()
    {
        string path = await FillAsync();
        byte[] file = await _storage.ReadAsync(path);
        ThriftNumbers.Place entries = ThriftNumbers.Of(file, 4).Places.Single(static place => place.Path == ".7.1");
        await _storage.PutAsync(path, Damage.Splice(file, entries.At, entries.Length, ThriftNumbers.Varint(ThriftNumbers.ZigZag(int.MaxValue))));
        (await CodeAsync()).Should().Be(ErrorCodes.CorruptFile);
    }

    [Theory]
    [InlineData("numRecords\\\\?\":4", "numRecords\\\":5", ErrorCodes.CorruptFile)]
    [InlineData("\"operation\":\"WRITE\"", "\"operation\":\"\\ud800\"", ErrorCodes.CorruptLog)]
    [InlineData("\"operation\":\"WRITE\"", "\"extra\":{\"deep\":[\"\\udc00\"]}", ErrorCodes.CorruptLog)]
    public async Task What_the_second_commit_must_not_say(string pattern, string replacement, string code)
    {
        await FillAsync();
        string commit = Encoding.UTF8.GetString(await _storage.ReadAsync(SecondCommit));
        Regex.IsMatch(commit, pattern).Should().BeTrue();
        await _storage.PutAsync(SecondCommit, Encoding.UTF8.GetBytes(Regex.Replace(commit, pattern, replacement.Replace("$", "$$"))));
        (await CodeAsync()).Should().Be(code);
    }

    [Fact]
    public async Task A_line_that_is_not_UTF8_is_refused()
    {
        await FillAsync();
        byte[] commit = await _storage.ReadAsync(SecondCommit);
        commit[commit.AsSpan().IndexOf("WRITE"u8)] = 0xFF;
        await _storage.PutAsync(SecondCommit, commit);
        (await CodeAsync()).Should().Be(ErrorCodes.CorruptLog);
    }

    [Theory]
    [InlineData("\\\"name\\\":\\\"name\\\"", "\\\"name\\\":\\\"id\\\"")]
    [InlineData("\"partitionColumns\":[]", "\"partitionColumns\":[\"gone\"]")]
    public async Task What_the_first_commit_must_not_say(string text, string replacement)
    {
        await FillAsync();
        const string First = "_delta_log/00000000000000000000.json";
        string commit = Encoding.UTF8.GetString(await _storage.ReadAsync(First));
        commit.Should().Contain(text);
        await _storage.PutAsync(First, Encoding.UTF8.GetBytes(commit.Replace(text, replacement, StringComparison.Ordinal)));
        (await CodeAsync()).Should().Be(ErrorCodes.CorruptLog);
    }

    [Fact]
    public async Task Changes_of_a_vector_that_reaches_beyond_the_file_are_refused()
    {
        await FillAsync();
        DeltaTable table = await DeltaTable.OpenAsync(_storage);
        await table.DeleteAsync(static id => id == 2);
        const string Third = "_delta_log/00000000000000000002.json";
        string commit = Encoding.UTF8.GetString(await _storage.ReadAsync(Third));
        string beyond = DeltaVectorText(90);
        string damaged = Regex.Replace(commit, "(\"pathOrInlineDv\":\")[^\"]*", match => match.Groups[1].Value + beyond);
        damaged.Should().NotBe(commit);
        await _storage.PutAsync(Third, Encoding.UTF8.GetBytes(damaged));

        table = await DeltaTable.OpenAsync(_storage);
        (await Kit.CodeOfAsync(() => table.ReadChangesAsync(2, 2).ListAsync())).Should().Be(ErrorCodes.CorruptFile);
        (await CodeAsync()).Should().Be(ErrorCodes.CorruptFile);
    }

    private static string DeltaVectorText(long row) =>
        Delta.DeletionVectors.Z85.Encode(Delta.DeletionVectors.DeletionVector.Of([row]).Serialize());

    /// <summary>A table of four rows; the path of its only file.</summary>
    private async Task<string> FillAsync()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, Kit.WithChanges);
        await table.AppendAsync(Kit.Rows(1, 2, 3, 4));
        return DataFilePath.Decode(table.CurrentSnapshot.Files.Single().Path);
    }

    private async Task<string> CodeAsync() => await TryCodeAsync() ?? "no error";

    private async Task<string?> TryCodeAsync()
    {
        try
        {
            DeltaTable table = await DeltaTable.OpenAsync(_storage);
            Cells.Rows(await table.ReadAsync(new ReadOptions()).ListAsync()).Should().HaveCountGreaterThan(0);
            await table.HistoryAsync();
            return null;
        }
        catch (LakehouseException error)
        {
            return error.ErrorCode;
        }
    }
}
