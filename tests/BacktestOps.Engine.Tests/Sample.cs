using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Engine.Tests;

/// <summary>Small inputs, written where they are used.</summary>
internal static class Sample
{
    public static readonly DateOnly FirstDay = new(2020, 1, 6);

    /// <summary>Daily bars on weekdays whose open, high, low and close are one price.</summary>
    public static BarSeries Flat(params double[] prices) => OpenClose("ABC", prices, prices);

    /// <summary>Daily bars on weekdays from given opens and closes.</summary>
    public static BarSeries OpenClose(string symbol, double[] open, double[] close, DateOnly? firstDay = null)
    {
        var high = open.Zip(close, Math.Max).ToArray();
        var low = open.Zip(close, Math.Min).ToArray();
        return new BarSeries(symbol, Weekdays(open.Length, firstDay ?? FirstDay), [.. open], high, low, [.. close], [.. open.Select(_ => 1000.0)]);
    }

    public static DateTime[] Weekdays(int count, DateOnly firstDay)
    {
        var dates = new DateTime[count];
        var day = firstDay.ToDateTime(TimeOnly.MinValue);
        for (var t = 0; t < count; t++)
        {
            while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) day = day.AddDays(1);
            dates[t] = day;
            day = day.AddDays(1);
        }
        return dates;
    }

    public static BacktestRequest BuyAndHold(params string[] symbols) => new()
    {
        Symbols = symbols.Length == 0 ? ["ABC"] : symbols,
        Strategy = "BuyAndHold",
        InitialCash = 1000,
    };

    public static BacktestRequest SmaCross(int fast, int slow, params string[] symbols) => new()
    {
        Symbols = symbols.Length == 0 ? ["ABC"] : symbols,
        Strategy = "SmaCross",
        Parameters = new Dictionary<string, double> { ["fast"] = fast, ["slow"] = slow },
        InitialCash = 1000,
    };

    public static BacktestOutcome Run(BacktestRequest request, params BarSeries[] universe) =>
        Backtester.Run(request, universe, null, TestContext.Current.CancellationToken);
}
