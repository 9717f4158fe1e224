using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Files;
using BacktestOps.Operations.Services;

namespace BacktestOps.Operations.Monitoring.Logs;

/// <summary>
/// Follows log files by what they are, not by what they are called: across a rename, a copy that empties the file, a new file
/// for each start, and a watch that was interrupted. No line is counted twice, and where lines may be lost it is said.
/// </summary>
internal sealed class LogFollower : IDisposable
{
    // The copies that ServiceLogs.Rotate makes; their lines were read where they were written.
    private const string Copy = ".until-";

    private readonly IReadOnlyList<string> _patterns;
    private readonly Dictionary<FileIdentity, LogTail> _tails = [];
    private readonly List<WatchIncident> _incidents = [];
    private bool _hasBegun;

    /// <summary>Names the files.</summary>
    /// <param name="patterns">Paths whose file name may have <c>*</c> in it.</param>
    public LogFollower(IReadOnlyList<string> patterns) => _patterns = patterns;

    /// <summary>How far each file was read.</summary>
    public IReadOnlyList<LogPosition> Positions =>
        [.. _tails.Values.OrderBy(tail => tail.Path, StringComparer.Ordinal).Select(tail => new LogPosition(tail.Path, tail.Identity.Device, tail.Identity.Inode, tail.Offset))];

    /// <summary>Begins: files that are there are followed from their end.</summary>
    /// <param name="whole">A file that is read from its begin; null for none.</param>
    public void Begin(string? whole)
    {
        foreach (var path in Files()) Add(path, path == whole ? 0 : null);
        _hasBegun = true;
    }

    /// <summary>Goes on where a watch that was interrupted had come to.</summary>
    public void Resume(IReadOnlyList<LogPosition> positions)
    {
        foreach (var position in positions)
        {
            var wanted = new FileIdentity(position.Device, position.Inode);
            var folder = Path.GetDirectoryName(position.Path)!;
            var now = Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Prepend(position.Path).FirstOrDefault(path => FileIdentity.Of(path) == wanted) : null;
            if (now is null || !Add(now, position.Offset)) Lost(position.Path, "was removed while nobody watched");
            else if (now != position.Path) _incidents.Add(new WatchIncident(WatchIncidentKind.LogRotated, $"'{position.Path}' is called '{Path.GetFileName(now)}' now"));
        }

        _hasBegun = true;
    }

    /// <summary>Reads what was added to all files.</summary>
    /// <param name="line">Gets each whole line.</param>
    /// <returns>What happened to the files.</returns>
    public IReadOnlyList<WatchIncident> Read(Action<string> line)
    {
        if (!_hasBegun) throw new InvalidOperationException("It has not begun.");
        foreach (var tail in _tails.Values.ToList())
        {
            if (tail.WasEmptied()) AfterEmptying(tail, line);
            tail.Read(line);
            if (FileIdentity.Of(tail.Path) != tail.Identity) AfterRename(tail, line);
        }

        foreach (var path in Files().Where(path => FileIdentity.Of(path) is { } identity && !_tails.ContainsKey(identity)))
        {
            if (!Add(path, 0)) Lost(path, "can't be read");
            else _tails[FileIdentity.Of(path)!].Read(line);
        }

        var happened = _incidents.ToList();
        _incidents.Clear();
        return happened;
    }

    /// <summary>Rotates a file that grew too large, and reads on in its copy what was written meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">How large it may be, in bytes.</param>
    /// <param name="now">Names the copy.</param>
    /// <param name="line">Gets each whole line.</param>
    public void Rotate(string path, long limit, DateTimeOffset now, Action<string> line)
    {
        var tail = _tails.Values.FirstOrDefault(tail => tail.Path == path);
        tail?.Read(line);
        if (ServiceLogs.Rotate(path, limit, now) is not { } copy || tail is null) return;
        ReadCopy(tail, copy, line);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tail in _tails.Values) tail.Dispose();
    }

    private void AfterEmptying(LogTail tail, Action<string> line)
    {
        // Copied before it was emptied: by this service's own rotation, or by logrotate's copytruncate.
        var (folder, stem) = (Path.GetDirectoryName(tail.Path)!, Path.GetFileNameWithoutExtension(tail.Path));
        var copies = Directory.EnumerateFiles(folder, stem + Copy + "*").OrderDescending(StringComparer.Ordinal).Append(tail.Path + ".1");
        foreach (var path in copies.Where(File.Exists))
        {
            using var copy = LogTail.Open(path, 0);
            if (copy is null || !tail.IsCopiedIn(copy)) continue;
            ReadCopy(tail, path, line);
            return;
        }

        _incidents.Add(new WatchIncident(
            WatchIncidentKind.LogTruncated,
            string.Create(CultureInfo.InvariantCulture, $"'{tail.Path}' was emptied after {tail.Offset} bytes had been read of it; lines that were written after them are lost")));
        tail.Restart();
    }

    private void ReadCopy(LogTail tail, string path, Action<string> line)
    {
        using (var copy = LogTail.Open(path, tail.Offset)) copy?.Read(line, isLast: true);
        tail.Restart();
        _incidents.Add(new WatchIncident(WatchIncidentKind.LogRotated, $"'{tail.Path}' was copied to '{Path.GetFileName(path)}' and emptied; both were read"));
    }

    private void AfterRename(LogTail tail, Action<string> line)
    {
        var folder = Path.GetDirectoryName(tail.Path)!;
        var name = Directory.Exists(folder) ? Directory.EnumerateFiles(folder).FirstOrDefault(path => FileIdentity.Of(path) == tail.Identity) : null;
        var isReplaced = File.Exists(tail.Path);
        if (name is null && !isReplaced && tail.IsGone) return;
        var what = name is null ? "was removed" : $"is called '{Path.GetFileName(name)}' now";
        _incidents.Add(new WatchIncident(WatchIncidentKind.LogRotated, $"'{tail.Path}' {what}; it is read to its end"));
        // Its writer may have it open still, until it makes a new one.
        tail.IsGone = name is null;
        if (name is null && !isReplaced) return;
        if (name is not null && Files().Contains(name))
        {
            tail.Path = name;
            return;
        }

        tail.Read(line, isLast: true);
        _tails.Remove(tail.Identity);
        tail.Dispose();
    }

    private bool Add(string path, long? offset)
    {
        if (LogTail.Open(path, offset) is not { } tail) return false;
        if (_tails.TryAdd(tail.Identity, tail)) return true;
        tail.Dispose();
        return true;
    }

    private void Lost(string path, string why) => _incidents.Add(new WatchIncident(WatchIncidentKind.LogLost, $"'{path}' {why}; its lines are not counted"));

    private IEnumerable<string> Files() => _patterns
        .Where(pattern => Directory.Exists(Path.GetDirectoryName(pattern)))
        .SelectMany(pattern => Directory.EnumerateFiles(Path.GetDirectoryName(pattern)!, Path.GetFileName(pattern)))
        .Where(path => !Path.GetFileName(path).Contains(Copy, StringComparison.Ordinal))
        .Distinct()
        .Order(StringComparer.Ordinal);
}
