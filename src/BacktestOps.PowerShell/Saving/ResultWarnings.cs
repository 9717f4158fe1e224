using System.Text.Json;
using BacktestOps.Contracts;

namespace BacktestOps.PowerShell.Saving;

/// <summary>Tells the warnings of results, each once for a result and a command.</summary>
/// <param name="warn">Takes a warning.</param>
internal sealed class ResultWarnings(Action<string> warn)
{
    private readonly HashSet<(string Id, string Warning)> _told = [];

    /// <summary>Tells the warnings of a result.</summary>
    /// <param name="result">The result.</param>
    public void Tell(BacktestResult result) => Tell(result.BacktestId, result.Warnings);

    /// <summary>Tells the warnings of a document, and nothing where it has none that can be read: it is saved as it is all the same.</summary>
    /// <param name="document">The document.</param>
    public void Tell(ResultDocument document) => Tell(document.BacktestId, Read(document));

    private void Tell(string id, IEnumerable<string>? warnings)
    {
        foreach (var warning in warnings ?? [])
            if (_told.Add((id, warning))) warn($"{id}: {warning}");
    }

    private static List<string> Read(ResultDocument document)
    {
        try
        {
            using var json = JsonDocument.Parse(document.Content);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("warnings", out var warnings) && warnings.ValueKind == JsonValueKind.Array
                ? [.. warnings.EnumerateArray().Where(warning => warning.ValueKind == JsonValueKind.String).Select(warning => warning.GetString()!)]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
