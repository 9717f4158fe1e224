using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;

namespace BacktestOps.Operations.Reports;

/// <summary>The form of a report.</summary>
public enum ReportFormat
{
    /// <summary>A checklist.</summary>
    Markdown,

    /// <summary>One page with plots, which asks nothing of any network.</summary>
    Html,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>JUnit's XML: a case for each item.</summary>
    JUnitXml,

    /// <summary>NUnit 3's XML: a case for each item.</summary>
    NUnitXml,
}

/// <summary>Which report is wanted.</summary>
public sealed record ReportRequest
{
    /// <summary>The deployment; null for the last one that brought up a release.</summary>
    public int? Deployment { get; init; }

    /// <summary>The version, where the deployment is not named; null for any.</summary>
    public string? Version { get; init; }

    /// <summary>The form.</summary>
    public ReportFormat Format { get; init; }

    /// <summary>The language: <c>ko-KR</c> or <c>en-US</c>.</summary>
    public string Culture { get; init; } = "en-US";

    /// <summary>The time zone of its times.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>True to refuse while anything is outstanding.</summary>
    public bool MustBeComplete { get; init; }
}

/// <summary>Reports of deployments, computed from a ledger alone: the same ledger gives the same bytes.</summary>
public static class DeploymentReports
{
    /// <summary>Writes a report.</summary>
    /// <param name="ledgerPath">The ledger.</param>
    /// <param name="request">Which.</param>
    /// <exception cref="EvidenceException">The ledger is not there, or is not as it was written.</exception>
    /// <exception cref="ReportException">There is no such deployment, or something is outstanding and must not be.</exception>
    public static string Write(string ledgerPath, ReportRequest request)
    {
        var (records, head) = ReadWhole(ledgerPath);
        var model = ReportBuilder.Build(records, head, Find(records, request.Deployment, request.Version));
        if (request.MustBeComplete && model.State != ReportState.Complete) throw NotComplete(model);
        return Write(model, request.Format, ReportText.For(request.Culture, request.TimeZone), request.TimeZone.Id);
    }

    /// <summary>How the checklist of a deployment stands, item by item.</summary>
    /// <param name="ledgerPath">The ledger.</param>
    /// <param name="deployment">The deployment; null for the last one that brought up a release.</param>
    /// <param name="culture">The language of the items.</param>
    public static IReadOnlyList<ChecklistItem> Items(string ledgerPath, int? deployment, string culture)
    {
        var (records, head) = ReadWhole(ledgerPath);
        return ChecklistView.Of(ReportBuilder.Build(records, head, Find(records, deployment, null)), ReportText.For(culture, TimeZoneInfo.Utc));
    }

    internal static string Write(ReportModel model, ReportFormat format, ReportText text, string zone) => format switch
    {
        ReportFormat.Html => new HtmlReport(model, text).Write(),
        ReportFormat.Json => JsonReport.Write(model, text),
        ReportFormat.JUnitXml => JUnitReport.Write(model, text),
        ReportFormat.NUnitXml => NUnitReport.Write(model, text),
        _ => new MarkdownReport(model, text, new ReportStamp(ReportStamp.CurrentFormat, model.Deployment, model.Head, text.Culture, zone)).Write(),
    };

    /// <summary>The records of a ledger that is as it was written, and its head.</summary>
    internal static (IReadOnlyList<EvidenceRecord> Records, LedgerHead Head) ReadWhole(string path)
    {
        var verified = LedgerAudit.Verify(path, new LedgerAuditRequest { SkipArtifacts = true });
        if (verified.Verdict == Verdict.Fail)
        {
            var fault = verified.Faults.First(fault => fault.Kind != LedgerFaultKind.Torn);
            throw new EvidenceException(
                "LedgerNotWhole", $"The ledger '{path}' is not as it was written: line {fault.Line}, {fault.Detail}. Nothing is computed from it.", "Test-DeploymentEvidence names every fault; take a copy whose chain is whole.");
        }

        return ([.. new EvidenceLedger(path, TimeProvider.System).Read()], verified.Head);
    }

    internal static int Find(IReadOnlyList<EvidenceRecord> records, int? deployment, string? version)
    {
        var ends = LedgerView.Ends(records).Where(end => deployment is null ? end.Data.Kind == DeploymentKind.Deploy : end.Record.Deployment == deployment)
            .Where(end => version is null || end.Data.Version == version).ToList();
        if (ends.Count > 0) return ends[^1].Record.Deployment!.Value;
        var what = deployment is { } number ? $"deployment {number}" : version is null ? "a deployment" : $"a deployment of version {version}";
        throw new ReportException(
            "DeploymentNotFound", $"The ledger has no end of {what}.", "Get-DeploymentEvidence deployment shows the deployments that it has; one that is open is finished by Resume-Deployment.");
    }

    private static ReportException NotComplete(ReportModel model)
    {
        var items = model.Items.SelectMany(item => item.Items.Count > 0 ? item.Items : [item]).Where(item => item.State is not (ChecklistState.Done or ChecklistState.NotApplicable)).ToList();
        var named = string.Join(", ", items.Take(5).Select(item => $"{item.Id} ({item.State})"));
        return model.State == ReportState.FollowUpsOutstanding
            ? new ReportException("FollowUpsOutstanding", $"Deployment {model.Deployment} is not complete: {items.Count} follow-ups are outstanding: {named}{(items.Count > 5 ? ", …" : "")}.", "Export it without -Complete, or again when the week is over.")
            : new ReportException("ReportNotComplete", $"Deployment {model.Deployment} is not complete ({model.State}): {items.Count} items are not done: {named}{(items.Count > 5 ? ", …" : "")}.", "Export it without -Complete to see them, and do what is open; what failed or was missed stays so.");
    }
}
