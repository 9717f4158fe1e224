namespace BacktestOps.Contracts;

/// <summary>What a look at a request found: the answer of <c>POST /api/backtest/check</c>.</summary>
public sealed record RequestCheck
{
    /// <summary>Every fault; none where a start would be accepted, if there is room in the queue.</summary>
    public required IReadOnlyList<RequestFault> Faults { get; init; }
}
