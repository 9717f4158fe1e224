using System.Globalization;
using System.Text.Json;

namespace BacktestOps.Operations.Deployments;

/// <summary>The names of the facts in journals, and how enumerations are written there.</summary>
internal static class Facts
{
    public const string Name = "name";
    public const string Kind = "kind";
    public const string Version = "version";
    public const string Release = "release";
    public const string Previous = "previous";
    public const string Plan = "plan_sha256";
    public const string Operator = "operator";
    public const string Revision = "revision";
    public const string Restore = "restore_from";
    public const string Accepted = "accepted_since_backup";
    public const string Live = "live";
    public const string Good = "good";
    public const string Bad = "bad";
    public const string Outcome = "outcome";
    public const string Verdict = "verdict";
    public const string Action = "action";
    public const string Gap = "gap_seconds";

    public static string Write<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>So many of a thing: <c>1 file</c>, <c>2 files</c>, <c>2 processes</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The word for one.</param>
    /// <param name="many">The word for any other number; null where it only has an s more.</param>
    public static string Many(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");

    public static T Parse<T>(string? word)
        where T : struct, Enum => Enum.GetValues<T>().First(value => Write(value) == word);
}
