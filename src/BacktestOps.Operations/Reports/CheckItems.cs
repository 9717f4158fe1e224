using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;

namespace BacktestOps.Operations.Reports;

/// <summary>An item that checks of the deployment answer.</summary>
/// <param name="Id">Its id; the text has the same key.</param>
/// <param name="Kind">The kind of the records.</param>
/// <param name="Names">The checks' names; a star stands for the rest.</param>
/// <param name="Scope">What the plan must ask for; null for always.</param>
/// <param name="Lists">True to show each check as an item of its own.</param>
/// <param name="Step">The step of the deployment whose time it takes; null for the time of its checks.</param>
internal sealed record CheckItem(string Id, string Kind, string[] Names, string? Scope = null, bool Lists = false, string? Step = null)
{
    private const int MostShown = 6;

    public ReportItem Of(LedgerView view)
    {
        var records = view.During(Kind, Names);
        var text = new Phrase($"item.{Id}");
        if (records.Count == 0)
        {
            var applies = Scope is null || view.Data.Scope.Contains(Scope);
            return new ReportItem
            {
                Id = Id,
                Text = text,
                State = applies ? ChecklistState.Open : ChecklistState.NotApplicable,
                Facts = [new ReportFact(new Phrase(applies ? "no-evidence" : "not-asked"))],
            };
        }

        var step = view.Data.Steps.LastOrDefault(step => step.Name == Step);
        var seconds = Step is null ? Seconds(records) : step?.Seconds;
        var expected = Step is null ? view.Before is { } before ? Seconds(before.During(Kind, Names)) : null : step?.ExpectedSeconds;
        var passed = records.Where(record => record.Verdict == Verdict.Pass).ToList();
        var others = records.Where(record => record.Verdict != Verdict.Pass).ToList();
        return new ReportItem
        {
            Id = Id,
            Text = text,
            State = ChecklistStates.Combine(records.Select(record => ChecklistStates.Of(record.Verdict))),
            Evidence = [.. records.Select(record => record.Sequence)],
            Actual = seconds is { } took ? TimeSpan.FromSeconds(took) : null,
            Expected = expected is { } last ? TimeSpan.FromSeconds(last) : null,
            Facts = [.. others.Select(Against), .. !Lists && passed.Count > 0 && others.Count == 0 ? Seen(passed) : []],
            Items = Lists ? [.. records.Select(record => Single(record))] : [],
        };
    }

    /// <summary>The time of checks: those of one answer share its window. Null where none has a time.</summary>
    private static double? Seconds(IReadOnlyList<EvidenceRecord> records)
    {
        var seconds = records.Where(record => record.WindowSeconds > 0).DistinctBy(record => record.WindowSeconds).Sum(record => record.WindowSeconds);
        return seconds > 0 ? seconds : null;
    }

    /// <summary>What a record that is no pass says.</summary>
    public static ReportFact Against(EvidenceRecord record) => new(
        new Phrase(
            $"against.{record.Verdict.ToString().ToLowerInvariant()}", new Raw(LedgerView.NameOf(record)), new Raw(record.Observed ?? "-"), new Raw(record.Expected),
            record.Detail is null ? new Phrase("empty") : new Phrase("because", new Raw(record.Detail))),
        record.Sequence);

    private ReportItem Single(EvidenceRecord record) => new()
    {
        Id = $"{Id}.{record.Sequence}",
        State = ChecklistStates.Of(record.Verdict),
        Text = new Phrase("check", new Raw(Kind == "files" ? record.Subject[(record.Subject.IndexOf(" of ", StringComparison.Ordinal) + 4)..] : Short(record)), new Raw(record.Observed ?? "-")),
        Evidence = [record.Sequence],
    };

    /// <summary>A check's name without the stage of the journey that its heading names already.</summary>
    private static string Short(EvidenceRecord record)
    {
        var name = LedgerView.NameOf(record);
        return name.IndexOf(": ", StringComparison.Ordinal) is > 0 and var at ? name[(at + 2)..] : name;
    }

