using BacktestOps.Contracts;

namespace BacktestOps.Operations.Reports;

/// <summary>The items of the third stage: what the watch answers.</summary>
internal static class WatchItems
{
    public static IReadOnlyList<ReportSection> Of(LedgerView view, WatchFacts watch) =>
    [
        new ReportSection("3.1",
        [
            Watched(watch),
            Process(watch),
            Log(watch, "3.1.404", "404", "download_404"),
            Log(watch, "3.1.backtest", "backtest_error"),
            Log(watch, "3.1.api", "api_error"),
            Log(watch, "3.1.warnings", "warning"),
        ]),
        new ReportSection("3.2",
        [
            Figure(watch, "3.2.cpu", "service CPU", row => row.Cpu, "%"),
            Figure(watch, "3.2.memory", "service memory", row => row.Memory, "%"),
            Figure(watch, "3.2.disk", "disk", row => row.Disk, "%"),
            Figure(watch, "3.2.api", "API response", row => row.Api, "ms"),
            Download(watch),
            Machine(watch),
            Counted(watch, "3.2.requests", "request errors"),
            Counted(watch, "3.2.runs", "run data"),
        ]),
        new ReportSection("3.3", FeedbackItems.Of(view, watch)),
        new ReportSection("3.4", [Record(watch)]),
    ];

    /// <summary>The time that was watched, slot by slot.</summary>
    private static ReportItem Watched(WatchFacts watch)
    {
        var facts = new List<ReportFact>();
        if (watch.First is { } first)
        {
            var last = watch.Samples[^1].Sample;
            // Up to the last sample: what was computed and told after it is no watching.
            var watched = TimeSpan.FromSeconds(watch.Summary?.WatchedSeconds ?? last.ElapsedSeconds);
            facts.Add(new ReportFact(
                new Phrase(watch.Summary is null ? "watch.so-far" : "watch.period", new Moment(first.StartedAt), new Moment(first.StartedAt + watched), watched),
                watch.Summary is null ? watch.Evidence : [watch.SummaryEvidence]));
            facts.Add(new ReportFact(new Phrase("watch.slots", watch.Due, watch.Seen, watch.Due - watch.Seen), watch.Evidence));
            facts.AddRange(watch.Incidents.Select(entry => new ReportFact(new Phrase("watch.incident", new Raw(entry.Incident.Detail)), entry.Evidence)));
        }

        return Item(watch, "3.1.watched", watch.Coverage, facts) with
        {
            Expected = watch.First is { } begun ? TimeSpan.FromSeconds(begun.DurationSeconds) : null,
            Actual = watch.Summary is { } summary ? TimeSpan.FromSeconds(summary.WatchedSeconds) : null,
        };
    }

    private static ReportItem Log(WatchFacts watch, string id, params string[] classes)
    {
        var checks = watch.Checks(classes.Contains);
        if (checks.Count == 0) return Item(watch, id, ChecklistState.Open, []);
        var state = State(watch, checks);
        return Item(watch, id, state,
        [
            .. Against(checks),
            new ReportFact(new Phrase("log.count", watch.Matches(classes), watch.LogLines, watch.OwnRequests, watch.LogRequests), Records(checks)),
        ]);
    }

    private static ReportItem Figure(WatchFacts watch, string id, string name, Func<ReportSample, decimal?> value, string unit)
    {
        var checks = watch.Checks(check => check == name);
        var shown = watch.Rows.Select(value).OfType<decimal>().ToList();
        if (checks.Count == 0 || shown.Count == 0) return Item(watch, id, checks.Count == 0 ? ChecklistState.Open : State(watch, checks), [.. Against(checks)]);
        var limit = checks[^1].Check.Limit;
        // Of what the table shows, so that a reader who adds it up finds the same.
        var mean = Math.Round(shown.Sum() / shown.Count, 1, MidpointRounding.AwayFromZero);
        var facts = new List<ReportFact>(Against(checks))
        {
            new(limit is { } most
                ? new Phrase("figure.limit", mean, unit, shown.Max(), (decimal)most, shown.Count)
                : new Phrase("figure", mean, unit, shown.Max(), shown.Count), Records(checks)),
        };
        return Item(watch, id, State(watch, checks), facts);
    }

    private static ReportItem Machine(WatchFacts watch)
    {
        var checks = watch.Checks(name => name is "machine CPU" or "machine memory");
        if (checks.Count == 0) return Item(watch, "3.2.machine", ChecklistState.Open, []);
        return Item(watch, "3.2.machine", State(watch, checks),
            [.. Against(checks), new ReportFact(new Phrase("machine", checks.Count(entry => entry.Check.Verdict == Verdict.Pass), checks.Count), Records(checks))]);
    }

