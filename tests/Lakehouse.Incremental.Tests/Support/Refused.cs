namespace Lakehouse.Incremental.Tests;

/// <summary>What a call that must fail throws.</summary>
internal static class Refused
{
    public static async Task<T> ByAsync<T>(Func<Task> call)
        where T : Exception => (await call.Should().ThrowAsync<T>()).Which;
}
