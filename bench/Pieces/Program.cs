using BenchmarkDotNet.Running;
using OAuthMcp.Pieces;

// dotnet run -c Release --project bench/Pieces             everything, in a short run
// dotnet run -c Release --project bench/Pieces -- --job default --filter "*Exchange*"
string[] arguments = ["--inProcess", "--artifacts", "TestResults/pieces", "--join", .. args];
if (!args.Contains("--job"))
    arguments = [.. arguments, "--job", "short"];
if (!args.Contains("--filter"))
    arguments = [.. arguments, "--filter", "*"];
BenchmarkSwitcher.FromAssembly(typeof(Repeatable).Assembly).Run(arguments);
