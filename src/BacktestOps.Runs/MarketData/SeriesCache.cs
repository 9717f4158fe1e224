using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData;

/// <summary>What was read from files, kept as long as the file is the same: a line for each, the bars of the last used.</summary>
/// <remarks>
/// A file is the same when path, length and time of writing are, its own and those of the actions beside it. A file written within the last moments is read again:
/// file systems count time coarsely, so two writes in a row can carry the same time.
/// </remarks>
/// <param name="mostBars">How many bars may be held in all; 56 bytes each.</param>
/// <param name="fileClock">The clock that stamps files.</param>
internal sealed class SeriesCache(int mostBars = 2_000_000, TimeProvider? fileClock = null)
{
    private static readonly TimeSpan Coarseness = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _fileClock = fileClock ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _bars;
    private long _tick;

    /// <summary>The series of the file, read by <paramref name="read"/> unless it is held.</summary>
    public MarketSeries Series(FileInfo file, Func<MarketSeries> read)
    {
        var stamp = Stamp.Of(file);
        lock (_lock)
        {
            if (_entries.TryGetValue(file.FullName, out var held) && held.Stamp == stamp && held.Series is { } series)
            {
                held.LastUsed = ++_tick;
                return series;
            }
        }

        var fresh = read();
        Keep(file.FullName, stamp, fresh);
        return fresh;
    }

    /// <summary>The catalog's line of the file, made by <paramref name="describe"/> unless it is held.</summary>
    public SymbolInfo Line(FileInfo file, Func<SymbolInfo> describe)
    {
        var stamp = Stamp.Of(file);
        lock (_lock)
        {
            if (_entries.TryGetValue(file.FullName, out var held) && held.Stamp == stamp)
                return held.Line;
        }

        // What can be read was kept by describing it. What can't is looked at again: a right may be given without a trace in the stamp.
        return describe();
    }

    private void Keep(string path, Stamp stamp, MarketSeries series)
    {
        if ((_fileClock.GetUtcNow().UtcDateTime - stamp.Written).Duration() < Coarseness)
            return;
        lock (_lock)
        {
            if (_entries.TryGetValue(path, out var old))
                _bars -= old.Series?.Bars.Count ?? 0;
            _entries[path] = new Entry(stamp, series.Describe()) { Series = series, LastUsed = ++_tick };
            _bars += series.Bars.Count;
            while (_bars > mostBars && _entries.Values.Where(entry => entry.Series is not null).MinBy(entry => entry.LastUsed) is { } oldest)
            {
                _bars -= oldest.Series!.Bars.Count;
                oldest.Series = null;
            }
        }
    }

    private readonly record struct Stamp(DateTime Written, long Length, long ActionsLength)
    {
        public static Stamp Of(FileInfo file)
        {
            var actions = new FileInfo(ActionsFile.PathFor(file.FullName));
            if (!actions.Exists) return new(file.LastWriteTimeUtc, file.Length, -1);
            // The later of both: whichever was written, the stamp is another.
            var written = file.LastWriteTimeUtc > actions.LastWriteTimeUtc ? file.LastWriteTimeUtc : actions.LastWriteTimeUtc;
            return new(written, file.Length, actions.Length);
        }
    }

    private sealed class Entry(Stamp stamp, SymbolInfo line)
    {
        public Stamp Stamp { get; } = stamp;
        public SymbolInfo Line { get; } = line;
        public MarketSeries? Series { get; set; }
        public long LastUsed { get; set; }
    }
}
