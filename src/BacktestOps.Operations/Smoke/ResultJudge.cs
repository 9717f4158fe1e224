using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Health;

namespace BacktestOps.Operations.Smoke;

/// <summary>Judges the bytes of a result, whichever way they came: over HTTP or as a file from the page.</summary>
/// <param name="ledger">Where the checks are written down.</param>
/// <param name="prefix">Whose result it is: <c>result</c>, <c>page file</c>.</param>
/// <param name="fields">The fields that it must have.</param>
internal sealed class ResultJudge(SmokeLedger ledger, string prefix, IReadOnlyList<RequiredField> fields)
{
    /// <summary>One check for the JSON, one a field, one for the id and one for the status.</summary>
    public void Judge(string subject, ReadOnlyMemory<byte> bytes, string? backtestId, IReadOnlyList<Artifact> kept)
    {
        var isJson = StrictJson.TryParse(bytes, out var document, out var problem);
        ledger.Decide(
            isJson, $"{prefix}: JSON", subject, "one whole JSON document without a repeated field",
            isJson ? $"{bytes.Length} bytes of JSON" : $"{bytes.Length} bytes that are none", kept, problem,
            "Compare the kept bytes with the service's own copy of the result.");
        if (document is null)
        {
            ledger.Unseen($"{prefix}: fields", subject, string.Join(", ", fields.Select(field => field.Path.Text)), "there is no document to look into");
            return;
        }

        using (document)
        {
            foreach (var field in fields) Field(field, subject, document.RootElement, kept);
            if (backtestId is not null) Value("backtest_id", backtestId, subject, document.RootElement, kept);
            Value("status", "completed", subject, document.RootElement, kept);
        }
    }

    private void Field(RequiredField field, string subject, JsonElement root, IReadOnlyList<Artifact> kept)
    {
        var found = field.Path.TryFind(root, out var value, out var missing);
        ledger.Decide(
            found && field.IsMetBy(value), $"{prefix}: {field.Path.Text}", subject, field.Expected,
            found ? JsonPath.Shorten(value.GetRawText()) : null, kept, found ? null : $"the field is missing: {missing}",
            "The clients read this field; compare the service's contract with the kept bytes.");
    }

    private void Value(string path, string expected, string subject, JsonElement root, IReadOnlyList<Artifact> kept)
    {
        var found = JsonPath.Parse(path).TryFind(root, out var value, out var missing);
        ledger.Decide(
            found && value.ValueKind == JsonValueKind.String && value.GetString() == expected,
            $"{prefix}: {path} value", subject, $"\"{expected}\"",
            found ? JsonPath.Shorten(value.GetRawText()) : null, kept, found ? null : $"the field is missing: {missing}",
            "The service hands out another run's result, or one that is not done.");
    }
}
