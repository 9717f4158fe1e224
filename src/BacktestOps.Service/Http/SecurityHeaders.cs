using Microsoft.Extensions.Primitives;

namespace BacktestOps.Service.Http;

/// <summary>What every answer says to browsers: what a page of another site may do with it, which is nothing.</summary>
internal static class SecurityHeaders
{
    private static readonly StringValues NoSniff = "nosniff", SameOrigin = "same-origin", NoReferrer = "no-referrer";

    // An answer of the API that is opened as a page loads and runs nothing, and stands in nobody's frame. The pages say more.
    private static readonly StringValues Nothing = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Writes them; pages put a policy of their own in place of the strict one.</summary>
    public static void Apply(HttpResponse response)
    {
        var headers = response.Headers;
        headers.XContentTypeOptions = NoSniff;
        headers.ContentSecurityPolicy = Nothing;
        // Without it the picture of a stock loads into a page of another site where there is that stock, and does not where there is none.
        headers["Cross-Origin-Resource-Policy"] = SameOrigin;
        headers["Cross-Origin-Opener-Policy"] = SameOrigin;
        headers["Referrer-Policy"] = NoReferrer;
    }

    /// <summary>The same for an answer that is written without ASP.NET, a line each.</summary>
    public const string Lines =
        "X-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
        + "Cross-Origin-Resource-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin\r\nReferrer-Policy: no-referrer\r\n";
}
