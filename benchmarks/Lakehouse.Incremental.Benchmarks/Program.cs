using BenchmarkDotNet.Running;
using Lakehouse.Incremental.Benchmarks;

try
{
    Options options = OptionsParser.Parse(args);
    if (string.Equals(options.Command, "kernels", StringComparison.Ordinal))
    {
        BenchmarkSwitcher.FromAssembly(typeof(Options).Assembly).Run([.. options.Rest]);
        return 0;
    }

    return await Application.RunAsync(options, Console.Out);
}
catch (UsageException error)
{
    await Console.Error.WriteLineAsync($"{error.Message}\n\n{OptionsParser.Help}");
    return 2;
}
