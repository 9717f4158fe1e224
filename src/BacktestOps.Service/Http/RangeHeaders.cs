using Microsoft.Net.Http.Headers;

namespace BacktestOps.Service.Http;

/// <summary>Ranges that are not meant for what is served, so that the whole is answered, as RFC 9110 (14.2, 13.1.5) has it.</summary>
internal static class RangeHeaders
{
    private const string Unit = "bytes";

    /// <summary>Forgets a range that is not of bytes, or that depends on a date: nothing here has one.</summary>
    public static void DropForeign(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers.Range.Count > 0 && !(IsOfBytes(headers.Range.ToString()) && (headers.IfRange.Count == 0 || headers.IfRange.ToString().StartsWith('"'))))
            headers.Remove(HeaderNames.Range);
    }

    private static bool IsOfBytes(string range) =>
        range.AsSpan().TrimStart().StartsWith(Unit, StringComparison.OrdinalIgnoreCase) && range.AsSpan().TrimStart()[Unit.Length..].TrimStart().StartsWith("=");
}
