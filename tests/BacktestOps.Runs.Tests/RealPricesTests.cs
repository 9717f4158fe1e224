using BacktestOps.Runs.MarketData;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests;

/// <summary>Real prices load as they are: the bundled index, and the eight stocks that may lie beside the project.</summary>
public sealed class RealPricesTests
{
    [Fact]
    public void TheBundledIndexHasTheFiguresOfItsSource()
    {
        // First and last row of data/sp500-2000.csv in the npm package vega-datasets 3.2.1, and the SHA-256 of that file.
        var index = BundledCatalog.Instance.Load("SP500");
        Assert.Equal(5105, index.Bars.Count);
        Assert.Equal(new DateTime(2000, 1, 3), index.Bars.Dates[0]);
        Assert.Equal((1469.25, 1478.0, 1438.359985, 1455.219971, 931_800_000), (index.Bars.Open[0], index.Bars.High[0], index.Bars.Low[0], index.Bars.Close[0], index.Bars.Volume[0]));
        Assert.Equal(new DateTime(2020, 4, 17), index.Bars.Dates[^1]);
        Assert.Equal(2874.560059, index.Bars.Close[^1]);
        Assert.Equal("9409e9342d0657c747324e4cfabce8a8c7f663bc485b95a3378f36b0a160f8c8", index.Fingerprint);
        Assert.True(index.Bars.HasAdjustedClose);
        Assert.Empty(index.Warnings);
    }

    // Rows as counted by wc -l less the header; first and last close read off the files.
    [Theory]
    [InlineData("AAPL", 5849, 16.2500, 122.1500, 122.150000)]
    [InlineData("AIG", 5849, 109.8800, 46.2100, 46.210000)]
    [InlineData("BAC", 5849, 73.6300, 38.6900, 38.690000)]
    [InlineData("GOOG", 4183, 100.3700, 2068.6300, 2068.630000)]
    [InlineData("IBM", 5849, 105.7500, 133.2600, 133.260000)]
    [InlineData("IWM", 5244, 91.4400, 220.9400, 220.940000)]
    [InlineData("QQQ", 3964, 101.9400, 319.1300, 319.130000)]
    [InlineData("SPY", 5849, 97.3600, 396.3300, 396.330000)]
    public void TheStocksBesideTheProjectLoadAsTheyAre(string symbol, int bars, double firstClose, double lastClose, double lastAdjusted)
    {
        var catalog = new FolderCatalog(SharedData.Daily());
        var series = catalog.Load(symbol);
        Assert.Equal(bars, series.Bars.Count);
        Assert.Equal((firstClose, lastClose, lastAdjusted), (series.Bars.Close[0], series.Bars.Close[^1], series.Bars.AdjustedClose[^1]));
        Assert.Empty(series.Warnings);
    }

    [Fact]
    public void TheCatalogOfTheStocksBesideTheProjectIsWhole()
    {
        var symbols = new FolderCatalog(SharedData.Daily()).List(TestContext.Current.CancellationToken);
        Assert.Equal(["AAPL", "AIG", "BAC", "GOOG", "IBM", "IWM", "QQQ", "SPY"], symbols.Select(symbol => symbol.Symbol));
        Assert.All(symbols, symbol => Assert.Null(symbol.Error));
        Assert.All(symbols, symbol => Assert.Equal(new DateTime(2021, 3, 31), symbol.Last));
        Assert.All(symbols, symbol => Assert.True(symbol.HasAdjustedClose));
    }
}
