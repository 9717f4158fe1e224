using System.Net;

namespace BacktestOps.Service.Http;

/// <summary>
/// Keeps pages of other sites, open in a browser of this machine, from using the service: a name that was pointed at
/// 127.0.0.1 (DNS rebinding) and a request that another site makes the browser send (request forgery).
/// </summary>
internal sealed class ForeignCallerGuard(RequestDelegate next, bool isPublic)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        // A service for other machines has whatever names they know it by; there the API key keeps strangers out.
        if (!isPublic && !IsLoopback(request.Host.Host))
            return Answer.ProblemAsync(context, HttpProblem.Foreign(
                StatusCodes.Status421MisdirectedRequest, $"The service answers to loopback names only, not to '{request.Host.Host}'."));
        // Refused before anything is looked up: neither the status nor the time that the answer takes says what there is here.
        if (IsOfAnotherSite(request) && !(IsRead(request.Method) && IsPage(request.Path)))
            return Answer.ProblemAsync(context, HttpProblem.Foreign(
                StatusCodes.Status403Forbidden, $"A page of another site ({request.Headers.Origin}) asked the browser to send this."));
        return next(context);
    }

    private static bool IsOfAnotherSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is { Count: > 0 } sites && sites.ToString() is not ("same-origin" or "none");

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    // What a link of another site may lead to: the pages are the same for everybody and say nothing of what is here.
    private static bool IsPage(PathString path) =>
        path.Value is "/" or "/favicon.ico" or "/specific-stock-selection.html" or "/reference.html" || path.StartsWithSegments("/assets", StringComparison.Ordinal);

    // The frequent names come first: this runs on every call.
    private static bool IsLoopback(string host) =>
        host is "127.0.0.1" or "localhost" or "[::1]" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
