using System.Diagnostics;
using System.Globalization;

namespace BacktestOps.Benchmarks.Module;

/// <summary>What the module costs a session: its import, measured inside a new process each time.</summary>
internal static class ImportTable
{
    private const int Samples = 11;

    private static readonly string s_artifacts = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."));

    /// <summary>The table.</summary>
    public static BenchmarkTable Create() => new(
        "import", "Import-Module of the built folder, in a new BacktestOps.Shell each time", MeasureAsync);

    private static async Task<IReadOnlyList<BenchmarkRow>> MeasureAsync(CancellationToken cancellationToken)
    {
        var (import, first) = (new double[Samples], new double[Samples]);

        // One before the samples, so that the files are in the system's cache as they are on a machine in use.
        for (var i = -1; i < Samples; i++)
        {
            var figures = await MeasureOnceAsync(cancellationToken);
            if (i >= 0) (import[i], first[i]) = figures;
        }

        return
        [
            new("import", "ms", Figures.Of(import), new Target(250)),
            new("first command, Get-BacktestService", "ms", Figures.Of(first)),
        ];
    }

    private static async Task<(double Import, double First)> MeasureOnceAsync(CancellationToken cancellationToken)
    {
        var module = Path.Combine(s_artifacts, "module", "BacktestOps");
        var script = $$"""
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            Import-Module '{{module}}'
            $import = $watch.Elapsed.TotalMilliseconds
            $watch.Restart()
            $null = Get-BacktestService
            "$import $($watch.Elapsed.TotalMilliseconds)"
            """;
        var home = Directory.CreateTempSubdirectory("backtestops-benchmark-");
        try
        {
            var shell = Path.Combine(s_artifacts, "bin", "BacktestOps.Shell", Machine.Configuration.ToLowerInvariant(), "BacktestOps.Shell.dll");
            var start = new ProcessStartInfo("dotnet", [shell, "-Command", script]) { RedirectStandardOutput = true };
            start.Environment["BACKTESTOPS_HOME"] = home.FullName;
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0) throw new InvalidOperationException($"The session ended with {process.ExitCode}: {output}");
            var figures = output.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
            return (figures[0], figures[1]);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }
}
