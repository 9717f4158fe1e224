using System.Globalization;

namespace BacktestOps.Operations.Reports;

/// <summary>A table of the report.</summary>
internal sealed record ReportTable(string Title, IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows, bool HasTotal = false);

/// <summary>The tables of a report, and the lines of its record.</summary>
internal sealed class ReportTables(ReportModel report, ReportText text)
{
    private const string None = "–";

    /// <summary>One row a slot of the watch: every figure of the section above it is computed of these.</summary>
    public ReportTable Samples() => new(
        text["samples.title"],
        [text["samples.time"], text["samples.cpu"], text["samples.memory"], text["samples.resident"], text["samples.disk"], text["samples.api"], text["samples.errors"], text["samples.record"]],
        [.. report.Watch.Rows.Select(row => (IReadOnlyList<string>)(row.IsMissed
            ? [text.TimeOf(row.At), text["samples.missed"], "", "", "", "", "", Number(row.Evidence)]
            : [text.TimeOf(row.At), Figure(row.Cpu, "%"), Figure(row.Memory, "%"), Figure(row.MemoryMegabytes, "MB"), Figure(row.Disk, "%"), Figure(row.Api, "ms"),
                row.Errors is { } errors ? text.Say(new Phrase("count", errors), TextForm.Plain) : None, Number(row.Evidence)]))]);

    public ReportTable Endpoints() => new(
        text["endpoints.title"],
        [text["endpoints.path"], text["endpoints.requests"], text["endpoints.p50"], text["endpoints.p95"], text["endpoints.longest"], text["endpoints.failed"]],
        [.. report.Watch.Endpoints().Select(endpoint => (IReadOnlyList<string>)[
            TextForm.Markdown.Code(endpoint.Path), Number(endpoint.Requests), Milliseconds(endpoint.Times, 0.5), Milliseconds(endpoint.Times, 0.95), Milliseconds(endpoint.Times, 1), Number(endpoint.Errors)])]);

    public ReportTable Times()
    {
        var rows = report.Times.Select(time => (IReadOnlyList<string>)[
            text[$"times.{time.Key}"], Time(time.Expected), Time(time.Actual), StateOf(time)]).ToList();
        var (expected, actual) = (Sum(report.Times.Select(time => time.Expected)), Sum(report.Times.Select(time => time.Actual)));
        rows.Add([text["times.total"], Time(expected), Time(actual), ""]);
        return new ReportTable(text["times.title"], [text["times.item"], text["times.expected"], text["times.actual"], text["times.state"]], rows, HasTotal: true);
    }

    /// <summary>The record lines of the watch, their times in the report's zone.</summary>
    public IReadOnlyList<string> RecordLines()
    {
        var lines = new List<string>();
        foreach (var (sample, _) in report.Watch.Samples.Where(entry => entry.Sample.Record is not null))
        {
            var (line, at) = (sample.Record!, text.Local(sample.DueAt).ToString("HH:mm", CultureInfo.InvariantCulture));
            var body = line.IndexOf(']', StringComparison.Ordinal) is > 0 and var end ? line[(end + 1)..].TrimEnd('건') : " " + line;
            lines.Add($"[{at}]{body}{(text.IsKorean && char.IsAsciiDigit(body[^1]) ? "건" : "")}");
        }

        return lines;
    }

    private string StateOf(ReportTime time) => (time.Expected, time.Actual) switch
    {
        (_, null) => $"◻️ {text["times.open"]}",
        (null, _) => text["times.first"],
        // Of a watch its length is what was asked for; of anything else, that it is over in time. What a second of work or of
        // measuring takes is no shortfall.
        ({ } expected, { } actual) when time.Key == "watch" => ReportText.Rounded(actual) >= ReportText.Rounded(expected) ? $"✅ {text["times.met"]}" : $"⚠️ {text["times.short"]}",
        ({ } expected, { } actual) => ReportText.Rounded(actual) <= ReportText.Rounded(expected) ? $"✅ {text["times.met"]}" : $"⚠️ {text["times.late"]}",
    };

    /// <summary>The sum of what is shown; null where one is not known.</summary>
    private static TimeSpan? Sum(IEnumerable<TimeSpan?> times)
    {
        var all = times.ToList();
        return all.Contains(null) ? null : all.Aggregate(TimeSpan.Zero, (sum, time) => sum + ReportText.Rounded(time!.Value));
    }

    private string Time(TimeSpan? time) => time is { } known ? text.Duration(known) : None;

    private static string Figure(decimal? value, string unit) => value is { } seen ? string.Create(CultureInfo.InvariantCulture, $"{seen:0.0}{unit}") : None;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(IReadOnlyList<double> ordered, double share) =>
        ordered.Count == 0 ? None : string.Create(CultureInfo.InvariantCulture, $"{ordered[Math.Max(0, (int)Math.Ceiling(share * ordered.Count) - 1)]:0.0} ms");
}
