using BacktestOps.Contracts;
using BacktestOps.Service.Http;

namespace BacktestOps.Service.Access;

/// <summary>Lets nobody pass without a key, but to what a browser or a probe must reach before it can have one.</summary>
internal sealed class ApiKeyGuard(RequestDelegate next, ApiKeys keys)
{
    private const string Scheme = "Bearer ";

    /// <summary>Where the name of the caller's key is kept with the call.</summary>
    public static readonly object Caller = new();

    public Task InvokeAsync(HttpContext context)
    {
        var sent = context.Request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;
        // What a caller gets depends on the key: a cache between us must not give it to somebody without one.
        context.Response.Headers.Append("Vary", "Authorization");
        if (sent is not null && keys.Find(sent) is { } name)
            context.Items[Caller] = name;
        else if (!IsOpen(context.Request.Path) && !(sent is null && AsksForReference(context.Request)))
            return RefuseAsync(context, sent is not null);
        return next(context);
    }

    // The page and its pictures hold nothing of anybody; what they show comes from calls that need the key.
    private static bool IsOpen(PathString path) =>
        path.Value is "/" or "/favicon.ico" or "/specific-stock-selection.html" or "/api/health"
        || path.StartsWithSegments("/assets", StringComparison.Ordinal);

    // A browser that opens the reference can't send a key before it was asked for one; it gets a form for it, and nothing of the reference.
    private static bool AsksForReference(HttpRequest request) =>
        request.Path.Value == "/reference.html" && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static Task RefuseAsync(HttpContext context, bool wasSent)
    {
        context.Response.Headers.WWWAuthenticate = wasSent ? "Bearer realm=\"backtestops\", error=\"invalid_token\"" : "Bearer realm=\"backtestops\"";
        return Answer.ProblemAsync(context, new AccessDeniedException(
            wasSent ? "The service does not know the API key that was sent." : "The service wants an API key, and none was sent.").ToProblem());
    }
}
