using System.Globalization;
using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>Something that went wrong and that a person can act on.</summary>
public abstract class BacktestOpsException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="errorId">Stable id, Pascal case; scripts may match on it.</param>
    /// <param name="message">What was wrong and where, one or a few sentences.</param>
    /// <param name="recommendedAction">What to do next.</param>
    /// <param name="innerException">What caused it.</param>
    protected BacktestOpsException(string errorId, string message, string recommendedAction, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorId = errorId;
        RecommendedAction = recommendedAction;
    }

    /// <summary>Stable id of the kind of error.</summary>
    public string ErrorId { get; }

    /// <summary>What to do next.</summary>
    public string RecommendedAction { get; }
}

/// <summary>One fault of a request.</summary>
/// <param name="Field">Where, as a JSON path: <c>symbols[1]</c>, <c>parameters.fast</c>.</param>
/// <param name="Detail">What is wrong with it, with the value that was given.</param>
/// <param name="Hint">What would be right; null when the detail says it all.</param>
public sealed record RequestFault(string Field, string Detail, string? Hint = null)
{
    /// <summary>A stable word for the kind of fault, kebab case, for programs that say it in other words or another language; null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <summary>What belongs into the words for this kind of fault, by name; numbers and dates are written as in JSON. Null without a code.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Values { get; init; }

    /// <summary>The same fault with its code.</summary>
    /// <param name="code">The kind of fault, kebab case.</param>
    /// <param name="values">What belongs into its words.</param>
    public RequestFault As(string code, params (string Name, object? Value)[] values) => this with
    {
        Code = code,
        Values = values.ToDictionary(pair => pair.Name, pair => pair.Value switch
        {
            DateTime time => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            IFormattable other => other.ToString(other is DateOnly ? "yyyy-MM-dd" : null, CultureInfo.InvariantCulture),
            var text => text?.ToString() ?? "",
        }),
    };

    /// <summary>Two faults are the same when they say the same of the same place; code and values say it once more.</summary>
    public bool Equals(RequestFault? other) => other is not null && (Field, Detail, Hint) == (other.Field, other.Detail, other.Hint);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Field, Detail, Hint);

    /// <inheritdoc/>
    public override string ToString() => Hint is null ? $"{Field}: {Detail}" : $"{Field}: {Detail} ({Hint})";
}

/// <summary>A request with faults. Nothing was accepted.</summary>
/// <param name="faults">Every fault, at least one; of more than <see cref="MaxFaults"/> the first are kept, and how many more there are.</param>
public sealed class InvalidRequestException(IReadOnlyList<RequestFault> faults) : BacktestOpsException(
    "InvalidRequest",
    faults.Count == 1 ? $"The backtest request has a fault: {faults[0]}" :
        $"The backtest request has {faults.Count} faults: {string.Join("; ", Cap(faults))}",
    "Correct what is named and start the backtest again. Get-BacktestStrategy and Get-MarketData list what can be asked for.")
{
    /// <summary>The most faults that are named.</summary>
    public const int MaxFaults = 100;

    /// <summary>Every fault of the request; of more than <see cref="MaxFaults"/> the first, and how many more there are.</summary>
    public IReadOnlyList<RequestFault> Faults { get; } = Cap(faults);

    // The list of a capped list is the same list, on whichever side of a call.
    private static IReadOnlyList<RequestFault> Cap(IReadOnlyList<RequestFault> faults) => faults.Count <= MaxFaults ? faults :
        [.. faults.Take(MaxFaults - 1), MoreFaults(faults.Count - MaxFaults + 1)];

    /// <summary>What stands for faults that are not named.</summary>
    /// <param name="count">How many.</param>
    public static RequestFault MoreFaults(long count) => new RequestFault(
        "$", FormattableString.Invariant($"has {count:N0} more faults"), "correct those that are named first").As("more-faults", ("count", count));
}

