using System.Text.Json;
using BacktestOps.Operations.Health;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Releases;

/// <summary>Whether a release has what a plan says that it must have.</summary>
internal static class RequiredFiles
{
    /// <summary>What is not as the plan says; none when all is.</summary>
    public static IEnumerable<string> FindFaults(string folder, RequiredFile required, string version)
    {
        var path = Path.Combine(folder, required.Path);
        if (required.Path.EndsWith('/'))
        {
            if (!Directory.Exists(path)) yield return $"there is no folder '{required.Path}'";
            else if (!Directory.EnumerateFileSystemEntries(path).Any()) yield return $"the folder '{required.Path}' is empty";
            yield break;
        }

        if (!File.Exists(path))
        {
            yield return $"there is no file '{required.Path}'";
            yield break;
        }

        if (required.Contains is { } text && PlanReader.Fill(text, version) is var wanted
            && !File.ReadAllText(path).Contains(wanted, StringComparison.Ordinal))
            yield return $"'{required.Path}' does not contain '{wanted}'";
        foreach (var fault in JsonFaults(path, required, version)) yield return fault;
    }

    private static List<string> JsonFaults(string path, RequiredFile required, string version)
    {
        var faults = new List<string>();
        if (required.Json.Count == 0) return faults;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (var (field, value) in required.Json)
            {
                var expectation = FieldExpectation.FromObject(field, PlanReader.Fill(value, version));
                if (!expectation.Path.TryFind(document.RootElement, out var found, out var missing)) faults.Add($"'{required.Path}': {missing}");
                else if (!expectation.IsMetBy(found, out _))
                    faults.Add($"'{required.Path}' has {field} = {JsonPath.Shorten(found.GetRawText())}, and {expectation.Expected} is expected");
            }
        }
        catch (JsonException error)
        {
            faults.Add($"'{required.Path}' is no JSON document: {error.Message}");
        }

        return faults;
    }
}
