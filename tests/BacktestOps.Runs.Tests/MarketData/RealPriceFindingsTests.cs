using BacktestOps.Contracts;
using BacktestOps.Runs.MarketData;
using BacktestOps.Runs.MarketData.Inspection;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests.MarketData;

/// <summary>
/// What is found in real prices. Each finding named here was looked at in the file: the print stands alone, the days are
/// missing, the price halves and stays there while the same money is traded.
/// </summary>
public sealed class RealPriceFindingsTests
{
    [Theory]
    [InlineData("AAPL", "2009-09-21 low 10.59;2010-08-31 low 25.3;2011-01-03 low 32.65")]
    [InlineData("AIG", "2003-11-04 low 44.7;2009-05-05 high 20.98")]
    [InlineData("BAC", "2001-11-12 low 40;2003-12-31 high 88.3;2004-09-14 high 51.1")]
    [InlineData("GOOG", "2007-12-18 low 67.5;2008-09-30 low 0.01")]
    [InlineData("IBM", "2002-12-23 open 159.58")]
    [InlineData("IWM", "2008-09-19 high 156.51")]
    [InlineData("QQQ", "2004-11-01 low 27.05;2004-11-17 low 30.9")]
    [InlineData("SPY", "2002-04-02 high 144.12;2004-12-20 low 107.14;2005-09-06 low 105.68")]
    public void PrintsThatCantBeRightAreErrors(string symbol, string expected)
    {
        var errors = Inspect(symbol).Where(finding => finding is { Kind: MarketDataFindingKind.BadPrint, Severity: FindingSeverity.Error });
        Assert.Equal(expected, string.Join(';', errors.Select(Show)));
    }

    [Theory]
    [InlineData("AAPL", 7)]
    [InlineData("AIG", 4)]
    [InlineData("BAC", 11)]
    [InlineData("GOOG", 4)]
    [InlineData("IBM", 6)]
    [InlineData("IWM", 4)]
    [InlineData("QQQ", 8)]
    [InlineData("SPY", 40)]
    public void TheNumberOfBadPrintsIsAsCounted(string symbol, int count) =>
        Assert.Equal(count, Inspect(symbol).Count(finding => finding.Kind == MarketDataFindingKind.BadPrint));

    [Theory]
    [InlineData("GOOG", "2004-08-19 open 135.91")]
    [InlineData("GOOG", "2008-09-30 close 294.57")]
    [InlineData("SPY", "2000-12-18 open 111")]
    [InlineData("IBM", "2002-08-26 low 61")]
    [InlineData("AAPL", "2016-04-29 high 106.93")]
    public void MilderOnesAreWarnings(string symbol, string expected) =>
        Assert.Contains(expected, Inspect(symbol).Where(finding => finding.Severity == FindingSeverity.Warning).Select(Show));

    [Fact]
    public void TheMissingYearsOfQqqAreAHole()
    {
        var hole = Assert.Single(Inspect("QQQ"), finding => finding.Kind == MarketDataFindingKind.Hole);
        Assert.Equal((new DateTime(2004, 11, 30), new DateTime(2011, 3, 23), 1442, FindingSeverity.Error), (hole.Date, hole.Until, hole.Line, hole.Severity));
        Assert.Contains("6.3 years", hole.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSplitOfGoogThatTheAdjustedCloseDoesNotKnowIsFoundAndNoOther()
    {
        foreach (var symbol in new[] { "AAPL", "AIG", "BAC", "IBM", "IWM", "QQQ", "SPY" })
            Assert.DoesNotContain(Inspect(symbol), finding => finding.Kind is MarketDataFindingKind.UnadjustedSplit or MarketDataFindingKind.WrongFactor);
        var split = Assert.Single(Inspect("GOOG"), finding => finding.Kind == MarketDataFindingKind.UnadjustedSplit);
        Assert.Equal((2424, new DateTime(2014, 4, 3), "adj_close", FindingSeverity.Error), (split.Line, split.Date, split.Field, split.Severity));
    }

    // Splits as the companies announced them.
    [Theory]
    [InlineData("AAPL", "2000-06-21 2:1;2005-02-28 2:1;2014-06-09 7:1;2020-08-31 4:1")]
    [InlineData("AIG", "1998-08-03 3:2;1999-08-02 5:4;2000-07-31 3:2;2009-07-01 1:20")]
    [InlineData("BAC", "2004-08-30 2:1")]
    [InlineData("IBM", "1999-05-27 2:1")]
    [InlineData("IWM", "2005-06-09 2:1")]
    [InlineData("QQQ", "2000-03-20 2:1")]
    [InlineData("SPY", "")]
    public void SplitsThatTheAdjustedCloseKnowsAreNotesWithTheirRatio(string symbol, string expected)
    {
        var splits = Inspect(symbol).Where(finding => finding.Kind == MarketDataFindingKind.Split).ToArray();
        Assert.Equal(expected, string.Join(';', splits.Select(split => FormattableString.Invariant($"{split.Date:yyyy-MM-dd} {split.Detail.Split(':', 3)[0][11..]}:{split.Detail.Split(':', 3)[1]}"))));
        Assert.All(splits, split => Assert.Equal(FindingSeverity.Note, split.Severity));
    }

    [Theory]
    [InlineData("AAPL", 2000, 9, 29, "a profit warning halved the price")]
    [InlineData("AIG", 2008, 9, 15, "Lehman")]
    [InlineData("AIG", 2008, 9, 16, "Lehman")]
    [InlineData("AIG", 2011, 1, 20, "warrants, a sixth of the price, were handed out")]
    [InlineData("AAPL", 2010, 5, 6, "the flash crash")]
    [InlineData("SPY", 2010, 5, 6, "the flash crash")]
    [InlineData("QQQ", 2015, 8, 24, "the opening of 2015-08-24")]
    [InlineData("SPY", 2008, 10, 13, "the largest rise")]
    [InlineData("SPY", 2020, 3, 16, "the largest fall")]
    public void RealCrashesAreNotAccused(string symbol, int year, int month, int day, string what)
    {
        Assert.DoesNotContain(Inspect(symbol), finding => finding.Date == new DateTime(year, month, day));
        Assert.NotEmpty(what);
    }

    [Fact]
    public void WhatShipsIsClean()
    {
        foreach (var symbol in BundledCatalog.Instance.List(TestContext.Current.CancellationToken))
            Assert.Empty(BundledCatalog.Instance.Load(symbol.Symbol).Findings);
    }

    [Fact]
    public void NoFileMissesADayThatTheOthersTradedOutsideTheHole()
    {
        var calendars = new CalendarComparison();
        foreach (var symbol in new[] { "AAPL", "AIG", "BAC", "GOOG", "IBM", "IWM", "QQQ", "SPY" })
            calendars.Add(Load(symbol).Series!.Bars, symbol);
        Assert.Empty(calendars.Find());
    }

    private static IReadOnlyList<MarketDataFinding> Inspect(string symbol) => Load(symbol).Findings;

    private static (IReadOnlyList<MarketDataFinding> Findings, MarketSeries? Series) Load(string symbol) =>
        FileInspection.Inspect(File.ReadAllBytes(Path.Combine(SharedData.Daily(), symbol + ".csv")), symbol, symbol + ".csv");

    private static string Show(MarketDataFinding finding) => FormattableString.Invariant($"{finding.Date:yyyy-MM-dd} {finding.Field} {finding.Value}");
}
