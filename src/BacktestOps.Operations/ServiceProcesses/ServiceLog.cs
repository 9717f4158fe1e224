using System.Globalization;

namespace BacktestOps.Operations.ServiceProcesses;

/// <summary>The file that one service process writes its output to, a new one for each start.</summary>
internal sealed class ServiceLog
{
    private const int TailBytes = 16 * 1024;

    public ServiceLog(string homePath, int port, DateTimeOffset now)
    {
        var folder = System.IO.Path.Combine(homePath, "logs");
        Directory.CreateDirectory(folder);
        Path = System.IO.Path.Combine(
            folder, string.Create(CultureInfo.InvariantCulture, $"service-{port}-{now.UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}.log"));
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The last lines that are not empty, for an error message.</summary>
    /// <param name="lines">How many at most.</param>
    public string Tail(int lines) => Tail(Path, lines);

    /// <summary>The last lines of a log that are not empty, for an error message.</summary>
    /// <param name="path">The log.</param>
    /// <param name="lines">How many at most.</param>
    public static string Tail(string path, int lines)
    {
        if (!File.Exists(path)) return "(nothing was logged)";
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(-Math.Min(file.Length, TailBytes), SeekOrigin.End);
        using var reader = new StreamReader(file);
        var last = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(lines).ToList();
        return last.Count == 0 ? "(nothing was logged)" : string.Join(Environment.NewLine, last);
    }
}
