using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BacktestOps.Operations.Evidence;

namespace BacktestOps.Operations.Reports;

/// <summary>A report for programs: the items with their states, the figures as numbers, the head that it was computed of.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(ReportModel model, ReportText text)
    {
        var report = new JsonObject
        {
            ["format"] = ReportStamp.CurrentFormat,
            ["state"] = Word(model.State.ToString()),
            ["culture"] = text.Culture,
            ["deployment"] = model.Deployment,
            ["end"] = JsonSerializer.SerializeToNode(model.Data, DeploymentDataJson.Default.DeploymentData),
            ["as_of"] = model.AsOf,
            ["ledger_head"] = new JsonObject { ["sequence"] = model.Head.Sequence, ["hash"] = model.Head.Hash },
            ["rolled_back_by"] = model.RolledBackBy?.Deployment,
            ["stages"] = new JsonArray([.. model.Stages.Select(stage => new JsonObject
            {
                ["number"] = stage.Number,
                ["state"] = Word(stage.State.ToString()),
                ["expected_seconds"] = stage.Expected?.TotalSeconds,
                ["actual_seconds"] = stage.Actual?.TotalSeconds,
                ["sections"] = new JsonArray([.. stage.Sections.Select(section => new JsonObject
                {
                    ["number"] = section.Number,
                    ["state"] = Word(section.State.ToString()),
                    ["items"] = new JsonArray([.. section.Items.Select(item => Item(item, text))]),
                })]),
            })]),
            ["acceptance"] = new JsonArray([.. model.Acceptance.Select(item => Item(item, text))]),
            ["times"] = new JsonArray([.. model.Times.Select(time => new JsonObject
            {
                ["item"] = time.Key, ["expected_seconds"] = time.Expected?.TotalSeconds, ["actual_seconds"] = time.Actual?.TotalSeconds,
            })]),
            ["watch"] = model.Watch.Samples.Count == 0 ? null : new JsonObject
            {
                ["slots"] = model.Watch.Due,
                ["seen"] = model.Watch.Seen,
                ["samples"] = new JsonArray([.. model.Watch.Rows.Select(Sample)]),
            },
            ["criteria"] = new JsonArray([.. model.Criteria.Select(entry => new JsonObject
            {
                ["name"] = entry.Criterion.Name, ["verdict"] = Word(entry.Criterion.Verdict.ToString()), ["samples"] = entry.Criterion.Samples,
                ["upper_bound"] = entry.Criterion.UpperBound, ["p_value"] = entry.Criterion.PValue, ["effect_size"] = entry.Criterion.EffectSize,
                ["ratio"] = entry.Criterion.Ratio, ["evidence"] = entry.Evidence,
            })]),
            ["approvals"] = new JsonArray([.. model.Approvals.Select(approval => new JsonObject
            {
                ["approver"] = approval.Data.Approver, ["at"] = approval.At, ["self_approval"] = approval.Data.SelfApproval,
                ["head"] = $"{approval.Data.HeadSequence}:{approval.Data.HeadHash}", ["comment"] = approval.Data.Comment, ["evidence"] = approval.Evidence,
            })]),
        };
        return report.ToJsonString(Options) + "\n";
    }

    private static JsonObject Item(ReportItem item, ReportText text) => new()
    {
        ["id"] = item.Id,
        ["text"] = text.Say(item.Text, TextForm.Plain),
        ["state"] = Word(item.State.ToString()),
        ["detail"] = ChecklistView.DetailOf(item, text) is { Length: > 0 } detail ? detail : null,
        ["expected_seconds"] = item.Expected?.TotalSeconds,
        ["actual_seconds"] = item.Actual?.TotalSeconds,
        ["answered_by"] = item.AnsweredBy,
        ["evidence"] = new JsonArray([.. item.Evidence.Select(number => JsonValue.Create(number))]),
        ["items"] = new JsonArray([.. item.Items.Select(inner => Item(inner, text))]),
    };

    private static JsonObject Sample(ReportSample row) => new()
    {
        ["at"] = row.At, ["missed"] = row.IsMissed, ["cpu_percent"] = row.Cpu, ["memory_percent"] = row.Memory, ["memory_megabytes"] = row.MemoryMegabytes,
        ["disk_percent"] = row.Disk, ["api_p95_milliseconds"] = row.Api, ["errors"] = row.Errors, ["evidence"] = row.Evidence,
    };

    private static string Word(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
