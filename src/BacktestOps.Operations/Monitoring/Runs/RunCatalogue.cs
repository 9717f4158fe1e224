using System.Text.Json;
using System.Text.Json.Serialization;

namespace BacktestOps.Operations.Monitoring.Runs;

/// <summary>The completed runs that are known, each with the SHA-256 of its result: what later looks are held against.</summary>
/// <param name="Runs">Ids and digests.</param>
internal sealed record RunCatalogue(SortedDictionary<string, string> Runs)
{
    /// <summary>What the artifact is called.</summary>
    public const string Name = "run-catalogue.json";

    public static RunCatalogue Empty() => new(new SortedDictionary<string, string>(StringComparer.Ordinal));

    /// <summary>Reads a catalogue; null when it is none.</summary>
    public static RunCatalogue? Read(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RunCatalogueJson.Default.RunCatalogue) is { Runs: { } runs }
                ? new RunCatalogue(new SortedDictionary<string, string>(runs, StringComparer.Ordinal))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, RunCatalogueJson.Default.RunCatalogue);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunCatalogue))]
internal sealed partial class RunCatalogueJson : JsonSerializerContext;
