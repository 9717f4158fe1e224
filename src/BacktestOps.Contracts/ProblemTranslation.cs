using System.Text.Json;

namespace BacktestOps.Contracts;

/// <summary>
/// Turns the exceptions of <see cref="IBacktestApi"/> into problem documents and back. Both directions stand together,
/// so that an error means the same to a caller of the embedded runner and to a caller of the service.
/// </summary>
public static class ProblemTranslation
{
    /// <summary>What every kind of problem begins with.</summary>
    public const string TypePrefix = "urn:backtestops:";

    /// <summary>The kind of problem of an error id: <c>InvalidRequest</c> becomes <c>urn:backtestops:invalid-request</c>.</summary>
    /// <param name="errorId">A stable error id, Pascal case.</param>
    public static string TypeOf(string errorId) => TypePrefix + JsonNamingPolicy.KebabCaseLower.ConvertName(errorId);

    /// <summary>The problem document of an exception.</summary>
    /// <param name="exception">What went wrong.</param>
    public static Problem ToProblem(this BacktestOpsException exception)
    {
        var (status, title) = exception switch
        {
            InvalidRequestException => (400, "The request has faults"),
            BacktestNotFoundException => (404, "No such backtest"),
            NotASweepException => (404, "The backtest has no variants"),
            UnknownSymbolException => (404, "No such symbol"),
            ResultNotReadyException => (409, "The backtest has no result"),
            ResultLostException => (410, "The result is lost"),
            MarketDataException => (422, "The market data can't be used"),
            AccessDeniedException => (401, "An API key is needed"),
            IdempotencyKeyInUseException => (409, "The idempotency key is in use"),
            IdempotencyKeyReusedException => (422, "The idempotency key stands for another request"),
            QueueFullException => (429, "Too many backtests wait"),
            BacktestUnavailableException => (503, "The service can't answer now"),
            _ => (500, "The request could not be done"),
        };
        return new Problem
        {
            Type = TypeOf(exception.ErrorId),
            Title = title,
            Status = status,
            Detail = exception.Message,
            Action = exception.RecommendedAction,
            Errors = (exception as InvalidRequestException)?.Faults,
            BacktestId = (exception as BacktestNotFoundException)?.BacktestId ?? (exception as NotASweepException)?.BacktestId,
            Backtest = (exception as ResultNotReadyException)?.Progress,
            Symbol = (exception as UnknownSymbolException)?.Symbol,
            Hint = (exception as UnknownSymbolException)?.Hint,
            MarketData = exception is MarketDataException data ? new(data.DataSource, data.Line, data.Detail) : null,
        };
    }

    /// <summary>The exception of a problem document; an unavailable service for a kind that is not known here.</summary>
    /// <param name="problem">What the service answered.</param>
    /// <param name="endpoint">Which service, for the message.</param>
    public static BacktestOpsException ToException(this Problem problem, string endpoint) => problem switch
    {
        { Type: TypePrefix + "invalid-request" } => new InvalidRequestException(
            problem.Errors is { Count: > 0 } faults ? faults : [new RequestFault("$", problem.Detail ?? problem.Title)]),
        { Type: TypePrefix + "backtest-not-found", BacktestId: { } id } => new BacktestNotFoundException(id, endpoint),
        { Type: TypePrefix + "not-a-sweep", BacktestId: { } id } => new NotASweepException(id),
        { Type: TypePrefix + "result-not-ready", Backtest: { } progress } => new ResultNotReadyException(progress),
        { Type: TypePrefix + "unknown-symbol", Symbol: { } symbol } => new UnknownSymbolException(symbol, problem.Hint),
        { Type: TypePrefix + "market-data-invalid", MarketData: { } fault } => new MarketDataException(fault.Source, fault.Line, fault.Detail),
        { Type: TypePrefix + "access-denied", Detail: { } detail } => new AccessDeniedException(detail),
        { Type: TypePrefix + "idempotency-key-in-use", Detail: { } detail } => new IdempotencyKeyInUseException(detail),
        { Type: TypePrefix + "idempotency-key-reused", Detail: { } detail } => new IdempotencyKeyReusedException(detail),
        { Type: TypePrefix + "result-lost", Detail: { } detail } => new ResultLostException(detail),
        { Type: TypePrefix + "queue-full", Detail: { } detail } => new QueueFullException(detail),
        { Type: TypePrefix + "backtest-unavailable", Detail: { } detail, Action: { } action } => new BacktestUnavailableException(detail, action),
        _ => new BacktestUnavailableException(
            $"The service at {endpoint} answered {problem.Status} {problem.Title}{(problem.Detail is null ? "." : $": {problem.Detail}")}",
            problem.Action ?? "Look at the service's log; Get-BacktestService says which service this session is connected to."),
    };
}
