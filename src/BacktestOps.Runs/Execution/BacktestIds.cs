using System.Globalization;
using System.Security.Cryptography;

namespace BacktestOps.Runs.Execution;

/// <summary>Ids of runs: the UTC time of acceptance for people, and 32 random bits against clashes.</summary>
internal static class BacktestIds
{
    /// <summary>A new id such as <c>20261123-013558-7f3a9c2e</c>.</summary>
    public static string New(DateTimeOffset acceptedAt)
    {
        Span<byte> random = stackalloc byte[4];
        RandomNumberGenerator.Fill(random);
        return string.Create(CultureInfo.InvariantCulture, $"{acceptedAt.UtcDateTime:yyyyMMdd-HHmmss}-{Convert.ToHexStringLower(random)}");
    }
}
