using System.Text.Json.Nodes;
using System.Text.Encodings.Web;
using System.Text.Json;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Audit.Output;

/// <summary>
/// Findings as SARIF 2.1.0 (OASIS, https://docs.oasis-open.org/sarif/sarif/v2.1.0/), which code hosts show beside the line.
/// </summary>
public static class SarifWriter
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One run with the findings of one or more documents.</summary>
    /// <param name="findings">The findings.</param>
    /// <param name="version">The version of the module.</param>
    public static string Write(IEnumerable<ReportFinding> findings, string version)
    {
        var rules = ReportAudit.Rules.Select(rule => rule.Id).ToList();
        var log = new JsonObject
        {
            ["$schema"] = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject
                {
                    ["driver"] = new JsonObject
                    {
                        ["name"] = "BacktestOps Test-DeploymentReport",
                        ["version"] = version,
                        ["rules"] = new JsonArray([.. ReportAudit.Rules.Select(rule => new JsonObject
                        {
                            ["id"] = rule.Id,
                            ["shortDescription"] = new JsonObject { ["text"] = rule.Says },
                        })]),
                    },
                },
                ["columnKind"] = "utf16CodeUnits",
                ["results"] = new JsonArray([.. findings.Select(finding => Result(finding, rules.IndexOf(finding.Rule)))]),
            }),
        };
        return log.ToJsonString(Options);
    }

    private static JsonObject Result(ReportFinding finding, int rule)
    {
        var result = new JsonObject
        {
            ["ruleId"] = finding.Rule,
            ["ruleIndex"] = rule,
            ["level"] = finding.Severity switch { FindingSeverity.Error => "error", FindingSeverity.Warning => "warning", _ => "note" },
            ["message"] = new JsonObject { ["text"] = $"{finding.Class}: {finding.Arithmetic} What would settle it: {finding.Settles}" },
            ["locations"] = new JsonArray(Location(finding.Path, finding.Line, finding.Claim)),
            ["properties"] = new JsonObject { ["class"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(finding.Class.ToString()) },
        };
        if (finding.OtherLines.Count > 0)
            result["relatedLocations"] = new JsonArray([.. finding.OtherLines.Select(line => Location(finding.Path, line, null))]);
        return result;
    }

    private static JsonObject Location(string path, int line, string? snippet)
    {
        var region = new JsonObject { ["startLine"] = line };
        if (!string.IsNullOrEmpty(snippet)) region["snippet"] = new JsonObject { ["text"] = snippet };
        return new JsonObject
        {
            ["physicalLocation"] = new JsonObject
            {
                ["artifactLocation"] = new JsonObject { ["uri"] = UriOf(path) },
                ["region"] = region,
            },
        };
    }

    private static string UriOf(string path) =>
        Path.IsPathFullyQualified(path)
            ? new Uri(path).AbsoluteUri
            : string.Join('/', path.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString));
}
