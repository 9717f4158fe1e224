using System.Text.Json;
using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>Writes an enum as a snake_case word; reads only such words, never numbers.</summary>
/// <typeparam name="TEnum">The enum.</typeparam>
public sealed class SnakeCaseEnumConverter<TEnum>()
    : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;