    private static ReportItem Counted(WatchFacts watch, string id, string name)
    {
        var checks = watch.Checks(check => check == name);
        if (checks.Count == 0) return name == "run data" ? NotAsked(watch, id) : Item(watch, id, ChecklistState.Open, []);
        return Item(watch, id, State(watch, checks),
            [.. Against(checks), new ReportFact(new Phrase("counted", (int)checks.Sum(entry => entry.Check.Value ?? 0), checks.Sum(entry => entry.Check.Samples)), Records(checks))]);
    }

    private static ReportItem Record(WatchFacts watch) => Item(watch, "3.4.record", watch.Coverage,
        watch.Summary is null ? [] : [new ReportFact(new Phrase("watch.slots", watch.Due, watch.Seen, watch.Due - watch.Seen), watch.SummaryEvidence)]);

    private static ReportItem Process(WatchFacts watch)
    {
        var checks = watch.Checks(name => name == "service process");
        return checks.Count == 0
            ? Item(watch, "3.1.process", ChecklistState.Open, [])
            : Item(watch, "3.1.process", State(watch, checks), [.. Against(checks), new ReportFact(new Phrase("process", checks.Count(entry => entry.Check.Verdict == Verdict.Pass), checks.Count), Records(checks))]);
    }

    private static ReportItem Download(WatchFacts watch)
    {
        var checks = watch.Checks(name => name == "download");
        if (checks.Count == 0) return NotAsked(watch, "3.2.download");
        var values = checks.Select(entry => entry.Check.Value).OfType<double>().ToList();
        var facts = new List<ReportFact>(Against(checks));
        if (values.Count > 0)
            facts.Add(new ReportFact(
                new Phrase("longest", Math.Round((decimal)values.Max(), 1, MidpointRounding.AwayFromZero), (decimal)(checks[^1].Check.Limit ?? 0), checks.Sum(entry => entry.Check.Samples)), Records(checks)));
        return Item(watch, "3.2.download", State(watch, checks), facts);
    }

    /// <summary>An item that a watch answers only where the plan asks for it.</summary>
    private static ReportItem NotAsked(WatchFacts watch, string id) => watch.Samples.Count == 0
        ? Item(watch, id, ChecklistState.Open, [])
        : Item(watch, id, ChecklistState.NotApplicable, [new ReportFact(new Phrase("not-asked"))]);

    private static ChecklistState State(WatchFacts watch, IReadOnlyList<(WatchCheck Check, int Evidence)> checks)
    {
        // What the first slots could not tell yet, later ones may: a mean over no time, a log of no line.
        var combined = ChecklistStates.Combine(checks.Select(entry => ChecklistStates.Of(entry.Check.Verdict)));
        return combined == ChecklistState.Done && watch.Summary is null ? ChecklistState.Open : combined;
    }

    private static IEnumerable<ReportFact> Against(IReadOnlyList<(WatchCheck Check, int Evidence)> checks) =>
        from entry in checks
        where entry.Check.Verdict != Verdict.Pass
        group entry by (entry.Check.Name, entry.Check.Verdict, entry.Check.Detail) into same
        select new ReportFact(
            new Phrase($"watch.against.{same.Key.Verdict.ToString().ToLowerInvariant()}", new Raw(same.Key.Name), same.Count(), same.Key.Detail is null ? new Phrase("empty") : new Phrase("because", new Raw(same.Key.Detail))),
            [.. same.Select(entry => entry.Evidence)]);

    private static List<int> Records(IReadOnlyList<(WatchCheck Check, int Evidence)> checks) => [.. checks.Select(entry => entry.Evidence).Distinct().Order()];

    private static ReportItem Item(WatchFacts watch, string id, ChecklistState state, List<ReportFact> facts) => new()
    {
        Id = id,
        Text = new Phrase($"item.{id}"),
        State = state,
        Evidence = facts.SelectMany(fact => fact.Evidence).Distinct().Order().ToList() is { Count: > 0 } named ? named : watch.Evidence,
        Facts = facts.Count > 0 ? facts : [new ReportFact(new Phrase(watch.Samples.Count == 0 ? "no-watch" : watch.Summary is null ? "watch.under-way" : "no-evidence"))],
    };
}

/// <summary>A moment, shown in the report's time zone.</summary>
internal sealed record Moment(DateTimeOffset At);
