using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;

namespace BacktestOps.Operations.Reports;

/// <summary>Computes a report from the records of a ledger, and from nothing else.</summary>
internal static class ReportBuilder
{
    /// <summary>Computes it.</summary>
    /// <param name="records">The ledger's records.</param>
    /// <param name="head">The ledger's head.</param>
    /// <param name="deployment">The deployment; it has ended.</param>
    public static ReportModel Build(IReadOnlyList<EvidenceRecord> records, LedgerHead head, int deployment)
    {
        var view = new LedgerView(records, deployment);
        var watch = new WatchFacts(view);
        var times = Times(view, watch);
        IReadOnlyList<ReportStage> stages =
        [
            new(1, times[0].Expected, times[0].Actual, [.. CheckItems.Deployment.Select(section => Section(view, section))]),
            new(2, times[1].Expected, times[1].Actual, [.. CheckItems.Smoke.Select(section => Section(view, section))]),
            new(3, times[2].Expected, times[2].Actual, WatchItems.Of(view, watch)),
            new(4, null, null, WeekItems.Of(view)),
        ];
        var back = view.RolledBackBy();
        return new ReportModel
        {
            Deployment = deployment,
            Data = view.Data,
            EndedAt = view.EndedAt,
            End = view.End.Sequence,
            Head = head,
            AsOf = view.AsOf,
            RolledBackBy = back,
            Stages = stages,
            Acceptance = AcceptanceItems.Of(view, watch, stages),
            Times = times,
            Watch = watch,
            Criteria = view.Criteria(),
            Approvals = [.. view.Approvals().Select(entry => new ReportApproval(entry.Approval, entry.Record.At, entry.Record.Sequence))],
            State = State(view.Data, back is not null, stages),
        };
    }

    private static ReportState State(DeploymentData data, bool wentBack, IReadOnlyList<ReportStage> stages)
    {
        if (wentBack || data.Outcome == DeploymentOutcome.RolledBack) return ReportState.RolledBack;
        if (data.Outcome != DeploymentOutcome.Succeeded) return ReportState.Failed;
        return ChecklistStates.Combine(stages.Select(stage => stage.State)) switch
        {
            ChecklistState.Done => ReportState.Complete,
            ChecklistState.Scheduled => ReportState.FollowUpsOutstanding,
            ChecklistState.Failed => ReportState.Failed,
            _ => ReportState.Incomplete,
        };
    }

    private static ReportSection Section(LedgerView view, (string Section, CheckItem[] Items) section)
    {
        IEnumerable<ReportItem> items = section.Items.Select(item => item.Of(view));
        return new ReportSection(section.Section, section.Section switch
        {
            "1.3" => [.. items.Select(item => Restart(view, item))],
            "1.4" => [Duration(view), .. items],
            _ => [.. items],
        });
    }

    /// <summary>The restart with its steps: how long each took, and how long nobody answered.</summary>
    private static ReportItem Restart(LedgerView view, ReportItem item)
    {
        var steps = view.Data.Steps.Where(step => step.Name is "stop" or "switch" or "start" or "health" && step.Succeeded).ToList();
        var facts = steps.Select(step => new ReportFact(
            new Phrase("step", new Raw(step.Name), TimeSpan.FromSeconds(step.Seconds ?? 0), new Raw(step.Detail ?? "-")), view.End.Sequence));
        if (view.Data.GapSeconds is { } gap) facts = facts.Append(new ReportFact(new Phrase("gap", TimeSpan.FromSeconds(gap)), view.End.Sequence));
        return item with
        {
            Facts = [.. item.Facts, .. facts],
            Actual = Sum(steps.Select(step => step.Seconds)),
            Expected = Sum(steps.Select(step => step.ExpectedSeconds)),
        };
    }

    private static ReportItem Duration(LedgerView view)
    {
        var span = DeploySpan(view);
        return new ReportItem
        {
            Id = "1.4.time",
            Text = new Phrase("item.1.4.time"),
            State = ChecklistStates.Of(view.End.Verdict),
            Evidence = [view.End.Sequence],
            Facts = [new ReportFact(new Phrase("from-to", new Moment(span.From), new Moment(span.To), span.To - span.From), view.End.Sequence)],
            Actual = span.To - span.From,
        };
    }

    /// <summary>The deployment itself: up to its smoke test, where it came so far and was not taken back.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) DeploySpan(LedgerView view)
    {
        var smoke = view.Data.Outcome == DeploymentOutcome.Succeeded ? view.Data.Steps.LastOrDefault(step => step.Name == "smoke") : null;
        return (view.Data.StartedAt, smoke?.StartedAt ?? view.EndedAt);
    }

    private static List<ReportTime> Times(LedgerView view, WatchFacts watch)
    {
        var (from, to) = DeploySpan(view);
        var own = view.Data.Steps.Where(step => step.Name != "smoke" && !step.Name.StartsWith("rollback.", StringComparison.Ordinal)).ToList();
        var smoke = view.Data.Steps.LastOrDefault(step => step.Name == "smoke");
        return
        [
            new("deploy", Sum(own.Select(step => step.ExpectedSeconds)), to - from, [view.End.Sequence]),
            new("smoke", Seconds(smoke?.ExpectedSeconds), Seconds(smoke?.Seconds), [view.End.Sequence]),
            new("watch", Seconds(watch.First?.DurationSeconds), Seconds(watch.Summary?.WatchedSeconds), watch.Summary is null ? [] : [watch.SummaryEvidence]),
        ];
    }

    private static TimeSpan? Seconds(double? seconds) => seconds is { } known ? TimeSpan.FromSeconds(known) : null;

    /// <summary>The sum; null where one of them is not known.</summary>
    private static TimeSpan? Sum(IEnumerable<double?> seconds)
    {
        var all = seconds.ToList();
        return all.Count == 0 || all.Contains(null) ? null : TimeSpan.FromSeconds(all.Sum(one => one!.Value));
    }
}
