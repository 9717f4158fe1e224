using System.Globalization;
using System.Security.Cryptography;

namespace BacktestOps.Runs.Execution;

/// <summary>Ids of runs: the UTC time of acceptance for people, and 32 random bits against clashes.</summary>
internal static class BacktestIds
{
    private const string Time = "yyyyMMdd-HHmmss";

    /// <summary>The second of acceptance that an id tells; null for what is no id of ours.</summary>
    public static DateTimeOffset? AcceptedAt(string id) =>
        id.Length > Time.Length && DateTimeOffset.TryParseExact(id[..Time.Length], Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;

    /// <summary>A new id such as <c>20261123-013558-7f3a9c2e</c>.</summary>
    public static string New(DateTimeOffset acceptedAt)
    {
        Span<byte> random = stackalloc byte[4];
        RandomNumberGenerator.Fill(random);
        return string.Create(CultureInfo.InvariantCulture, $"{acceptedAt.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture)}-{Convert.ToHexStringLower(random)}");
    }
}
