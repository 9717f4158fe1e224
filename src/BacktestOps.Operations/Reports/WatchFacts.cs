using BacktestOps.Contracts;

namespace BacktestOps.Operations.Reports;

/// <summary>The last watch of a deployment, as its samples and its end tell it.</summary>
internal sealed class WatchFacts
{
    private const decimal Mebibyte = 1 << 20;

    private readonly List<(WatchSample Sample, int Evidence)> _seen;

    public WatchFacts(LedgerView view)
    {
        var all = view.Samples();
        var watch = all.Count == 0 ? null : all[^1].Sample.Watch;
        // Of a slot that was written twice the last counts, except that a missed one stays missed.
        Samples = [.. all.Where(entry => entry.Sample.Watch == watch).GroupBy(entry => entry.Sample.Slot)
            .Select(slot => slot.FirstOrDefault(entry => entry.Sample.IsMissed) is { Sample: not null } missed ? missed : slot.Last()).OrderBy(entry => entry.Sample.Slot)];
        _seen = [.. Samples.Where(entry => !entry.Sample.IsMissed)];
        if (view.WatchEnds().LastOrDefault(entry => entry.Summary.Watch == watch) is { Summary: { } summary } end) (Summary, SummaryEvidence) = (summary, end.Evidence);
        Rows = [.. Samples.Select(Row)];
    }

    public IReadOnlyList<(WatchSample Sample, int Evidence)> Samples { get; }

    public WatchSummary? Summary { get; }

    public int SummaryEvidence { get; }

    public IReadOnlyList<ReportSample> Rows { get; }

    public WatchSample? First => Samples.Count == 0 ? null : Samples[0].Sample;

    public IReadOnlyList<int> Evidence => [.. Samples.Select(entry => entry.Evidence)];

    public int Due => First?.Slots ?? 0;

    public int Seen => _seen.Count;

    public int Missed => Summary?.Missed ?? Samples.Count - _seen.Count;

    /// <summary>Whether all of the time was watched. What was seen then is what other items are about.</summary>
    public ChecklistState Coverage => (Samples.Count, Summary) switch
    {
        (0, _) or (_, null) => ChecklistState.Open,
        (_, { Missed: > 0 }) => ChecklistState.Missed,
        _ => Seen < Due ? ChecklistState.Missed : ChecklistState.Done,
    };

    /// <summary>The checks of one name in the slots that were seen.</summary>
    public IReadOnlyList<(WatchCheck Check, int Evidence)> Checks(Func<string, bool> name) =>
        [.. _seen.SelectMany(entry => entry.Sample.Checks.Where(check => name(check.Name)).Select(check => (check, entry.Evidence)))];

    public int LogLines => _seen.Sum(entry => entry.Sample.Logs.Select(count => count.Lines).DefaultIfEmpty().Max());

    /// <summary>The requests that the logs tell of; every class counts the same.</summary>
    public int LogRequests => _seen.Sum(entry => entry.Sample.Logs.Select(count => count.Requests).DefaultIfEmpty().Max());

    public int OwnRequests => _seen.Sum(entry => entry.Sample.Endpoints.Sum(endpoint => endpoint.Requests));

    /// <summary>How many lines are of one of the classes; a line may be of several, so the class with most of them counts.</summary>
    public int Matches(params string[] classes) =>
        _seen.Sum(entry => entry.Sample.Logs.Where(count => classes.Contains(count.Class)).Select(count => count.Matches - count.Unknown).DefaultIfEmpty().Max());

    public IEnumerable<(WatchIncident Incident, int Evidence)> Incidents => _seen.SelectMany(entry => entry.Sample.Incidents.Select(incident => (incident, entry.Evidence)));

    /// <summary>Each endpoint over all slots: how many requests and errors, and the times of all answers.</summary>
    public IEnumerable<(string Name, string Path, int Requests, int Errors, IReadOnlyList<double> Times)> Endpoints() =>
        from endpoint in _seen.SelectMany(entry => entry.Sample.Endpoints)
        group endpoint by (endpoint.Name, endpoint.Path) into same
        select (same.Key.Name, same.Key.Path, same.Sum(one => one.Requests), same.Sum(one => one.Errors), (IReadOnlyList<double>)[.. same.SelectMany(one => one.Milliseconds).Order()]);

    private static ReportSample Row((WatchSample Sample, int Evidence) entry)
    {
        var (sample, use) = (entry.Sample, entry.Sample.Resources);
        var api = sample.Checks.FirstOrDefault(check => check.Name == "API response");
        return new ReportSample(
            sample.IsMissed ? sample.DueAt : sample.At, sample.IsMissed, Tenth(use?.CpuPercent), Tenth(use?.MemoryPercent), use?.MemoryBytes is { } bytes ? Tenth((double)(bytes / Mebibyte)) : null,
            Tenth(use?.DiskPercent), Tenth(api?.Value), sample.IsMissed ? null : sample.Checks.Where(check => check.Unit == "count" && IsError(check.Name)).Sum(check => (int)(check.Value ?? 0)), entry.Evidence);
    }

    /// <summary>Counts that are errors: of requests and of log lines. A process count or a message is none.</summary>
    private static bool IsError(string name) => name is "request errors" or "404" or "backtest_error" or "api_error";

    private static decimal? Tenth(double? value) => value is { } seen && double.IsFinite(seen) ? Math.Round((decimal)seen, 1, MidpointRounding.AwayFromZero) : null;
}
