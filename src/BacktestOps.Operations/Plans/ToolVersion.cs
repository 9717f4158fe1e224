using System.Text.RegularExpressions;

namespace BacktestOps.Operations.Plans;

/// <summary>The version in what a program prints of itself: <c>git version 2.39.5</c>, <c>v20.20.2</c>.</summary>
internal static partial class ToolVersion
{
    /// <summary>The first version of the text; null when there is none. What is not said counts as 0.</summary>
    public static Version? Find(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success) return null;
        var parts = match.Value.Split('.').Select(part => int.TryParse(part, out var number) ? number : int.MaxValue).Append(0).Append(0).ToArray();
        return new Version(parts[0], parts[1], parts[2]);
    }

    [GeneratedRegex(@"[0-9]+(\.[0-9]+){0,2}", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
