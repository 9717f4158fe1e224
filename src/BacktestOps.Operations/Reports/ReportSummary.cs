using BacktestOps.Contracts;

namespace BacktestOps.Operations.Reports;

/// <summary>The head, the summary and the approval of a report, as labelled lines.</summary>
internal static class ReportSummary
{
    public static IEnumerable<(string Label, string Value)> Head(ReportModel report, ReportText text, TextForm form)
    {
        string Say(string key, params IReadOnlyList<object> values) => text.Say(new Phrase(key, values), form);
        yield return (text["head.task"], Say("head.task.value", report.Data.Name, report.Data.Version ?? "-", report.Deployment));
        yield return (text["head.when"], text.At(report.Data.StartedAt));
        yield return (text["head.operator"], report.Data.Operator is { } who ? form.Name(who) : text["head.none"]);
        yield return (text["head.revision"], report.Data.Revision is { } revision ? form.Code(revision) : text["head.none"]);
        yield return (text["head.previous"], report.Data.Previous is { } previous ? form.Code(previous) : text["head.none"]);
        yield return (text["head.zone"], text.Zone);
        // Where people are asked for less than there is, a reader must know it before the ticks.
        var left = ManualItems.Ids.Where(id => !ManualItems.IsAsked(report.Data, id)).ToList();
        if (left.Count > 0)
            yield return (text["head.manual"], left.Count == ManualItems.Ids.Count ? text["head.manual.none"] : Say("head.manual.left", string.Join(", ", left)));
        yield return (text["head.state"], State(report, text, form));
    }

    public static IEnumerable<(string Heading, IReadOnlyList<string> Lines)> Chapters(ReportModel report, ReportText text, TextForm form)
    {
        string Say(string key, params IReadOnlyList<object> values) => text.Say(new Phrase(key, values), form);
        string Line(string label, string value, params IReadOnlyList<int> evidence) =>
            $"**{text[label]}**: {value}{(evidence.Count == 0 ? "" : $" ({text.Reference(evidence)})")}";
        string Checks(ReportStage stage)
        {
            var items = stage.Sections.SelectMany(section => section.Items).Where(item => item.State != ChecklistState.NotApplicable).ToList();
            return Say("summary.checks.value", items.Count(item => item.State == ChecklistState.Done), items.Count);
        }

        var outcome = Say($"outcome.{System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(report.Data.Outcome.ToString())}");
        var deploy = new List<string> { Line("summary.outcome", outcome, report.End), Line("summary.time", text.Duration(report.Times[0].Actual ?? TimeSpan.Zero), report.End) };
        if (report.RolledBackBy is { } back) deploy.Add(Line("summary.rollback", Say("rolled-back-by", back.Deployment), back.Evidence));
        else deploy.Add(Line("summary.version", report.Data.Live is { } live ? form.Code(live) : text["head.none"], report.End));
        yield return (text["summary.1"], deploy);
        yield return (text["summary.2"], [Line("summary.checks", Checks(report.Stages[1]))]);
        var watched = new List<string> { Line("summary.checks", Checks(report.Stages[2])) };
        if (report.Watch.Samples.Count > 0) watched.Add(Line("summary.slots", Say("watch.slots", report.Watch.Due, report.Watch.Seen, report.Watch.Due - report.Watch.Seen), report.Watch.Evidence));
        yield return (text["summary.3"], watched);
        var needed = report.Items.Single(item => item.Id == "4.2.needed");
        yield return (text["summary.4"], [Say($"conclusion.{Key(report.State)}"), Line("summary.rollback", Say(needed.Facts[0].Text.Key), needed.Evidence)]);
        var days = report.Stages[3].Sections[0].Items.SelectMany(item => item.Items).ToList();
        yield return (text["summary.5"], [Line("summary.follow-ups", Say(
            "summary.follow-ups.value", days.Count(item => item.State is not (ChecklistState.Scheduled or ChecklistState.Missed)), days.Count(item => item.State == ChecklistState.Missed),
            days.Count(item => item.State == ChecklistState.Scheduled)))]);
    }

    public static IEnumerable<(string Label, string Value)> Approval(ReportModel report, ReportText text, TextForm form)
    {
        yield return (text["approval.deployer"], report.Data.Operator is { } who ? form.Name(who) : text["head.none"]);
        yield return (text["approval.ended"], $"{text.At(report.Data.StartedAt + (report.Times[0].Actual ?? TimeSpan.Zero))} ({text.Reference([report.End])})");
        yield return (text["approval.written"], text.At(report.AsOf));
        if (report.Approvals.Count == 0) yield return (text["approval.approver"], text["approval.pending"]);
        foreach (var approval in report.Approvals)
        {
            var comment = approval.Data.Comment is { } said ? new Phrase("because", new Raw(said)) : new Phrase("empty");
            yield return (text["approval.approver"],
                $"{text.Say(new Phrase("approval.value", approval.Data.Approver, new Moment(approval.At), approval.Data.HeadSequence, comment), form)} ({text.Reference([approval.Evidence])})");
            if (approval.Data.SelfApproval) yield return ("", text.Say(new Phrase("approval.self", approval.Data.Approver), form));
        }
    }

    public static string State(ReportModel report, ReportText text, TextForm form)
    {
        var items = report.Items.SelectMany(item => item.Items.Count > 0 ? item.Items : [item]).ToList();
        var number = report.State switch
        {
            ReportState.FollowUpsOutstanding => items.Count(item => item.State == ChecklistState.Scheduled),
            ReportState.Failed => items.Count(item => item.State == ChecklistState.Failed),
            _ => items.Count(item => item.State is ChecklistState.Open or ChecklistState.Missed or ChecklistState.Inconclusive or ChecklistState.Error),
        };
        return text.Say(new Phrase($"state.{Key(report.State)}", number), form);
    }

    public static string Key(ReportState state) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString());
}
