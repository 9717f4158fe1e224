using BacktestOps.Contracts;

namespace BacktestOps.Runs;

/// <summary>How each part that runs need is: a word for the health document, and null or what is wrong.</summary>
/// <param name="Database"><c>connected</c>, or <c>locked</c>, <c>damaged</c>, <c>full</c>, <c>read_only</c>, <c>missing</c>, <c>incomplete</c> (there are results that it knows nothing of), <c>failed</c>.</param>
/// <param name="MarketData"><c>ready</c>, or <c>missing</c>, <c>empty</c>, <c>failed</c>.</param>
/// <param name="ResultStore"><c>writable</c>, or <c>missing</c>, <c>incomplete</c> (a result is gone or was changed), <c>read_only</c>, <c>failed</c>.</param>
/// <param name="ActiveRuns">Runs that wait or are being executed, in every process that shares the home.</param>
public sealed record RunnerHealth(PartHealth Database, PartHealth MarketData, PartHealth ResultStore, int ActiveRuns)
{
    /// <summary>The workers that run strategies in Python: <c>ready</c>, <c>disabled</c> where none are configured, or <c>failed</c>.</summary>
    public PartHealth PythonWorker { get; init; } = new("disabled", null);
}

/// <summary>How one part is.</summary>
/// <param name="Word">One word for the health document: <c>connected</c>, <c>locked</c>, <c>missing</c>.</param>
/// <param name="Problem">Null when the part works; else what is wrong and what to do.</param>
public sealed record PartHealth(string Word, string? Problem)
{
    /// <summary>True when what runs need does not work; false also where something was lost that no run needs, which is named and stops nobody.</summary>
    public bool IsDown { get; init; } = Problem is not null;
}

/// <summary>How many runs there are.</summary>
/// <param name="ByStatus">The runs of the home in each status, every status named.</param>
/// <param name="Waiting">The runs that wait in this process.</param>
public sealed record RunCounts(IReadOnlyDictionary<BacktestStatus, long> ByStatus, int Waiting);
