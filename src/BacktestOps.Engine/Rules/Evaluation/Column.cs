using BacktestOps.Engine.Indicators;

namespace BacktestOps.Engine.Rules.Evaluation;

/// <summary>The numbers of a series, one a bar.</summary>
/// <param name="Values">NaN where undefined. Shared: never written after it is made.</param>
/// <param name="Errors">How far they can lie from what exact arithmetic gives. Element t rests on bars up to t alone.</param>
internal sealed record Column(double[] Values, ErrorBound Errors);
