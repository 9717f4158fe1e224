using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>The one JSON context: snake_case, nulls written, numbers as the shortest text that reads back.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    WriteIndented = true,
    NewLine = "\n",
    Converters = [typeof(BarDateConverter)])]
[JsonSerializable(typeof(BacktestRequest))]
[JsonSerializable(typeof(RequestCheck))]
[JsonSerializable(typeof(StrategyDefinition))]
[JsonSerializable(typeof(IReadOnlyList<StrategyDefinition>))]
[JsonSerializable(typeof(BacktestProgress))]
[JsonSerializable(typeof(BacktestList))]
[JsonSerializable(typeof(BacktestResult))]
[JsonSerializable(typeof(HealthDocument))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(IReadOnlyList<StrategyInfo>))]
[JsonSerializable(typeof(IReadOnlyList<SymbolInfo>))]
[JsonSerializable(typeof(IReadOnlyList<Bar>))]
public sealed partial class ContractsJson : JsonSerializerContext;

/// <summary>The date of a bar: <c>2020-01-02</c> at midnight, else <c>2020-01-02T09:30:00</c>; exchange time, no zone.</summary>
public sealed class BarDateConverter : JsonConverter<DateTime>
{
    private const string DayFormat = "yyyy-MM-dd";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss";

    /// <inheritdoc/>
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return DateTime.TryParseExact(text, [DayFormat, TimeFormat], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw new JsonException($"'{text}' is not a date; write 2020-01-02 or 2020-01-02T09:30:00.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[TimeFormat.Length];
        value.TryFormat(text, out var length, value.TimeOfDay == TimeSpan.Zero ? DayFormat : TimeFormat, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
