using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.Engine.Tests.Peers;

/// <summary>The requests that a row of backtesting.csv or backtesting-trades.csv names.</summary>
internal static class PeerCases
{
    /// <summary>The request of a case: averages of 10 and 20 bars, 10 basis points, whole shares, unless it says otherwise.</summary>
    public static BacktestRequest Of(string name, string symbol) => Request(name) with { Symbols = [symbol], InitialCash = 100_000 };

    /// <summary>The data lines of a resource, split at commas.</summary>
    public static IEnumerable<string[]> Rows(string resource)
    {
        using var stream = typeof(PeerCases).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Skip(1).Select(line => line.Split(','))];
    }

    /// <summary>A number as these files write it.</summary>
    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static BacktestRequest Request(string name) => name switch
    {
        "long" => Long(10),
        "short" => Short(10),
        "reverse" => Both(10),
        "stop" => Long(10) with { Stops = new() { StopLoss = "0.05" } },
        "target" => Long(10) with { Stops = new() { TakeProfit = "0.08" } },
        "stop_target" => Long(5) with { Stops = new() { StopLoss = "0.03", TakeProfit = "0.05" } },
        "trailing" => Long(10) with { Stops = new() { TrailingStop = "0.06" } },
        "short_stops" => Short(5) with { Stops = new() { StopLoss = "0.04", TakeProfit = "0.06" } },
        "reverse_stops" => Both(5) with { Stops = new() { StopLoss = "0.04", TakeProfit = "0.1" }, Commission = new() { Rate = 0.0005 } },
        "limit" => Waiting(new() { Kind = OrderKind.Limit, Price = "close * 0.99", Bars = 5 }),
        "stop_entry" => Waiting(new() { Kind = OrderKind.Stop, Price = "close * 1.01", Bars = 5 }),
        "close" => Long(10) with { Commission = new(), Fill = FillTiming.Close },
        "close_stops" => Long(5) with { Stops = new() { StopLoss = "0.03", TakeProfit = "0.05" }, Commission = new(), Fill = FillTiming.Close },
        "per_share" => Long(10) with { Commission = new() { PerShare = 0.01 } },
        "fixed_shares" => Long(10) with { Sizing = new() { Kind = SizingKind.FixedShares, Value = 7 } },
        "half" => Long(10) with { Sizing = new() { Kind = SizingKind.PercentOfEquity, Value = 0.5 } },
        "margin" => Long(50, 200) with
        {
            Commission = new(),
            Sizing = new() { Kind = SizingKind.PercentOfEquity, Value = 2 },
            Margin = new() { Initial = 0.5, Maintenance = 0 },
        },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such case"),
    };

    private static BacktestRequest Long(int fast, int slow = 20) => Trade(new() { Entry = Cross(fast, slow), Exit = Cross(slow, fast) });

    private static BacktestRequest Short(int fast) => Trade(new() { Entry = "false", Exit = "false", ShortEntry = Cross(20, fast), ShortExit = Cross(fast, 20) });

    private static BacktestRequest Both(int fast) => Trade(new() { Entry = Cross(fast, 20), Exit = "false", ShortEntry = Cross(20, fast) });

    private static BacktestRequest Waiting(OrderRule order) => Trade(new() { Entry = Cross(10, 20), Exit = Cross(20, 10), EntryOrder = order });

    private static BacktestRequest Trade(StrategyDefinition rules) => new() { Symbols = [], Rules = rules, Commission = new() { Rate = 0.001 } };

    private static string Cross(int above, int below) => string.Create(CultureInfo.InvariantCulture, $"crossover(sma(close, {above}), sma(close, {below}))");
}
