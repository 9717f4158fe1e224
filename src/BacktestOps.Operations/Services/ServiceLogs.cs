using System.Globalization;
using BacktestOps.Operations.Deployments;

namespace BacktestOps.Operations.Services;

/// <summary>The logs of a deployed service: one file for each start, and more where one grows too large.</summary>
internal static class ServiceLogs
{
    /// <summary>The log of a start that happens now.</summary>
    public static string NewPath(DeploymentLayout layout, string release, DateTimeOffset now) =>
        Path.Combine(layout.Logs, string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}-{release}.log"));

    /// <summary>Removes the oldest logs.</summary>
    /// <param name="folder">The folder of the logs.</param>
    /// <param name="keep">How many stay.</param>
    public static void Prune(string folder, int keep)
    {
        foreach (var old in Directory.EnumerateFiles(folder, "*.log").OrderByDescending(Path.GetFileName, StringComparer.Ordinal).Skip(Math.Max(keep, 1)))
            File.Delete(old);
    }

    /// <summary>
    /// Rotates a log that grew too large: its content is copied to a file of its own and the log is emptied. The service
    /// appends to the file that it has open and needs not be told; what it writes between copy and emptying is lost.
    /// </summary>
    /// <param name="path">The log.</param>
    /// <param name="limit">How large it may be, in bytes.</param>
    /// <param name="now">Names the copy.</param>
    /// <returns>The copy; null when the log is not too large.</returns>
    public static string? Rotate(string path, long limit, DateTimeOffset now)
    {
        if (!File.Exists(path) || new FileInfo(path).Length <= limit) return null;
        var copy = string.Create(
            CultureInfo.InvariantCulture, $"{path[..^".log".Length]}.until-{now.UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}.log");
        using var log = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        using (var file = new FileStream(copy, FileMode.CreateNew, FileAccess.Write))
        {
            log.CopyTo(file);
            file.Flush(flushToDisk: true);
        }

        log.SetLength(0);
        return copy;
    }
}
