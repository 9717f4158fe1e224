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
        if (HttpMethods.IsPost(request.Method) && request.Headers["Sec-Fetch-Site"] is [{ } site] && site is "cross-site" or "same-site")
            return Answer.ProblemAsync(context, HttpProblem.Foreign(
                StatusCodes.Status403Forbidden, $"A page of another site ({request.Headers.Origin}) asked the browser to send this."));
        return next(context);
    }

    // The frequent names come first: this runs on every call.
    private static bool IsLoopback(string host) =>
        host is "127.0.0.1" or "localhost" or "[::1]" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
