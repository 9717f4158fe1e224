namespace BacktestOps.Engine.Simulation;

/// <summary>An exit by rule that waits for its price, for the whole of its position.</summary>
/// <param name="Price">The price.</param>
/// <param name="IsStop">True for a stop order, which is a market order once it is reached; false for a limit order.</param>
/// <param name="First">The first bar of the symbol at which it can fill.</param>
/// <param name="Last">The last one; 0 for no order.</param>
internal readonly record struct WaitingExit(double Price, bool IsStop, int First, int Last)
{
    /// <summary>The price of a stop order that can fill at a bar; NaN where there is none.</summary>
    public double StopAt(int bar) => IsStop && IsLive(bar) ? Price : double.NaN;

    /// <summary>The price of a limit order that can fill at a bar; NaN where there is none.</summary>
    public double LimitAt(int bar) => !IsStop && IsLive(bar) ? Price : double.NaN;

    /// <summary>The same order for the shares that a split or a dividend made.</summary>
    public WaitingExit After(double growth) => this with { Price = Price / growth };

    private bool IsLive(int bar) => bar >= First && bar <= Last;
}

/// <summary>An exit that a level within or before a bar gives.</summary>
/// <param name="Price">The price of the bar.</param>
/// <param name="Reason">What closes the position.</param>
/// <param name="IsLimit">True where nothing but this price or a better one is taken: a target or a limit order.</param>
internal readonly record struct LevelExit(double Price, Contracts.ExitReason Reason, bool IsLimit);
