using BacktestOps.Runs.MarketData;

namespace BacktestOps.Runs.Tests;

/// <summary>Synthetic stocks are labelled, sound, and the same everywhere.</summary>
public sealed class SyntheticStockTests
{
    [Fact]
    public void TheGeneratorGivesThePublishedNumbersOfSplitMix64()
    {
        // https://rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64, seed 1234567.
        var random = new SplitMixRandom(1234567);
        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(_ => random.NextBits()));
    }

    [Fact]
    public void NormalsHaveTheMomentsOfTwelveUniforms()
    {
        var random = new SplitMixRandom(42);
        var draws = Enumerable.Range(0, 100_000).Select(_ => random.NextNormal()).ToArray();
        var mean = draws.Average();
        var variance = draws.Average(draw => (draw - mean) * (draw - mean));
        // Four standard errors: 4/√n for the mean, 4·√(2/n) for the variance (a little less for light tails).
        Assert.InRange(mean, -0.0127, 0.0127);
        Assert.InRange(variance, 1 - 0.0179, 1 + 0.0179);
        Assert.All(draws, draw => Assert.InRange(draw, -6, 6));
    }

    [Fact]
    public void EveryStockIsLabelledAsSynthetic()
    {
        var stocks = BundledCatalog.Instance.List(TestContext.Current.CancellationToken).Where(symbol => symbol.Symbol != "SP500").ToArray();
        Assert.Equal(6, stocks.Length);
        Assert.All(stocks, stock => Assert.StartsWith("SYN-", stock.Symbol, StringComparison.Ordinal));
        Assert.All(stocks, stock => Assert.StartsWith("Synthetic: ", stock.Name, StringComparison.Ordinal));
        Assert.All(stocks, stock => Assert.Matches("^synthetic \\(seed [0-9]+\\)$", stock.Source));
        Assert.Equal(stocks.Length, stocks.Select(stock => stock.Source).Distinct().Count());
    }

    [Fact]
    public void BarsAreSoundAndTradeOnTheDaysOfTheIndex()
    {
        var days = BundledCatalog.Instance.Load("SP500").Bars.Dates.ToArray().ToHashSet();
        foreach (var stock in SyntheticStock.All)
        {
            var bars = BundledCatalog.Instance.Load(stock.Symbol).Bars;
            Assert.Equal(stock.FirstDay.ToDateTime(TimeOnly.MinValue), bars.Dates[0]);
            for (var i = 0; i < bars.Count; i++)
            {
                Assert.Contains(bars.Dates[i], days);
                Assert.True(bars.Low[i] > 0 && bars.Low[i] <= Math.Min(bars.Open[i], bars.Close[i]) && bars.High[i] >= Math.Max(bars.Open[i], bars.Close[i]), $"{stock.Symbol} {bars.Dates[i]}");
                Assert.True(bars.Volume[i] > 0 && bars.Volume[i] == Math.Floor(bars.Volume[i]));
            }
        }
    }

    // Computed by an independent implementation in Python 3 from the numbers in SyntheticStock.All and the index's days.
    // They change only when the generator does, and then every result on these stocks changes too.
    [Theory]
    [InlineData("SYN-GROW", "180fbf1c2f2f71f671ae2c165b2ba46bf26b716f491f679bff5bf9a5c80fdff5")]
    [InlineData("SYN-FAST", "f9b18f40e5fa21d828229ac4344039fac0aa03d19aa7e846d25582ffcc24bee0")]
    [InlineData("SYN-FALL", "3dd385ce737ce8e75fa76a33491b993591b7172a9414776686c80a47161f7a59")]
    [InlineData("SYN-SIDE", "c19c53cebee698dc553efbd0635851b83f8f1280f43c04b86533cd9411463e02")]
    [InlineData("SYN-CYCLE", "ae6a6e1c8f15fb98356318482ff2ad1a80410403e7249138a8fc6e2367d05853")]
    [InlineData("SYN-YOUNG", "d4243d792030c88f6aabcffcb2b5ce47f5d498c8af4c07709617a5ade00a1882")]
    public void TheBarsAreTheSameOnEveryMachine(string symbol, string fingerprint) =>
        Assert.Equal(fingerprint, BundledCatalog.Instance.Load(symbol).Fingerprint);
}
