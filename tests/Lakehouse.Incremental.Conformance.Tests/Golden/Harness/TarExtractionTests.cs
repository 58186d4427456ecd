using System.Formats.Tar;
using System.IO.Compression;
using Lakehouse.Incremental.Conformance.Tests.Golden.Set;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Harness;

/// <summary>An archive that comes from elsewhere writes nothing outside of its folder.</summary>
public sealed class TarExtractionTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("tar-").FullName;

    private string Target => Path.Combine(_parent, "target");

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public void Files_are_unpacked_with_their_content_time_and_odd_names()
    {
        DateTimeOffset modified = new(2021, 5, 6, 7, 8, 9, TimeSpan.Zero);
        PaxTarEntry entry = new(TarEntryType.RegularFile, "./a/b=x%20y/special p@#h")
        {
            DataStream = new MemoryStream([1, 2, 3]),
            ModificationTime = modified,
        };
        TarExtraction.Extract(Archive(new PaxTarEntry(TarEntryType.Directory, "a/"), entry), Target);
        string file = Path.Combine(Target, "a", "b=x%20y", "special p@#h");
        File.ReadAllBytes(file).Should().Equal(1, 2, 3);
        File.GetLastWriteTimeUtc(file).Should().Be(modified.UtcDateTime);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("a/..")]
    [InlineData("/x")]
    [InlineData("a\\..\\x")]
    public void Names_that_lead_outside_are_refused(string name)
    {
        PaxTarEntry entry = new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([1]) };
        Action extracting = () => TarExtraction.Extract(Archive(entry), Target);
        extracting.Should().Throw<InvalidDataException>().WithMessage($"*'{name}'*outside*");
        Directory.EnumerateFileSystemEntries(_parent, "*", SearchOption.AllDirectories).Should().BeEmpty();
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    public void Links_are_refused(TarEntryType type)
    {
        Action extracting = () => TarExtraction.Extract(Archive(new PaxTarEntry(type, "link") { LinkName = "../x" }), Target);
        extracting.Should().Throw<InvalidDataException>().WithMessage("*link*");
    }

    private static MemoryStream Archive(params TarEntry[] entries)
    {
        MemoryStream archive = new();
        using (GZipStream zipped = new(archive, CompressionLevel.Fastest, leaveOpen: true))
        using (TarWriter writer = new(zipped))
        {
            foreach (TarEntry entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        archive.Position = 0;
        return archive;
    }
}
