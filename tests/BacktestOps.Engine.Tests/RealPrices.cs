using System.Globalization;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Engine.Tests;

/// <summary>Real prices: an excerpt inside this assembly, and the daily files that lie beside the project.</summary>
internal static class RealPrices
{
    /// <summary>S&amp;P 500 of 2008; see Reference/README.md.</summary>
    public static BarSeries Sp500In2008() => Embedded("sp500-2008.csv");

    /// <summary>S&amp;P 500 from 2000-01-03 to 2020-04-17: the file that the module ships.</summary>
    public static BarSeries Sp500() => Embedded("SP500.csv");

    private static BarSeries Embedded(string name)
    {
        using var stream = typeof(RealPrices).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return Read("SP500", reader.ReadToEnd());
    }

    /// <summary>A stock of shared/data/daily in a folder above; skips the test where there is none.</summary>
    public static BarSeries Shared(string symbol) => Read(symbol, SharedText(symbol));

    /// <summary>The closes as they are written, for arithmetic that is not ours.</summary>
    public static decimal[] SharedDecimalCloses(string symbol) =>
        [.. Rows(SharedText(symbol)).Skip(1).Select(row => decimal.Parse(row[4], CultureInfo.InvariantCulture))];

    private static string SharedText(string symbol)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "data", "daily", $"{symbol}.csv");
            if (File.Exists(file)) return File.ReadAllText(file);
        }
        Assert.Skip($"shared/data/daily/{symbol}.csv is in no folder above the tests: the real prices lie beside the project, not in it.");
        return "";
    }

    private static BarSeries Read(string symbol, string text)
    {
        var rows = Rows(text).ToArray();
        var header = rows[0];
        double[] Column(string name)
        {
            var index = Array.IndexOf(header, name);
            return [.. rows.Skip(1).Select(row => double.Parse(row[index], CultureInfo.InvariantCulture))];
        }
        var dates = rows.Skip(1).Select(row => DateTime.ParseExact(row[0], "yyyy-MM-dd", CultureInfo.InvariantCulture)).ToArray();
        return new BarSeries(
            symbol, dates, Column("open"), Column("high"), Column("low"), Column("close"), Column("volume"),
            header.Contains("adj_close") ? Column("adj_close") : null);
    }

    private static IEnumerable<string[]> Rows(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split(','));
}
