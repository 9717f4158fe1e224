using System.Text.Json;
using BacktestOps.Contracts;
using Microsoft.Data.Sqlite;

namespace BacktestOps.Runs.Stores;

/// <summary>One run as it is stored.</summary>
internal sealed record RunRecord
{
    /// <summary>The columns in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns =
        "seq, id, status, progress, activity, request, data_path, fingerprints, owner, attempts, accepted_at, started_at, ended_at, error, result_digest, deaths, strategy_fingerprint, caller, cost";

    /// <summary>The place in the order of acceptance.</summary>
    public long Sequence { get; init; }

    public required string Id { get; init; }
    public required BacktestStatus Status { get; init; }
    public double Progress { get; init; }
    public string? Activity { get; init; }

    /// <summary>The request with defaults filled in, as JSON.</summary>
    public required string RequestJson { get; init; }

    /// <summary>The data folder that the run was accepted with; null for the bundled data.</summary>
    public string? DataPath { get; init; }

    /// <summary>The fingerprint of each symbol's data when the run was accepted, in the order of the request, then the benchmark's.</summary>
    public required IReadOnlyList<string> Fingerprints { get; init; }

    /// <summary>The fingerprint of the strategy's file when the run was accepted; null for rules.</summary>
    public string? StrategyFingerprint { get; init; }

    /// <summary>The id of the runner whose run this is.</summary>
    public required string Owner { get; init; }

    public int Attempts { get; init; }
    public required DateTimeOffset AcceptedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? Error { get; init; }
    public string? ResultDigest { get; init; }

    /// <summary>How many processes died in a row while they executed it and it got no further.</summary>
    public int Deaths { get; init; }

    /// <summary>Who asked for it: the name of an API key; null for whoever has none.</summary>
    public string? Caller { get; init; }

    /// <summary>How many seconds it was estimated to take; null for a run that an earlier version accepted.</summary>
    public double? Cost { get; init; }

    /// <summary>The request.</summary>
    public BacktestRequest ReadRequest() =>
        JsonSerializer.Deserialize(RequestJson, ContractsJson.Default.BacktestRequest)
        ?? throw new JsonException("The stored request is null.");

    /// <summary>The state as callers see it.</summary>
    public BacktestProgress ToProgress()
    {
        var (strategy, symbols, parameters) = Summarize();
        return new BacktestProgress
        {
            BacktestId = Id,
            Status = Status,
            Progress = Progress,
            Activity = Activity,
            Strategy = strategy,
            Symbols = symbols,
            Parameters = parameters,
            AcceptedAt = AcceptedAt,
            StartedAt = StartedAt,
            EndedAt = EndedAt,
            Attempts = Attempts,
            Error = Error,
            ResultsFile = Status == BacktestStatus.Completed ? ResultFiles.NameOf(Id) : null,
            ResultDigest = ResultDigest,
        };
    }

    // Only these are looked at: a newer version may have stored a request with members that this one refuses. A row that a
    // damaged disk has mangled is shown without them, so that it does not hide all others.
    private (string Strategy, IReadOnlyList<string> Symbols, SortedDictionary<string, double> Parameters) Summarize()
    {
        var parameters = new SortedDictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        try
        {
            using var request = JsonDocument.Parse(RequestJson);
            var root = request.RootElement;
            if (root.TryGetProperty("parameters", out var given))
            {
                foreach (var parameter in given.EnumerateObject().Where(parameter => parameter.Value.ValueKind == JsonValueKind.Number))
                    parameters[parameter.Name] = parameter.Value.GetDouble();
            }

            if (root.TryGetProperty("sweep", out var sweep) && sweep.ValueKind == JsonValueKind.Object && sweep.TryGetProperty("parameters", out var varied))
            {
                foreach (var parameter in varied.EnumerateObject()) parameters.Remove(parameter.Name);
            }

            return (root.GetProperty("strategy").GetString() ?? "",
                [.. root.GetProperty("symbols").EnumerateArray().Select(symbol => symbol.GetString() ?? "")],
                parameters);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return ("", [], []);
        }
    }

    /// <summary>Reads one row of <see cref="Columns"/>.</summary>
    public static RunRecord Read(SqliteDataReader row) => new()
    {
        Sequence = row.GetInt64(0),
        Id = row.GetString(1),
        Status = StatusWord.Parse(row.GetString(2)),
        Progress = row.GetDouble(3),
        Activity = row.IsDBNull(4) ? null : row.GetString(4),
        RequestJson = row.GetString(5),
        DataPath = row.IsDBNull(6) ? null : row.GetString(6),
        Fingerprints = row.GetString(7).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Owner = row.GetString(8),
        Attempts = row.GetInt32(9),
        AcceptedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(10)),
        StartedAt = Time(row, 11),
        EndedAt = Time(row, 12),
        Error = row.IsDBNull(13) ? null : row.GetString(13),
        ResultDigest = row.IsDBNull(14) ? null : row.GetString(14),
        Deaths = row.GetInt32(15),
        StrategyFingerprint = row.IsDBNull(16) ? null : row.GetString(16),
        Caller = row.IsDBNull(17) ? null : row.GetString(17),
        Cost = row.IsDBNull(18) ? null : row.GetDouble(18),
    };

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}

/// <summary>The words of a status in the database: those of the JSON.</summary>
internal static class StatusWord
{
    public static string Of(BacktestStatus status) => status switch
    {
        BacktestStatus.Queued => "queued",
        BacktestStatus.Running => "running",
        BacktestStatus.Interrupted => "interrupted",
        BacktestStatus.Completed => "completed",
        BacktestStatus.Failed => "failed",
        BacktestStatus.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static BacktestStatus Parse(string word) =>
        Enum.GetValues<BacktestStatus>().FirstOrDefault(status => Of(status) == word, (BacktestStatus)(-1)) is var found && Enum.IsDefined(found)
            ? found
            : throw new InvalidOperationException($"The database holds the unknown status '{word}'.");
}
