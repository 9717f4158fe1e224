using System.Globalization;
using System.Text;
using BacktestOps.Contracts;
using BacktestOps.Runs.MarketData;
using BacktestOps.Runs.MarketData.Inspection;

namespace BacktestOps.Runs.Tests.MarketData;

/// <summary>Faults that are put into clean prices are found where they were put, and nothing else is.</summary>
public sealed class InspectionTests
{
    private static readonly string[] s_clean = Rows(BundledCatalog.Instance.Load("SP500").Rows(new DateOnly(2010, 1, 1), new DateOnly(2019, 12, 31)));

    public static TheoryData<int> Places => [3, 40, 777, 1500, 2400];

    [Fact]
    public void CleanPricesHaveNoFinding() => Assert.Empty(Inspect(s_clean));

    [Theory]
    [MemberData(nameof(Places))]
    public void APrintThatStandsAloneIsFound(int at)
    {
        foreach (var (column, factor) in new[] { (1, 1.6), (2, 1.4), (3, 0.5), (4, 0.6) })
        {
            var rows = Changed(at, fields => fields[column] = Times(fields[column], factor));
            // High and low keep their order: a wrong open or close is the bar's high or low too.
            if (column is 1) rows[at] = With(rows[at], 2, Field(rows[at], 1));
            if (column is 4) rows[at] = With(rows[at], 3, Field(rows[at], 4));
            var finding = Assert.Single(Inspect(rows));
            Assert.Equal((MarketDataFindingKind.BadPrint, FindingSeverity.Error, at + 2), (finding.Kind, finding.Severity, finding.Line));
            Assert.Equal(new[] { "date", "open", "high", "low", "close" }[column], finding.Field);
            Assert.Equal(double.Parse(Field(rows[at], column), CultureInfo.InvariantCulture), finding.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void MissingWeeksAreAHole(int at)
    {
        var finding = Assert.Single(Inspect([.. s_clean[..at], .. s_clean[(at + 12)..]]));
        Assert.Equal((MarketDataFindingKind.Hole, at + 1), (finding.Kind, finding.Line));
        Assert.Equal(Field(s_clean[at + 12], 0), finding.Until!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void ADayThatStandsThereTwiceIsFoundAndTheRestIsStillLookedAt(int at)
    {
        string[] rows = [.. s_clean[..(at + 1)], s_clean[at], .. s_clean[(at + 1)..]];
        rows[at + 20] = With(rows[at + 20], 3, Times(Field(rows[at + 20], 3), 0.4));
        var found = Inspect(rows);
        Assert.Equal([(MarketDataFindingKind.DuplicateDay, at + 3), (MarketDataFindingKind.BadPrint, at + 22)], found.Select(finding => (finding.Kind, finding.Line!.Value)));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void ABarThatWasCopiedFromTheDayBeforeIsFound(int at)
    {
        var rows = (string[])s_clean.Clone();
        rows[at] = Field(rows[at], 0) + rows[at - 1][10..];
        var finding = Assert.Single(Inspect(rows));
        Assert.Equal((MarketDataFindingKind.DuplicateDay, FindingSeverity.Warning, at + 2), (finding.Kind, finding.Severity, finding.Line));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(7, 1)]
    [InlineData(1, 10)]
    public void ASplitThatNoFactorKnowsIsFound(int to, int from)
    {
        const int At = 1200;
        var ratio = (double)to / from;
        // Shares are more and each is worth less; the money traded stays. Both closes fall: nothing adjusts for it.
        var rows = s_clean.Select((row, t) => t < At ? row : Scaled(row, 1 / ratio, 1 / ratio)).ToArray();
        var finding = Assert.Single(Inspect(rows));
        Assert.Equal((MarketDataFindingKind.UnadjustedSplit, FindingSeverity.Error, At + 2), (finding.Kind, finding.Severity, finding.Line));
        Assert.Contains($" {to}:{from},", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void ACrashToHalfThePriceWithACrowdIsNoSplit()
    {
        const int At = 1200;
        var rows = s_clean.Select((row, t) => t < At ? row : Scaled(row, 0.5, 0.5)).ToArray();
        rows[At] = With(rows[At], 6, Times(Field(rows[At], 6), 10));
        Assert.Empty(Inspect(rows));
    }

    [Fact]
    public void ASplitThatTheFactorKnowsIsANote()
    {
        const int At = 1200;
        var rows = s_clean.Select((row, t) => t < At ? Scaled(row, 2, 1) : row).ToArray();
        var finding = Assert.Single(Inspect(rows));
        Assert.Equal((MarketDataFindingKind.Split, FindingSeverity.Note, At + 2), (finding.Kind, finding.Severity, finding.Line));
    }

    [Theory]
    [InlineData(2.0)]
    [InlineData(0.5)]
    [InlineData(0.97)]
    public void AFactorThatMovesWhereThePriceDoesNotIsFound(double factor)
    {
        const int At = 1200;
        var rows = s_clean.Select((row, t) => t < At ? With(row, 5, Times(Field(row, 5), 1 / factor)) : row).ToArray();
        var finding = Assert.Single(Inspect(rows));
        Assert.Equal((MarketDataFindingKind.WrongFactor, FindingSeverity.Error, "adj_close", At + 2), (finding.Kind, finding.Severity, finding.Field, finding.Line));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void AnAdjustedCloseThatIsWrongInOneBarIsFound(int at)
    {
        var finding = Assert.Single(Inspect(Changed(at, fields => fields[5] = Times(fields[5], 1.05))));
        Assert.Equal((MarketDataFindingKind.WrongFactor, at + 2), (finding.Kind, finding.Line));
    }

    [Fact]
    public void ADividendIsNoFinding()
    {
        var rows = s_clean.Select((row, t) => t < 1200 ? With(row, 5, Times(Field(row, 5), 0.99)) : row).ToArray();
        Assert.Empty(Inspect(rows));
    }

    [Fact]
    public void WhatCantBeReadIsAFindingWithItsLine()
    {
        var rows = (string[])s_clean.Clone();
        rows[10] = With(rows[10], 4, "null");
        rows[20] = With(rows[20], 0, "yesterday");
        rows[30] = With(rows[30], 2, "1");
        (rows[50], rows[51]) = (rows[51], rows[50]);
        var found = Inspect(rows);
        Assert.Equal(
            [(MarketDataFindingKind.Unreadable, 12), (MarketDataFindingKind.Unreadable, 22), (MarketDataFindingKind.Unreadable, 32), (MarketDataFindingKind.OutOfOrder, 53)],
            found.Select(finding => (finding.Kind, finding.Line!.Value)));
        Assert.All(found, finding => Assert.Equal(FindingSeverity.Error, finding.Severity));
    }

    [Theory]
    [InlineData("")]
    [InlineData("date,open\n")]
    [InlineData("date,open,high,low,close,volume\n")]
    [InlineData("date,open,high,low,close,volume\n\"2020-01-02,1,1,1,1,1\n")]
    [InlineData("\0\0\0\0")]
    public void AFileThatIsNoneIsOneError(string text)
    {
        var (found, series) = FileInspection.Inspect(Encoding.UTF8.GetBytes(text), "A", "A.csv");
        Assert.Equal(MarketDataFindingKind.Unreadable, Assert.Single(found).Kind);
        Assert.Null(series);
    }

    [Fact]
    public void AWeekendBarAmongWeekdaysIsFound()
    {
        var friday = Array.FindIndex(s_clean, row => DateTime.Parse(Field(row, 0), CultureInfo.InvariantCulture).DayOfWeek == DayOfWeek.Friday);
        var saturday = DateTime.Parse(Field(s_clean[friday], 0), CultureInfo.InvariantCulture).AddDays(1);
        var rows = s_clean.ToList();
        rows.Insert(friday + 1, With(s_clean[friday + 1], 0, saturday.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        Assert.Contains(Inspect([.. rows]), finding => finding.Kind == MarketDataFindingKind.WeekendBar && finding.Line == friday + 3);
    }

    [Fact]
    public void ADayThatTheOthersTradedIsMissing()
    {
        var calendars = new CalendarComparison();
        foreach (var name in new[] { "A", "B" }) calendars.Add(Read(s_clean, name).Series!.Bars, name);
        calendars.Add(Read([.. s_clean[..700], .. s_clean[701..]], "C").Series!.Bars, "C");
        var finding = Assert.Single(calendars.Find());
        Assert.Equal(("C", MarketDataFindingKind.Hole, Field(s_clean[700], 0)), (finding.Symbol, finding.Kind, finding.Date!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
    }

    private static IReadOnlyList<MarketDataFinding> Inspect(string[] rows) => Read(rows, "A").Findings;

    private static (IReadOnlyList<MarketDataFinding> Findings, MarketSeries? Series) Read(string[] rows, string symbol) =>
        FileInspection.Inspect(Encoding.UTF8.GetBytes("date,open,high,low,close,adj_close,volume\n" + string.Join('\n', rows) + "\n"), symbol, symbol + ".csv");

    private static string[] Rows(IReadOnlyList<Bar> bars) =>
        [.. bars.Select(bar => FormattableString.Invariant($"{bar.Date:yyyy-MM-dd},{bar.Open:0.######},{bar.High:0.######},{bar.Low:0.######},{bar.Close:0.######},{bar.Close:0.######},{bar.Volume:0}"))];

    private static string[] Changed(int at, Action<string[]> change)
    {
        var rows = (string[])s_clean.Clone();
        var fields = rows[at].Split(',');
        change(fields);
        rows[at] = string.Join(',', fields);
        return rows;
    }

    private static string Scaled(string row, double price, double adjusted)
    {
        var fields = row.Split(',');
        for (var i = 1; i <= 4; i++) fields[i] = Times(fields[i], price);
        fields[5] = Times(fields[5], adjusted);
        fields[6] = Times(fields[6], 1 / price);
        return string.Join(',', fields);
    }

    private static string Field(string row, int at) => row.Split(',')[at];

    private static string With(string row, int at, string value)
    {
        var fields = row.Split(',');
        fields[at] = value;
        return string.Join(',', fields);
    }

    private static string Times(string text, double factor) =>
        (double.Parse(text, CultureInfo.InvariantCulture) * factor).ToString("0.########", CultureInfo.InvariantCulture);
}
