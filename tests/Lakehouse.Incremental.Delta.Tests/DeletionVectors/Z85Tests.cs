using CsCheck;
using Lakehouse.Incremental.Delta.DeletionVectors;

namespace Lakehouse.Incremental.Delta.Tests.DeletionVectors;

public class Z85Tests
{
    [Fact]
    public void Agrees_with_the_published_example()
    {
        byte[] bytes = [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B];
        Z85.Encode(bytes).Should().Be("HelloWorld");
        Z85.Decode("HelloWorld", 8).Should().Equal(bytes);
    }

    [Fact]
    public void Survives_a_round_trip_of_any_length()
    {
        Gen.Byte.Array[0, 40].Sample(static bytes => Z85.Decode(Z85.Encode(bytes), bytes.Length).Should().Equal(bytes));
    }

    [Theory]
    [InlineData("Hello", 5)]
    [InlineData("Hell", 1)]
    [InlineData("He~lo", 4)]
    [InlineData("Heéllo", 4)]
    [InlineData("#####", 4)]
    [InlineData("##@##", 2)]
    [InlineData("##093Hello", 8)]
    [InlineData("Hello", -1)]
    public void Refuses_what_is_not_its_text(string text, int length)
    {
        Z85.Decode(text, length).Should().BeNull();
    }
}
