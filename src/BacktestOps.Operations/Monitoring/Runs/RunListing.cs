using System.Text.Json;

namespace BacktestOps.Operations.Monitoring.Runs;

/// <summary>A run as the service lists it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Its status; null where the list has none.</param>
internal sealed record ListedRun(string Id, string? Status)
{
    /// <summary>False when the list says that there is no result.</summary>
    public bool MayBeCompleted => Status is null or "completed";
}

/// <summary>
/// Reads a list of runs in the forms that services give: an array, or an object with one, of ids or of objects with
/// <c>backtest_id</c> or <c>id</c> and perhaps <c>status</c>; <c>next_cursor</c> says that there are more.
/// </summary>
/// <param name="Runs">The runs.</param>
/// <param name="Cursor">Where the next page begins; null for the last.</param>
internal sealed record RunListing(IReadOnlyList<ListedRun> Runs, string? Cursor)
{
    /// <summary>Reads a list; null when it is none.</summary>
    public static RunListing? Read(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var list = root.ValueKind == JsonValueKind.Object
                ? root.EnumerateObject().Select(member => member.Value).FirstOrDefault(value => value.ValueKind == JsonValueKind.Array)
                : root;
            if (list.ValueKind != JsonValueKind.Array) return null;
            var runs = list.EnumerateArray().Select(Run).ToList();
            var cursor = root.ValueKind == JsonValueKind.Object ? Text(root, "next_cursor") : null;
            return runs.Contains(null) ? null : new RunListing(runs!, cursor);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ListedRun? Run(JsonElement run) => run.ValueKind switch
    {
        JsonValueKind.String => new ListedRun(run.GetString()!, null),
        JsonValueKind.Object when (Text(run, "backtest_id") ?? Text(run, "id")) is { } id => new ListedRun(id, Text(run, "status")),
        _ => null,
    };

    private static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
