namespace BacktestOps.Engine.Simulation;

/// <summary>Where a simulation stands after a date: all that the dates after it rest on, beside bars and signals.</summary>
/// <param name="NextDate">The date that comes next, by its place in the timeline.</param>
/// <param name="Cash">The cash.</param>
/// <param name="Equity">Equity at the close before.</param>
/// <param name="Shares">Shares of each symbol.</param>
/// <param name="Positions">What is held and ordered of each.</param>
internal sealed record AccountState(int NextDate, double Cash, double Equity, double[] Shares, Position[] Positions);
