// A process of its own for tests that need several processes: races on one log, and kills in the middle of a write.
// Usage: TestHost <command> <arguments…>; prints one line with the outcome.
Console.Error.WriteLine($"unknown command: {(args.Length > 0 ? args[0] : "")}");
return 2;