/// <summary>No run has this id.</summary>
/// <param name="backtestId">The id asked for.</param>
/// <param name="endpoint">Who was asked.</param>
public sealed class BacktestNotFoundException(string backtestId, string endpoint) : BacktestOpsException(
    "BacktestNotFound",
    $"There is no backtest '{backtestId}' at {endpoint}.",
    "List the runs with Get-Backtest; Get-BacktestService says which service this session is connected to.")
{
    /// <summary>The id asked for.</summary>
    public string BacktestId { get; } = backtestId;
}

/// <summary>The run has no result to read, not yet or never.</summary>
/// <param name="progress">Where the run stands.</param>
public sealed class ResultNotReadyException(BacktestProgress progress) : BacktestOpsException(
    "ResultNotReady",
    progress.Status switch
    {
        BacktestStatus.Failed => $"Backtest '{progress.BacktestId}' failed and has no result: {progress.Error}",
        BacktestStatus.Cancelled => $"Backtest '{progress.BacktestId}' was cancelled and has no result.",
        _ => FormattableString.Invariant($"Backtest '{progress.BacktestId}' is {progress.Status.ToString().ToLowerInvariant()} at {progress.Progress:0.#} %; it has no result yet."),
    },
    progress.Status.IsTerminal() ? "Start the backtest again." : "Wait for it: Get-BacktestProgress -Wait.")
{
    /// <summary>Where the run stands.</summary>
    public BacktestProgress Progress { get; } = progress;
}

/// <summary>A run of one set of values was asked for its variants.</summary>
/// <param name="backtestId">The run.</param>
public sealed class NotASweepException(string backtestId) : BacktestOpsException(
    "NotASweep",
    $"Backtest '{backtestId}' is one run and has no variants.",
    "Start-Backtest -Sweep runs many; Get-BacktestResult gives the result of this one.")
{
    /// <summary>The run.</summary>
    public string BacktestId { get; } = backtestId;
}

/// <summary>The catalog has no such symbol.</summary>
/// <param name="symbol">The symbol asked for.</param>
/// <param name="hint">Near names, or null.</param>
public sealed class UnknownSymbolException(string symbol, string? hint = null) : BacktestOpsException(
    "UnknownSymbol",
    $"There is no symbol '{symbol}' in the market data{(hint is null ? "." : $"; {hint}")}",
    "Get-MarketData lists the symbols; -DataPath or BACKTESTOPS_DATA points at a folder of your own CSV files.")
{
    /// <summary>The symbol asked for.</summary>
    public string Symbol { get; } = symbol;

    /// <summary>Near names, or null.</summary>
    public string? Hint { get; } = hint;
}

/// <summary>Market data that can't be used.</summary>
/// <param name="source">The file, or another source.</param>
/// <param name="line">The physical line in the file, 1-based; null where no line is at fault.</param>
/// <param name="detail">What is wrong.</param>
/// <param name="innerException">What caused it.</param>
/// <param name="recommendedAction">What to do next; null where the content of the file is at fault.</param>
public sealed class MarketDataException(string source, int? line, string detail, Exception? innerException = null, string? recommendedAction = null) : BacktestOpsException(
    "MarketDataInvalid",
    line is null ? $"{source}: {detail}" : $"{source}, line {line}: {detail}",
    recommendedAction ?? "Correct the file or leave the symbol out.",
    innerException)
{
    /// <summary>The file or other source.</summary>
    public string DataSource { get; } = source;

    /// <summary>The physical line at fault, 1-based; null where no line is.</summary>
    public int? Line { get; } = line;

    /// <summary>What is wrong, without the place.</summary>
    public string Detail { get; } = detail;
}

/// <summary>The service, or a part of the embedded runner, did not answer as it must.</summary>
/// <param name="message">What was wrong and where.</param>
/// <param name="recommendedAction">What to do next.</param>
/// <param name="innerException">What caused it.</param>
public sealed class BacktestUnavailableException(string message, string recommendedAction, Exception? innerException = null)
    : BacktestOpsException("BacktestUnavailable", message, recommendedAction, innerException);
