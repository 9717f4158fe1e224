using System.Diagnostics;
using System.Globalization;

namespace BacktestOps.Operations.ServiceProcesses;

/// <summary>One process, told apart from a later one that gets the same id.</summary>
/// <param name="Id">The process id.</param>
/// <param name="StartMark">When it started, in a form that reads the same in every process of this boot; opaque.</param>
internal sealed record ProcessIdentity(int Id, string StartMark)
{
    /// <summary>The identity of the process that has the id now; null when none has.</summary>
    /// <param name="id">The process id.</param>
    public static ProcessIdentity? Of(int id)
    {
        var mark = OperatingSystem.IsLinux() ? LinuxMark(id) : StartTimeMark(id);
        return mark is null ? null : new ProcessIdentity(id, mark);
    }

    /// <summary>True while this very process lives. A zombie has ended: it only waits for its parent to notice.</summary>
    public bool IsAlive() => Of(Id) == this;

    /// <remarks>
    /// Ticks since boot, not Process.StartTime: that one is counted back from the wall clock and moves when the clock is set.
    /// </remarks>
    private static string? LinuxMark(int id)
    {
        try
        {
            // proc(5): the name, in parentheses, may hold anything; the state is the field after it, the start time the 20th.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}:{fields[19]}";
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string? StartTimeMark(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited ? null : process.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
