using System.Globalization;
using System.Text.Json;
using BacktestOps.Operations.Health;

namespace BacktestOps.Operations.Smoke;

/// <summary>The type that a field of a JSON document must have.</summary>
public enum RequiredFieldType
{
    /// <summary>A string that is not empty.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A number without a fraction, not negative.</summary>
    Count,

    /// <summary>A string with a date and time of ISO 8601.</summary>
    Timestamp,
}

/// <summary>A field that a document must have, whatever its value.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Type">Its type; a number in quotes is no number.</param>
/// <param name="Nullable">True when it may also be null; it must be there even then.</param>
public sealed record RequiredField(JsonPath Path, RequiredFieldType Type, bool Nullable = false)
{
    /// <summary>What every result has. The ratios are null where they are not defined: without a trade, without variation.</summary>
    public static IReadOnlyList<RequiredField> OfResult { get; } =
    [
        Of("backtest_id", RequiredFieldType.Text),
        Of("status", RequiredFieldType.Text),
        Of("performance.total_return", RequiredFieldType.Number),
        Of("performance.sharpe_ratio", RequiredFieldType.Number, nullable: true),
        Of("performance.max_drawdown", RequiredFieldType.Number),
        Of("performance.total_trades", RequiredFieldType.Count),
        Of("performance.win_rate", RequiredFieldType.Number, nullable: true),
        Of("results_file", RequiredFieldType.Text),
        Of("completed_at", RequiredFieldType.Timestamp),
    ];

    /// <summary>A field by its path.</summary>
    /// <param name="path">The path: <c>performance.total_return</c>.</param>
    /// <param name="type">Its type.</param>
    /// <param name="nullable">True when it may also be null.</param>
    /// <exception cref="FormatException">The path is not one.</exception>
    public static RequiredField Of(string path, RequiredFieldType type, bool nullable = false) => new(JsonPath.Parse(path), type, nullable);

    /// <summary>The type, for people.</summary>
    internal string Expected => Type switch
    {
        RequiredFieldType.Text => "a string that is not empty",
        RequiredFieldType.Number => "a number",
        RequiredFieldType.Count => "a whole number, 0 or more",
        _ => "a time such as \"2026-02-08T14:30:00Z\"",
    } + (Nullable ? ", or null" : "");

    internal bool IsMetBy(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => Nullable,
        JsonValueKind.String when Type == RequiredFieldType.Text => value.GetString()!.Length > 0,
        JsonValueKind.String when Type == RequiredFieldType.Timestamp => IsTimestamp(value.GetString()!),
        // A number that no double holds would be read as infinite by every client.
        JsonValueKind.Number when Type == RequiredFieldType.Number => double.IsFinite(value.GetDouble()),
        JsonValueKind.Number when Type == RequiredFieldType.Count => value.TryGetInt64(out var count) && count >= 0,
        _ => false,
    };

    private static bool IsTimestamp(string text) =>
        text.Contains('T', StringComparison.Ordinal)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _);
}
