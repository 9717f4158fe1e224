using System.Text.Json;
using BacktestOps.Contracts;
using static System.FormattableString;

namespace BacktestOps.Engine.Rules;

/// <summary>Reads strategies from JSON: one object, or a list of them, in the form of <see cref="StrategyDefinition"/>.</summary>
public static class StrategyFile
{
    private static readonly JsonReaderOptions s_options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowMultipleValues = false };

    /// <summary>Reads and checks strategies, their rules included.</summary>
    /// <param name="json">The text, UTF-8; comments and trailing commas are allowed, unknown members are not.</param>
    /// <param name="source">The file, or another source, for messages.</param>
    /// <returns>The strategies in the order of the text; each passes as <see cref="BacktestRequest.Rules"/> where runs can do what it asks for.</returns>
    /// <exception cref="InvalidStrategyException">The text has faults; every one that can be seen is named, with JSON path or line.</exception>
    public static IReadOnlyList<StrategyDefinition> Parse(ReadOnlySpan<byte> json, string source)
    {
        var (definitions, isList) = Read(json, source);
        var faults = new List<RequestFault>();
        for (var i = 0; i < definitions.Count; i++)
        {
            var field = isList ? Invariant($"[{i}]") : "";
            if (definitions[i] is null)
            {
                faults.Add(new(field, "is null", "a strategy is an object"));
                continue;
            }
            if (DefinitionChecker.Check(definitions[i], field, null, faults) is { } strategy) CheckDefaults(strategy, faults);
        }
        return faults.Count == 0 ? definitions : throw new InvalidStrategyException(source, faults);
    }

    /// <summary>Reads strategies whose rules are checked elsewhere.</summary>
    internal static IReadOnlyList<StrategyDefinition> ParseUnchecked(ReadOnlySpan<byte> json, string source) => Read(json, source).Definitions;

    // A window of 0 by default, say, is seen only with the values.
    private static void CheckDefaults(CompiledStrategy strategy, List<RequestFault> faults)
    {
        var values = strategy.Info.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default, StringComparer.OrdinalIgnoreCase);
        strategy.Bind(new Evaluation.RuleGraph(), values, faults);
        for (var i = 0; i < strategy.Constraints.Count; i++)
        {
            if (!strategy.Constraints[i].Holds(values))
                faults.Add(new(CompiledStrategy.JoinField(strategy.Field, Invariant($"constraints[{i}]")), "does not hold for the defaults"));
        }
    }

    private static (IReadOnlyList<StrategyDefinition> Definitions, bool IsList) Read(ReadOnlySpan<byte> json, string source)
    {
        try
        {
            if (json.StartsWith("\uFEFF"u8)) json = json[3..];
            var reader = new Utf8JsonReader(json, s_options);
            reader.Read();
            var isList = reader.TokenType == JsonTokenType.StartArray;
            if (!isList && reader.TokenType != JsonTokenType.StartObject) throw new JsonException("a strategy is an object, several are a list of objects");
            IReadOnlyList<StrategyDefinition> definitions = isList
                ? JsonSerializer.Deserialize(ref reader, ContractsJson.Default.IReadOnlyListStrategyDefinition)!
                : [JsonSerializer.Deserialize(ref reader, ContractsJson.Default.StrategyDefinition)!];
            if (reader.Read()) throw new JsonException("there is text after the end");
            return (definitions, isList);
        }
        catch (JsonException error)
        {
            throw new InvalidStrategyException(source, [Fault(error)], error);
        }
    }

    private static RequestFault Fault(JsonException error)
    {
        var place = error.LineNumber is { } line ? Invariant($" (line {line + 1}, byte {error.BytePositionInLine + 1})") : "";
        return new(error.Path is { Length: > 0 } path ? path : "$", Detail(error.Message) + place);
    }

    // The serializer speaks of .NET types; its user wrote JSON.
    private static string Detail(string message)
    {
        if (message.Contains("could not be mapped", StringComparison.Ordinal)) return "is not known here";
        if (message.IndexOf("required properties including: ", StringComparison.Ordinal) is var at and >= 0)
            return $"misses {message[(at + "required properties including: ".Length)..].TrimEnd('.')}";
        if (message.Contains("Duplicate property", StringComparison.Ordinal)) return "is there twice";
        if (message.Contains("doesn't allow setting null", StringComparison.Ordinal)) return "is null";
        if (message.Contains("could not be converted", StringComparison.Ordinal)) return "is of another kind than is wanted here";
        // The sentence ends with the same place in its own words.
        return RequestValidator.Printable(message.Split(" Path: ")[0].Split(" LineNumber: ")[0].TrimEnd('.', ' '), 300);
    }
}
