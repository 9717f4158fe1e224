using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BacktestOps.Operations.ServiceProcesses;

/// <summary>Processes that outlive the session that starts them: a session of their own, output to a file.</summary>
internal static class DetachedProcess
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    // Every step replaces the one before (exec), so the id that is started is the service's own. A terminal's hang-up
    // and Ctrl+C go to the session's processes: setsid leaves it; where there is no setsid (macOS), nohup ignores the hang-up.
    private const string Script = """
        exec </dev/null >>"$0" 2>&1
        command -v setsid >/dev/null 2>&1 && exec setsid "$@"
        exec nohup "$@"
        """;

    /// <summary>Starts a process that does not end with this one.</summary>
    /// <param name="command">The program.</param>
    /// <param name="arguments">Its further arguments.</param>
    /// <param name="directory">Its working directory.</param>
    /// <param name="logPath">The file that its output is appended to.</param>
    /// <param name="environment">What its environment has beside this process's; null for nothing.</param>
    /// <param name="without">A variable of this process that its environment does not have; null for none.</param>
    public static Process Start(
        ServiceCommand command,
        IEnumerable<string> arguments,
        string directory,
        string logPath,
        IReadOnlyDictionary<string, string>? environment = null,
        string? without = null)
    {
        if (OperatingSystem.IsWindows())
            throw new ServiceProcessException(
                ServiceProcessFault.NotInstalled,
                "Starting a detached service process is not available on Windows.",
                $"Run '{command} --urls http://127.0.0.1:3000' in a window of its own, then Connect-BacktestService.");

        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = directory, UseShellExecute = false };
        foreach (var argument in (string[])["-c", Script, logPath, command.FileName, .. command.Arguments, .. arguments])
            start.ArgumentList.Add(argument);
        if (without is not null) start.Environment.Remove(without);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new ServiceProcessException(
                ServiceProcessFault.StartFailed,
                $"/bin/sh could not be started: {error.Message}",
                "See whether this machine lets you start processes.",
                error);
        }
    }

    /// <summary>Asks a process to end: SIGTERM.</summary>
    /// <param name="process">The process.</param>
    public static void Ask(ProcessIdentity process) => Signal(process, SigTerm);

    /// <summary>Ends a process at once: SIGKILL.</summary>
    /// <param name="process">The process.</param>
    public static void Kill(ProcessIdentity process) => Signal(process, SigKill);

    /// <summary>Sends SIGTERM to every process of a process group that is there.</summary>
    /// <param name="leader">The id of its leader, alive or not.</param>
    public static void AskGroup(int leader) => _ = SendSignal(-leader, SigTerm);

    /// <summary>Sends SIGKILL to every process of a process group that is there.</summary>
    /// <param name="leader">The id of its leader, alive or not.</param>
    public static void KillGroup(int leader) => _ = SendSignal(-leader, SigKill);

    private static void Signal(ProcessIdentity process, int signal)
    {
        if (!process.IsAlive()) return;
        if (OperatingSystem.IsWindows())
        {
            // Windows has no signal that a process without a window hears.
            using var ended = Process.GetProcessById(process.Id);
            ended.Kill();
        }
        else if (SendSignal(process.Id, signal) != 0 && process.IsAlive())
        {
            throw new ServiceProcessException(
                ServiceProcessFault.TimedOut,
                $"Process {process.Id} could not be told to end: {Marshal.GetLastPInvokeErrorMessage()}.",
                "Stop it as the user who started it.");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
