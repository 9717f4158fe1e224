using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Benchmarks.Engine;

/// <summary>Inputs of the engine's measurements, from a seed.</summary>
internal static class Samples
{
    /// <summary>The seed of all random walks.</summary>
    public const int Seed = 20261123;

    /// <summary>A random walk in cents on weekdays: decimals, as prices are.</summary>
    /// <param name="symbol">The symbol; part of the seed.</param>
    /// <param name="count">How many bars.</param>
    public static BarSeries Walk(string symbol, int count)
    {
        var random = new Random(Seed + symbol.Sum(letter => letter));
        var dates = new DateTime[count];
        var (open, high, low) = (new double[count], new double[count], new double[count]);
        var (close, volume) = (new double[count], new double[count]);
        var (day, cents) = (new DateTime(2000, 1, 3), 10_000);
        for (var t = 0; t < count; t++)
        {
            while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) day = day.AddDays(1);
            dates[t] = day;
            day = day.AddDays(1);
            var first = Math.Max(100, cents + random.Next(-50, 51));
            cents = Math.Max(100, first + random.Next(-200, 203));
            open[t] = first / 100.0;
            close[t] = cents / 100.0;
            high[t] = (Math.Max(first, cents) + random.Next(50)) / 100.0;
            low[t] = (Math.Min(first, cents) - random.Next(50)) / 100.0;
            volume[t] = random.Next(100_000, 1_000_000);
        }
        return new BarSeries(symbol, dates, open, high, low, close, volume);
    }

    /// <summary>The first bars of a real stock where the real prices lie beside the project, else of a random walk.</summary>
    /// <param name="count">How many bars.</param>
    public static (BarSeries Bars, string Name) Real(int count)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "data", "daily", "GOOG.csv");
            if (!File.Exists(file)) continue;
            var rows = File.ReadLines(file).Skip(1).Take(count).Select(line => line.Split(',')).ToArray();
            double[] Column(int index) => [.. rows.Select(row => double.Parse(row[index], CultureInfo.InvariantCulture))];
            var dates = rows.Select(row => DateTime.ParseExact(row[0], "yyyy-MM-dd", CultureInfo.InvariantCulture)).ToArray();
            return (new BarSeries("AAA", dates, Column(1), Column(2), Column(3), Column(4), Column(6)), "GOOG");
        }
        return (Walk("AAA", count), "random walk");
    }

    /// <summary>The request of the measurements: 10 basis points, whole shares.</summary>
    /// <param name="symbols">The symbols.</param>
    public static BacktestRequest SmaCross(params string[] symbols) => new()
    {
        Symbols = symbols,
        Strategy = "SmaCross",
        Parameters = new Dictionary<string, double> { ["fast"] = 10, ["slow"] = 20 },
        Commission = new CommissionTerms { Rate = 0.001 },
    };
}
