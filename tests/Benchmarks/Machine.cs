using System.Runtime;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BacktestOps.Benchmarks;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    /// <summary>Processor, cores, system, runtime, in one line each.</summary>
    public static IEnumerable<string> Describe()
    {
        var vector = Vector256.IsHardwareAccelerated ? "yes" : "no";
        yield return $"{Processor()}, {Environment.ProcessorCount} logical cores, Vector256 {vector}";
        yield return $"{RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture})";
        var collector = GCSettings.IsServerGC ? "server" : "workstation";
        yield return $"{RuntimeInformation.FrameworkDescription}, {collector} GC, {Configuration} build";
    }

    /// <summary>How this program was built.</summary>
    public static string Configuration =>
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    private static string Processor()
    {
        const string linux = "/proc/cpuinfo";
        if (!File.Exists(linux)) return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown processor";
        var line = File.ReadLines(linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "unknown processor";
    }
}
