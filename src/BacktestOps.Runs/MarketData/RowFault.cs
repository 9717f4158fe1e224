using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData;

/// <summary>Why a row of a file can't be used.</summary>
/// <param name="Kind">What kind of fault.</param>
/// <param name="Detail">What is wrong, as a sentence.</param>
/// <param name="Date">The row's date; null where it can't be read.</param>
internal sealed record RowFault(MarketDataFindingKind Kind, string Detail, DateTime? Date = null);
