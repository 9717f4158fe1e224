namespace BacktestOps.Engine.Sweeps;

/// <summary>The figures of one variant, defined as those of a single run.</summary>
public readonly record struct VariantFigures
{
    /// <summary>Final equity / initial cash − 1.</summary>
    public required double TotalReturn { get; init; }

    /// <summary>Final equity / equity at the first close.</summary>
    public required double Growth { get; init; }

    /// <summary>The Sharpe ratio; NaN where a single run gives null.</summary>
    public required double SharpeRatio { get; init; }

    /// <summary>The lowest value of mark / highest mark so far − 1; zero or negative.</summary>
    public required double MaxDrawdown { get; init; }

    /// <summary>Standard deviation of the returns (ddof 1) × √periods per year; NaN with fewer than two returns.</summary>
    public required double AnnualVolatility { get; init; }

    /// <summary>Money won by the trades that won.</summary>
    public required double Won { get; init; }

    /// <summary>Money lost by the trades that lost, zero or negative.</summary>
    public required double Lost { get; init; }

    /// <summary>Closed trades.</summary>
    public required int Trades { get; init; }

    /// <summary>Those with a profit after costs.</summary>
    public required int Wins { get; init; }

    /// <summary>Those with a loss after costs.</summary>
    public required int Losses { get; init; }

    /// <summary>Closes at which any position was held.</summary>
    public required int BarsHeld { get; init; }

    /// <summary>Won trades / trades; NaN without trades.</summary>
    public double WinRate => Trades == 0 ? double.NaN : (double)Wins / Trades;

    /// <summary>Money won / money lost; NaN without losing trades.</summary>
    public double ProfitFactor => Losses == 0 ? double.NaN : Won / -Lost;

    /// <summary>The figures of a single run.</summary>
    internal static VariantFigures Of(BacktestOutcome outcome)
    {
        var trades = TradeFigures.Of([.. outcome.Trades]);
        var performance = outcome.Performance;
        return new VariantFigures
        {
            TotalReturn = performance.TotalReturn,
            Growth = outcome.EquityCurve[^1].Equity / outcome.EquityCurve[0].Equity,
            SharpeRatio = performance.SharpeRatio ?? double.NaN,
            MaxDrawdown = performance.MaxDrawdown,
            AnnualVolatility = performance.AnnualVolatility ?? double.NaN,
            Won = trades.Won,
            Lost = trades.Lost,
            Trades = trades.Count,
            Wins = trades.Wins,
            Losses = trades.Losses,
            BarsHeld = (int)Math.Round((performance.Exposure ?? 0) * outcome.EquityCurve.Count),
        };
    }
}
