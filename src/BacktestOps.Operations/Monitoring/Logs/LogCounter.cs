using System.Globalization;
using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Monitoring.Logs;

/// <summary>Counts lines by class, and out of how many.</summary>
/// <param name="plan">The classes.</param>
/// <param name="redactor">Takes secrets out of the lines that are kept.</param>
internal sealed class LogCounter(LogPlan plan, Redactor redactor)
{
    private const int LongestKept = 300;
    private const int MostRuns = 100;

    private readonly Regex _request = LogPatterns.Compile(plan.Request);
    private readonly Regex _run = LogPatterns.Compile(LogPatterns.DownloadedRun);
    private readonly Dictionary<string, int> _runs = new(StringComparer.Ordinal);
    private readonly Regex _ignored = LogPatterns.Compile(plan.Ignore);
    private readonly List<Class> _classes = [.. plan.Classes.Select(known => new Class(known.Key, LogPatterns.Compile(known.Value)))];
    private int _lines;
    private int _requests;

    /// <summary>How many lines are of any class but warnings, each counted once.</summary>
    public int ErrorLines { get; private set; }

    /// <summary>Looks at a line.</summary>
    public void Add(string line)
    {
        _lines++;
        _requests += Requests(line);
        if (_ignored.IsMatch(line)) return;
        var isError = false;
        foreach (var known in _classes.Where(known => known.Pattern.IsMatch(line)))
        {
            known.Matches++;
            known.First ??= Shortened(redactor.Redact(line));
            isError |= known.Name != LogPatterns.Warning;
            if (known.Name == LogPatterns.DownloadNotFound) AddRun(line);
        }

        if (isError) ErrorLines++;
    }

    /// <summary>Cut off only when it is clean: half a secret would not be known for one.</summary>
    private static string Shortened(string line) => line.Length > LongestKept ? line[..LongestKept] + " …" : line;

    /// <summary>
    /// The runs that downloads answered with 404 asked for since the last call, and how often; the empty name for lines that name
    /// none. Of more than a hundred, the first hundred: who makes up ids must not make work without end.
    /// </summary>
    public IReadOnlyDictionary<string, int> TakeRuns()
    {
        var runs = new Dictionary<string, int>(_runs, StringComparer.Ordinal);
        _runs.Clear();
        return runs;
    }

    /// <summary>What was counted since the last call.</summary>
    public IReadOnlyList<LogCount> Take()
    {
        var counts = _classes.ConvertAll(known => new LogCount(known.Name, known.Matches, _lines, _requests, known.First));
        foreach (var known in _classes) (known.Matches, known.First) = (0, null);
        (_lines, _requests, ErrorLines) = (0, 0, 0);
        return counts;
    }

    private void AddRun(string line)
    {
        var run = _run.Match(line).Groups[LogPatterns.Run].Value;
        if (_runs.Count < MostRuns || _runs.ContainsKey(run)) _runs[run] = _runs.GetValueOrDefault(run) + 1;
    }

    /// <summary>How many requests a line tells of: as many as it says, one where it only looks like one.</summary>
    private int Requests(string line)
    {
        var match = _request.Match(line);
        if (!match.Success) return 0;
        for (; match.Success; match = match.NextMatch())
        {
            if (int.TryParse(match.Groups[LogPatterns.Count].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return count;
        }

        return 1;
    }

    private sealed class Class(string name, Regex pattern)
    {
        public string Name { get; } = name;

        public Regex Pattern { get; } = pattern;

        public int Matches { get; set; }

        public string? First { get; set; }
    }
}
