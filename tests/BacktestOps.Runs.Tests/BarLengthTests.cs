using System.Globalization;
using System.Text;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests;

/// <summary>Bars of every length, from a file in a folder to the figures of a published result.</summary>
public sealed class BarLengthTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    // kind, bars, bars a year: 252 days of 390 minutes or of 7 hours, 52 weeks, 12 months.
    [Theory]
    [InlineData("minute", 1560, 98_280)]
    [InlineData("hour", 420, 1764)]
    [InlineData("day", 300, 252)]
    [InlineData("week", 160, 52)]
    [InlineData("month", 72, 12)]
    [InlineData("quarter", 40, 4)]
    public async Task ARunGoesFromTheFileToItsFiguresInTheUnitsOfItsBars(string kind, int count, double periods)
    {
        var (dates, closes) = Write("BARS", kind, count);

        var (result, document) = await RunAsync(new() { Symbols = ["BARS"], Strategy = "BuyAndHold", FractionalShares = true });

        // The dates, as text, with a time where the bars have one.
        var form = kind is "minute" or "hour" ? "yyyy-MM-dd'T'HH:mm:ss" : "yyyy-MM-dd";
        var curve = document.RootElement.GetProperty("equity_curve").EnumerateArray().Select(point => point.GetProperty("date").GetString());
        Assert.Equal(dates.Select(date => date.ToString(form, CultureInfo.InvariantCulture)), curve);
        var data = document.RootElement.GetProperty("data")[0];
        Assert.Equal((dates[0].ToString(form, CultureInfo.InvariantCulture), count), (data.GetProperty("first").GetString(), data.GetProperty("bars").GetInt32()));

        // What is annualised stands in the result, and figures are made with it.
        Assert.Equal(periods, result.Conventions.PeriodsPerYear);
        Assert.Equal((int)Math.Round(periods / 2), result.Conventions.RollingWindow);
        var equity = result.EquityCurve.Select(point => point.Equity).ToArray();
        double[] returns = [.. equity.Zip(equity.Skip(1), (before, after) => after / before - 1)];
        var mean = returns.Average();
        var deviation = Math.Sqrt(returns.Sum(r => (r - mean) * (r - mean)) / (returns.Length - 1));
        Assert.Equal(deviation * Math.Sqrt(periods), result.Performance.AnnualVolatility!.Value, 1e-9);
        Assert.Equal(mean / deviation * Math.Sqrt(periods), result.Performance.SharpeRatio!.Value, 1e-9);
        var growth = Math.Pow(equity[^1] / equity[0], periods / (count - 1)) - 1;
        Assert.Equal(1, result.Performance.Cagr!.Value / growth, 1e-9);

        // Bought at the open of the second bar.
        Assert.Equal((count - 1.0) / count, result.Performance.Exposure!.Value, 1e-12);
        Assert.Equal(dates[1], result.OpenPositions.Single().EntryDate);
        var (peak, end) = LongestFall(equity);
        Assert.Equal((dates[peak], end - peak, (dates[end] - dates[peak]).TotalDays),
            (result.Performance.LongestDrawdown!.Peak, result.Performance.LongestDrawdown.Bars, result.Performance.LongestDrawdown.Days));

        // Days, months and years are those of the calendar, where bars are not longer.
        var byDay = Periods(dates, equity, date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        var byMonth = Periods(dates, equity, date => date.ToString("yyyy-MM", CultureInfo.InvariantCulture));
        AssertPeriods(kind is "minute" or "hour" or "day" ? byDay : null, result.Performance.BestDay, result.Performance.WorstDay);
        AssertPeriods(kind is "quarter" ? null : byMonth, result.Performance.BestMonth, result.Performance.WorstMonth);
        Assert.DoesNotContain(result.Warnings, warning => warning.Contains("hole", StringComparison.Ordinal));
        Assert.Equal(closes[^1], result.OpenPositions.Single().LastPrice);
    }

    [Theory]
    [InlineData("day", "yyyy-MM-dd")]
    [InlineData("week", "week")]
    [InlineData("month", "yyyy-MM")]
    public async Task ACalendarOnHoursLooksAtTheFirstCloseOfItsPeriodsAndTradesAtTheOpenAfterIt(string every, string form)
    {
        var (dates, _) = Write("A", "hour", 420);
        Write("B", "hour", 420, phase: 2);

        var (result, _) = await RunAsync(new()
        {
            Symbols = ["A", "B"], FractionalShares = true, Cash = CashSharing.Shared,
            Rules = new() { Entry = "true", Exit = "false", Sizing = new() { Kind = SizingKind.EqualWeight } },
            Rebalance = new() { Every = Enum.Parse<RebalancePeriod>(every, ignoreCase: true) },
        });

        var period = (DateTime date) => form == "week" ? ISOWeek.GetYear(date) * 100 + ISOWeek.GetWeekOfYear(date) : int.Parse(date.ToString(form, CultureInfo.InvariantCulture).Replace("-", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        DateTime[] expected = [.. Enumerable.Range(1, dates.Length - 2).Where(t => period(dates[t]) != period(dates[t - 1])).Select(t => dates[t + 1])];
        Assert.True(expected.Length > 1);
        Assert.All(result.Trades, trade => Assert.Equal(ExitReason.Rebalance, trade.ExitReason));
        Assert.Equal(expected, result.Trades.Select(trade => trade.ExitDate).Distinct());
    }

    [Fact]
    public async Task ARangeOfDaysHasAllTheirMinutesAndWarningsOfMinutesHaveATime()
    {
        var (dates, _) = Write("A", "minute", 1560);
        Write("B", "minute", 1560, leaveOut: t => t is < 400 or 500);

        var (result, _) = await RunAsync(new()
        {
            Symbols = ["A", "B"], Strategy = "BuyAndHold", From = DateOnly.FromDateTime(dates[0]).AddDays(1), To = DateOnly.FromDateTime(dates[0]).AddDays(2),
        });

        Assert.Equal((780, dates[390], dates[1169]), (result.EquityCurve.Count, result.Data[0].First, result.Data[0].Last));
        Assert.Contains("B: begins on 2024-01-03 09:40:00; before that its share of the cash lies idle.", result.Warnings);
        Assert.Contains(result.Warnings, warning => warning.StartsWith("B: has no bar on 1 dates on which others have, the first on 2024-01-03 11:20:00;", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2024-01-02T09:{0:00}:00Z")]
    [InlineData("2024-01-02 09:{0:00}:00-05:00")]
    [InlineData("2024-01-02 09:{0:00}+00:00")]
    [InlineData("2024-01-02T09:{0:00}")]
    public async Task TimesAreTheExchangesAndAZoneBehindThemIsReadOver(string form)
    {
        var rows = Enumerable.Range(30, 6).Select(minute => string.Format(CultureInfo.InvariantCulture, form, minute) + $",10,10.{minute},9.5,10,100\n");
        _folder.Write("data/Z.csv", "datetime,open,high,low,close,volume\n" + string.Concat(rows));

        var (result, _) = await RunAsync(new() { Symbols = ["Z"], Strategy = "BuyAndHold" });

        Assert.Equal((new DateTime(2024, 1, 2, 9, 30, 0), new DateTime(2024, 1, 2, 9, 35, 0)), (result.Data[0].First, result.Data[0].Last));
    }

    [Fact]
    public async Task AWalkForwardAndASweepOverMinutesCutAtBarsAndNotAtDays()
    {
        var (dates, _) = Write("A", "minute", 1560);

        var (result, _) = await RunAsync(new()
        {
            Symbols = ["A"], Strategy = "SmaCross",
            Sweep = new()
            {
                Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [3, 5], ["slow"] = [10, 20] },
                WalkForward = new() { InSample = 500, OutOfSample = 200 },
            },
        });

        Assert.Equal((6, dates[500], dates[699], dates[1500]),
            (result.Sweep!.Windows!.Count, result.Sweep.Windows[0].OutOfSampleFirst, result.Sweep.Windows[0].OutOfSampleLast, result.Sweep.Windows[^1].OutOfSampleFirst));
        Assert.Equal((1060, 98_280), (result.EquityCurve.Count, result.Conventions.PeriodsPerYear));
    }

    private async Task<(BacktestResult Result, JsonDocument Document)> RunAsync(BacktestRequest request)
    {
        await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = Path.Combine(_folder.Path, "home"), DataPath = Path.Combine(_folder.Path, "data") }, Token);
        var ended = await runner.EndAsync((await runner.StartAsync(request, Token)).BacktestId);
        Assert.True(ended.Status == BacktestStatus.Completed, ended.Error);
        var content = (await runner.GetResultAsync(ended.BacktestId, Token)).Content;
        return (JsonSerializer.Deserialize(content.Span, ContractsJson.Default.BacktestResult)!, JsonDocument.Parse(content));
    }

    private (DateTime[] Dates, double[] Closes) Write(string symbol, string kind, int count, double phase = 0, Func<int, bool>? leaveOut = null)
    {
        var dates = Dates(kind).Take(count).ToArray();
        double[] closes = [.. Enumerable.Range(0, count).Select(t => Math.Round(100 + 10 * Math.Sin(t / 9.0 + phase) + 0.01 * t, 2))];
        var text = new StringBuilder("date,open,high,low,close,volume\n");
        for (var t = 0; t < count; t++)
        {
            if (leaveOut?.Invoke(t) == true) continue;
            text.Append(CultureInfo.InvariantCulture, $"{dates[t].ToString(kind is "minute" or "hour" ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd", CultureInfo.InvariantCulture)},{closes[t] - 0.05:0.00},{closes[t] + 0.5:0.00},{closes[t] - 0.5:0.00},{closes[t]:0.00},{1000 + t % 7}\n");
        }
        _folder.Write($"data/{symbol}.csv", text.ToString());
        return (dates, closes);
    }

    private static IEnumerable<DateTime> Dates(string kind)
    {
        var first = new DateTime(2024, 1, 2);
        for (var i = 0; ; i++)
        {
            var day = first.AddDays(i);
            if (kind is "minute" or "hour" or "day" && day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) continue;
            switch (kind)
            {
                case "minute":
                    for (var minute = 0; minute < 390; minute++) yield return day.AddMinutes(570 + minute);
                    break;
                case "hour":
                    for (var hour = 0; hour < 7; hour++) yield return day.AddMinutes(570 + 60 * hour);
                    break;
                case "day": yield return day; break;
                case "week": yield return first.AddDays(7 * i); break;
                case "month": yield return new DateTime(2000, 1, 31).AddMonths(i); break;
                default: yield return new DateTime(2000, 3, 31).AddMonths(3 * i); break;
            }
        }
    }

    // Peak and recovery, or the end, of the longest stretch below a peak.
    private static (int Peak, int End) LongestFall(double[] equity)
    {
        var (longest, peak) = ((Peak: 0, End: 0), 0);
        for (var t = 1; t < equity.Length; t++)
        {
            var isLast = t == equity.Length - 1;
            if (equity[t] < equity[peak] && !isLast) continue;
            if (t - peak > 1 || equity[t] < equity[peak])
            {
                if (t - peak > longest.End - longest.Peak) longest = (peak, t);
            }
            if (equity[t] >= equity[peak]) peak = t;
        }
        return longest;
    }

    private static Dictionary<string, double> Periods(DateTime[] dates, double[] equity, Func<DateTime, string> name)
    {
        var ends = Enumerable.Range(0, dates.Length).Where(t => t == dates.Length - 1 || name(dates[t]) != name(dates[t + 1])).ToArray();
        return ends.Select((end, i) => (Name: name(dates[end]), Return: equity[end] / equity[i == 0 ? 0 : ends[i - 1]] - 1, End: end))
            .Where(period => period.End > 0).ToDictionary(period => period.Name, period => period.Return);
    }

    private static void AssertPeriods(Dictionary<string, double>? expected, PeriodReturn? best, PeriodReturn? worst)
    {
        if (expected is null)
        {
            Assert.Null(best);
            Assert.Null(worst);
            return;
        }
        Assert.Equal((expected.Values.Max(), expected.Values.Min()), (best!.Return, worst!.Return));
        Assert.Equal((expected[best.Period], expected[worst.Period]), (best.Return, worst.Return));
    }
}
