using System.Globalization;
using System.Text;
using BacktestOps.Operations.ServiceProcesses;

namespace BacktestOps.Operations.Processes;

/// <summary>A process, as the kernel lists it; proc(5).</summary>
/// <param name="Identity">The process, told apart from a later one with its id.</param>
/// <param name="Parent">The id of its parent; 1 when it was re-parented.</param>
/// <param name="Session">The id of the session's leader.</param>
internal sealed record ProcessEntry(ProcessIdentity Identity, int Parent, int Session);

/// <summary>The processes of this machine that carry a mark in their environment, or belong to a session.</summary>
internal static class ProcessTable
{
    /// <summary>Every living process that this user may see. Empty where there is no /proc.</summary>
    public static IEnumerable<ProcessEntry> All()
    {
        if (!OperatingSystem.IsLinux()) yield break;
        var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Entry(id, boot) is { } entry)
                yield return entry;
        }
    }

    /// <summary>The value of a variable in the environment that a process was started with; null when it is not there or not to be seen.</summary>
    public static string? Variable(int id, string name)
    {
        byte[] environment;
        try
        {
            environment = File.ReadAllBytes($"/proc/{id}/environ");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        var wanted = Encoding.UTF8.GetBytes(name + "=");
        foreach (var range in environment.AsSpan().Split((byte)0))
        {
            var entry = environment.AsSpan(range);
            if (entry.StartsWith(wanted)) return Encoding.UTF8.GetString(entry[wanted.Length..]);
        }

        return null;
    }

    /// <summary>The folder that a process works in, without links; null when it is not to be seen.</summary>
    public static string? WorkingFolder(int id)
    {
        try
        {
            return new FileInfo($"/proc/{id}/cwd").LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The processes that have a file open.</summary>
    /// <param name="path">The file, without links.</param>
    public static IReadOnlyList<int> WithOpenFile(string path) =>
        [.. All().Where(entry => HasOpen(entry.Identity.Id, path)).Select(entry => entry.Identity.Id)];

    private static bool HasOpen(int id, string path)
    {
        try
        {
            return new DirectoryInfo($"/proc/{id}/fd").EnumerateFileSystemInfos().Any(file => file.LinkTarget == path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static ProcessEntry? Entry(int id, string boot)
    {
        try
        {
            // The name, in parentheses, may hold anything; after it state, parent, group, session, and the start time as the 20th.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if (fields[0] is "Z" or "X") return null;
            return new ProcessEntry(
                new ProcessIdentity(id, $"{boot}:{fields[19]}"),
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                int.Parse(fields[3], CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