    private static IEnumerable<ReportFact> Seen(List<EvidenceRecord> passed)
    {
        foreach (var record in passed.Take(MostShown))
            yield return new ReportFact(new Phrase("seen", new Raw(LedgerView.NameOf(record)), new Raw(record.Observed ?? record.Expected)), record.Sequence);
        if (passed.Count > MostShown)
            yield return new ReportFact(new Phrase("and-more", passed.Count - MostShown), [.. passed.Skip(MostShown).Select(record => record.Sequence)]);
    }
}

/// <summary>A text as it was recorded, in no language of the report; shown as code.</summary>
internal sealed record Raw(string Text);

/// <summary>The items of the first two stages: what the deployment itself answers.</summary>
internal static class CheckItems
{
    public static IReadOnlyList<(string Section, CheckItem[] Items)> Deployment { get; } =
    [
        ("1.1",
        [
            new("1.1.server", "preflight", ["root", "port", "open deployment", "lock", "previous release's*"], Step: "preflight"),
            new("1.1.versions", "preflight", ["version to deploy", "version to go back to"]),
            new("1.1.backup", "backup", ["backup"], DeploymentScope.Database, Step: "backup"),
            new("1.1.way-back", "preflight", ["version to go back to", "database"]),
            new("1.1.environment", "preflight", ["environment variable", "secret", "secrets file", "tool", "disk space"]),
        ]),
        ("1.2",
        [
            new("1.2.method", "preflight", ["version to deploy"], Step: "fetch"),
            new("1.2.files", "files", ["file"], Lists: true, Step: "files"),
        ]),
        ("1.3", [new("1.3.restart", "health", ["process"])]),
        ("1.4",
        [
            new("1.4.files", "files", ["release"]),
            new("1.4.service", "health", ["*"]),
        ]),
    ];

    public static IReadOnlyList<(string Section, CheckItem[] Items)> Smoke { get; } =
    [
        ("2.1",
        [
            new("2.1.endpoint", "smoke", ["health: HTTP status", "health: response time"], DeploymentScope.Smoke),
            new("2.1.answer", "smoke", ["health: status", "health: version", "health: services*"], DeploymentScope.Smoke, Lists: true),
        ]),
        ("2.2",
        [
            new("2.2.page", "smoke", ["page: load"], DeploymentScope.Page),
            new("2.2.pick", "smoke", ["page: pick"], DeploymentScope.Page),
            new("2.2.start", "smoke", ["start: HTTP status", "start: backtest_id", "page: start"], DeploymentScope.Smoke),
            new("2.2.progress", "smoke", ["progress: answer", "progress: never falls", "progress: 100 is completed", "page: progress", "page: bar never falls"], DeploymentScope.Smoke),
            new("2.2.completed", "smoke", ["progress: completes"], DeploymentScope.Smoke),
        ]),
        ("2.3",
        [
            new("2.3.click", "smoke", ["page: download"], DeploymentScope.Page),
            new("2.3.no-404", "smoke", ["page: requests", "result: HTTP status"], DeploymentScope.Smoke),
            new("2.3.file-name", "smoke", ["result: file name", "page: file name"], DeploymentScope.Smoke),
            new("2.3.json", "smoke", ["result: JSON", "result: length", "page file: JSON", "page: file length"], DeploymentScope.Smoke),
            new("2.3.fields", "smoke",
                ["result: backtest_id", "result: status", "result: performance*", "result: results_file", "result: completed_at"], DeploymentScope.Smoke, Lists: true),
        ]),
        ("2.4",
        [
            new("2.4.status", "smoke", ["result: HTTP status", "result: second download"], DeploymentScope.Smoke),
            new("2.4.type", "smoke", ["result: content type"], DeploymentScope.Smoke),
            new("2.4.time", "smoke", ["result: response time", "page: download time"], DeploymentScope.Smoke),
            new("2.4.unknown", "smoke", ["unknown id: progress", "unknown id: result"], DeploymentScope.Smoke),
            new("2.4.console", "smoke", ["page: console"], DeploymentScope.Page),
        ]),
    ];
}
