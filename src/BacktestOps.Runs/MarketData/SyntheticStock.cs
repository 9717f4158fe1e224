using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Runs.MarketData;

/// <summary>A stock that never was, so that picking stocks means something without anybody's data.</summary>
/// <remarks>
/// A geometric random walk of daily bars. Only + − × ÷ and comparisons are used, which IEEE 754 fixes to the bit;
/// prices are rounded to cents.
/// </remarks>
internal sealed record SyntheticStock
{
    private const double BarsPerYear = 252;

    /// <summary>The stocks that ship.</summary>
    public static IReadOnlyList<SyntheticStock> All { get; } =
    [
        new() { Symbol = "SYN-GROW", Name = "Synthetic: steady growth", Seed = 1, FirstDay = new(2000, 1, 3), FirstPrice = 40, Drift = 0.09, DailyVolatility = 0.009 },
        new() { Symbol = "SYN-FAST", Name = "Synthetic: fast and volatile growth", Seed = 2, FirstDay = new(2000, 1, 3), FirstPrice = 12, Drift = 0.22, DailyVolatility = 0.024 },
        new() { Symbol = "SYN-FALL", Name = "Synthetic: slow decline", Seed = 3, FirstDay = new(2000, 1, 3), FirstPrice = 160, Drift = -0.06, DailyVolatility = 0.013 },
        new() { Symbol = "SYN-SIDE", Name = "Synthetic: sideways, pulled back to its mean", Seed = 4, FirstDay = new(2000, 1, 3), FirstPrice = 75, Reversion = 0.02, DailyVolatility = 0.012 },
        new() { Symbol = "SYN-CYCLE", Name = "Synthetic: bull and bear markets in turn", Seed = 5, FirstDay = new(2003, 6, 2), FirstPrice = 55, Drift = 0.05, Swing = 0.40, SwingBars = 378, DailyVolatility = 0.011 },
        new() { Symbol = "SYN-YOUNG", Name = "Synthetic: young stock, listed in 2012", Seed = 6, FirstDay = new(2012, 5, 18), FirstPrice = 24, Drift = 0.12, DailyVolatility = 0.019 },
    ];

    public required string Symbol { get; init; }
    public required string Name { get; init; }
    public required ulong Seed { get; init; }
    public required DateOnly FirstDay { get; init; }
    public required double FirstPrice { get; init; }

    /// <summary>Mean return per year.</summary>
    public double Drift { get; init; }

    /// <summary>Added to the drift of the year in a bull market and taken from it in a bear market, in turn every <see cref="SwingBars"/>.</summary>
    public double Swing { get; init; }

    public int SwingBars { get; init; } = 1;

    /// <summary>The part of the distance to the first price that is gone back each day.</summary>
    public double Reversion { get; init; }

    /// <summary>Standard deviation of daily returns.</summary>
    public required double DailyVolatility { get; init; }

    /// <summary>Makes the bars on the given trading days.</summary>
    public MarketSeries Generate(ReadOnlySpan<DateTime> tradingDays)
    {
        var first = tradingDays.BinarySearch(FirstDay.ToDateTime(TimeOnly.MinValue));
        var dates = tradingDays[(first < 0 ? ~first : first)..].ToArray();
        var n = dates.Length;
        double[] open = new double[n], high = new double[n], low = new double[n], close = new double[n], volume = new double[n];
        var random = new SplitMixRandom(Seed);
        var price = FirstPrice;
        for (var i = 0; i < n; i++)
        {
            // The draws of a bar are made in a fixed order and number, so that no bar shifts those after it.
            double gap = random.NextNormal(), move = random.NextNormal(), up = random.NextUniform(), down = random.NextUniform(), crowd = random.NextUniform();
            var opening = price * (1 + DailyVolatility * 0.3 * gap);
            price *= 1 + DailyDrift(i, price) + DailyVolatility * move;
            open[i] = Cents(opening);
            close[i] = Cents(price);
            high[i] = Cents(Math.Max(opening, price) * (1 + DailyVolatility * 0.5 * up));
            low[i] = Cents(Math.Min(opening, price) * (1 - DailyVolatility * 0.5 * down));
            volume[i] = (long)(1_000_000 * (0.5 + crowd + Math.Abs(move)));
        }

        var bars = new BarSeries(Symbol, dates, open, high, low, close, volume);
        return new MarketSeries(bars, Name, string.Create(CultureInfo.InvariantCulture, $"synthetic (seed {Seed})"), Fingerprint(bars), []);
    }

    private double DailyDrift(int bar, double price)
    {
        var yearly = Drift + (bar / SwingBars % 2 == 0 ? Swing : -Swing);
        return yearly / BarsPerYear + Reversion * (FirstPrice - price) / FirstPrice;
    }

    private static double Cents(double price) => Math.Max(1, (long)(price * 100 + 0.5)) / 100.0;

    /// <summary>SHA-256 of the bars written as a CSV file would hold them.</summary>
    private static string Fingerprint(BarSeries bars)
    {
        var text = new StringBuilder("date,open,high,low,close,volume\n");
        for (var i = 0; i < bars.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"{bars.Dates[i]:yyyy-MM-dd},{bars.Open[i]:0.00},{bars.High[i]:0.00},{bars.Low[i]:0.00},{bars.Close[i]:0.00},{bars.Volume[i]:0}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
