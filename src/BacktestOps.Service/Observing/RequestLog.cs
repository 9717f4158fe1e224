using System.Diagnostics;
using BacktestOps.Contracts;

namespace BacktestOps.Service.Observing;

/// <summary>
/// Counts every call, and writes a line about each that was answered with 4xx or 5xx. A good answer costs a count and no line,
/// and a query is never written: it may hold what is nobody's business.
/// </summary>
/// <remarks>
/// Each line carries the calls since the line before it, and a minute without one is counted in a line of its own: added up, the
/// lines say out of how many calls the bad ones are.
/// </remarks>
internal sealed partial class RequestLog : IDisposable
{
    private const int LongestPath = 256, LongestAgent = 64;

    private static readonly TimeSpan CountEvery = TimeSpan.FromMinutes(1);

    private readonly ILogger _log;
    private readonly BackendGate _gate;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private long _requests;

    public RequestLog(ILoggerFactory loggers, BackendGate gate, TimeProvider clock)
    {
        (_log, _gate, _clock) = (loggers.CreateLogger("BacktestOps.Service.Requests"), gate, clock);
        _timer = clock.CreateTimer(_ => WriteCount(), null, CountEvery, CountEvery);
    }

    /// <summary>Stands around everything that answers a call.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var (begin, isStarting) = (_clock.GetTimestamp(), _gate.Current is null);
        var answer = next(context);
        // Most answers are there at once; only the others are worth a state machine.
        if (!answer.IsCompletedSuccessfully)
            return NoteLaterAsync(answer, context, begin, isStarting);
        Note(context, begin, isStarting);
        return answer;
    }

    /// <summary>Writes what was not counted yet.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        WriteCount();
    }

    private async Task NoteLaterAsync(Task answer, HttpContext context, long begin, bool isStarting)
    {
        try
        {
            await answer.ConfigureAwait(false);
        }
        finally
        {
            Note(context, begin, isStarting);
        }
    }

    private void Note(HttpContext context, long begin, bool isStarting)
    {
        Interlocked.Increment(ref _requests);
        if (context.Response.StatusCode >= StatusCodes.Status400BadRequest)
            WriteBad(context, _clock.GetElapsedTime(begin).TotalMilliseconds, isStarting);
    }

    private void WriteBad(HttpContext context, double took, bool isStarting)
    {
        var request = context.Request;
        var (method, status, path) = (request.Method, context.Response.StatusCode, Cut(request.Path.ToUriComponent(), LongestPath));
        // Who asked, as it calls itself: a browser, a script, or the checks of an operator.
        var agent = request.Headers.UserAgent.ToString() is { Length: > 0 } name ? Cut(name, LongestAgent) : "none";
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        var (trace, milliseconds, requests) = (Activity.Current?.TraceId.ToString(), Math.Round(took, 1), Interlocked.Exchange(ref _requests, 0));
        if (isStarting)
            LogStarting(method, path, status, milliseconds, route, agent, trace, requests);
        else if (context.Features.Get<Refusal>() is not { } refusal)
            LogRefused(method, path, status, milliseconds, route, agent, trace, requests);
        else if (refusal.Reason is BacktestOpsException reason)
            LogUnavailable(method, path, status, milliseconds, reason.Message, route, agent, trace, requests);
        else
            LogFault(refusal.Reason, method, path, status, milliseconds, context.TraceIdentifier, route, agent, trace, requests);
    }

    private static string Cut(string text, int length) => text.Length > length ? text[..length] + "…" : text;

    private void WriteCount()
    {
        if (Interlocked.Exchange(ref _requests, 0) is > 0 and var requests)
            LogCount(requests);
    }

    [LoggerMessage(EventId = 40, Level = LogLevel.Information, Message = "{Method} {Path} responded {Status} in {Milliseconds} ms, route {Route}, caller {Agent}, trace {TraceId}; {Requests} requests since the last count")]
    private partial void LogRefused(string method, string path, int status, double milliseconds, string route, string agent, string? traceId, long requests);

    [LoggerMessage(EventId = 41, Level = LogLevel.Warning, Message = "{Method} {Path} responded {Status} in {Milliseconds} ms: {Reason}, route {Route}, caller {Agent}, trace {TraceId}; {Requests} requests since the last count")]
    private partial void LogUnavailable(string method, string path, int status, double milliseconds, string reason, string route, string agent, string? traceId, long requests);

    [LoggerMessage(EventId = 42, Level = LogLevel.Error, Message = "{Method} {Path} responded {Status} in {Milliseconds} ms after a fault, reference {Reference}, route {Route}, caller {Agent}, trace {TraceId}; {Requests} requests since the last count")]
    private partial void LogFault(Exception exception, string method, string path, int status, double milliseconds, string reference, string route, string agent, string? traceId, long requests);

    // What waits for a start asks until it is over: that is no error, and must not look like one.
    [LoggerMessage(EventId = 44, Level = LogLevel.Information, Message = "{Method} {Path} responded {Status} in {Milliseconds} ms while the service was starting, route {Route}, caller {Agent}, trace {TraceId}; {Requests} requests since the last count")]
    private partial void LogStarting(string method, string path, int status, double milliseconds, string route, string agent, string? traceId, long requests);

    [LoggerMessage(EventId = 43, Level = LogLevel.Information, Message = "Answered {Requests} requests since the last count")]
    private partial void LogCount(long requests);
}

/// <summary>Why a call could not be answered, kept with the call until its line is written.</summary>
/// <param name="Reason">A problem of the service that has words of its own, or a fault.</param>
internal sealed record Refusal(Exception Reason);
