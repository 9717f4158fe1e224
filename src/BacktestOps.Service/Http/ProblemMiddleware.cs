using BacktestOps.Contracts;
using BacktestOps.Service.Observing;

namespace BacktestOps.Service.Http;

/// <summary>Sees to it that every error leaves as a problem document and none as a stack trace.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, HiddenFolders folders, ILogger<ProblemMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        SecurityHeaders.Apply(context.Response);
        try
        {
            await next(context).ConfigureAwait(false);
            if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentLength: null or 0 })
                await Answer.ProblemAsync(context, HttpProblem.Of(context.Response.StatusCode, context)).ConfigureAwait(false);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to tell.
        }
        catch (Exception exception)
        {
            var problem = Describe(exception, context);
            problem = problem with
            {
                Detail = folders.Hide(problem.Detail),
                Action = folders.Hide(problem.Action),
                MarketData = problem.MarketData is { } data ? data with { Source = folders.Hide(data.Source)!, Detail = folders.Hide(data.Detail)! } : null,
            };
            if (context.Response.HasStarted)
            {
                // Its status says that all is well. The caller must see that the answer is broken, not take a part of it for the whole.
                LogBroken(exception, context.Request.Method, context.Request.Path, context.TraceIdentifier);
                context.Abort();
                return;
            }
            context.Response.Clear();
            SecurityHeaders.Apply(context.Response);
            // How long until it is worth asking again, in seconds; a queue needs longer than a part that is starting.
            if (problem.Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests || exception is IdempotencyKeyInUseException)
                context.Response.Headers.RetryAfter = problem.Status == StatusCodes.Status429TooManyRequests ? "5" : "1";
            await Answer.ProblemAsync(context, problem).ConfigureAwait(false);
        }
    }

    private static Problem Describe(Exception exception, HttpContext context)
    {
        switch (exception)
        {
            case BacktestNotFoundException missing:
                // Callers know the service by its address; its home folder is nobody's business.
                return new BacktestNotFoundException(missing.BacktestId, $"{context.Request.Scheme}://{context.Request.Host}").ToProblem();
            case HttpProblemException known:
                return known.Problem;
            case BacktestOpsException known:
                var problem = known.ToProblem();
                if (problem.Status >= 500)
                    context.Features.Set(new Refusal(known));
                return problem;
            case BadHttpRequestException bad:
                return HttpProblem.Of(bad);
            default:
                context.Features.Set(new Refusal(exception));
                return HttpProblem.Internal(context.TraceIdentifier);
        }
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Error, Message = "{Method} {Path} met a fault in the middle of its answer, reference {Reference}")]
    private partial void LogBroken(Exception exception, string method, PathString path, string reference);
}

/// <summary>Ends a call with a problem of HTTP itself.</summary>
/// <param name="problem">What the caller is told.</param>
internal sealed class HttpProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
