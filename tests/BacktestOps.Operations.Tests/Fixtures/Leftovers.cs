using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace BacktestOps.Operations.Tests.Fixtures;

/// <summary>
/// Ends what a test run leaves when it is itself killed. The services of deployment tests are detached, as they must be, and
/// outlive whoever started them; so every process of this run carries its mark, and a shell of its own session waits at a
/// pipe that closes when this process is gone, by whatever means. Then it kills what has the mark. Nothing ends before that.
/// </summary>
internal static class Leftovers
{
    private const string Mark = "BACKTESTOPS_TEST_RUN";

    // Two rounds: what was about to start another process in the first is gone before the second.
    private const string Script =
        """
        exec > /dev/null 2>&1
        cat
        for round in 1 2; do
            for process in /proc/[0-9]*; do
                if grep -qszxF "$1" "$process/environ"; then kill -9 "${process#/proc/}"; fi
            done
        done
        """;

    private static Process? s_guard;

    /// <summary>Marks this run and guards it.</summary>
    [ModuleInitializer]
    public static void Begin()
    {
        if (!OperatingSystem.IsLinux()) return;
        var mark = Guid.NewGuid().ToString("N");
        s_guard = Guard(mark);
        Environment.SetEnvironmentVariable(Mark, mark);
    }

    /// <summary>Starts a guard, which kills the processes with a mark as soon as its standard input is closed.</summary>
    internal static Process Guard(string mark)
    {
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Script, "guard", $"{Mark}={mark}"]) { RedirectStandardInput = true };
        // A guard within a guarded run is nobody's leftover: it would kill itself.
        start.Environment.Remove(Mark);
        return Process.Start(start)!;
    }

    /// <summary>Puts a mark on a process that is to be started.</summary>
    internal static void Put(ProcessStartInfo start, string mark) => start.Environment[Mark] = mark;
}
