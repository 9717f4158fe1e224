using System.Text.RegularExpressions;
using System.Xml.Linq;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Comparing;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests;

public sealed partial class ViewTests
{
    private static readonly Performance Performance = new()
    {
        TotalReturn = 0.12345,
        SharpeRatio = null,
        MaxDrawdown = -0.5,
        TotalTrades = 3,
        WinRate = 2 / 3.0,
        InitialCash = 100_000,
        FinalEquity = 112_345,
        CommissionPaid = 12.5,
    };

    [Fact]
    public void Performance_is_a_table_of_percent_and_money_with_a_dash_for_what_is_not_defined()
    {
        var shown = Show(Performance);

        Assert.Equal(
            ["Total return Sharpe Max drawdown Trades Win rate Final equity Commission", "12.35 % - -50.00 % 3 66.67 % 112,345.00 12.50"],
            [shown[0], shown[2]]);
    }

    [Fact]
    public void A_month_table_has_a_column_a_month_and_a_dash_for_one_without_a_return()
    {
        double?[] months = [.. Enumerable.Range(1, 12).Select(month => month == 2 ? (double?)null : month / 100.0)];

        var shown = Show(new YearReturns { Year = 2008, Months = months, Return = 0.5 });

        Assert.Equal("Year Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Whole", shown[0]);
        Assert.Equal("2008 1.0 % - 3.0 % 4.0 % 5.0 % 6.0 % 7.0 % 8.0 % 9.0 % 10.0 % 11.0 % 12.0 % 50.0 %", shown[2]);
    }

    // The core of PowerShell has no Format-List, so what stands in the view is run as Format-List would run it.
    [Theory]
    [InlineData("CAGR", "5.00 %")]
    [InlineData("Best day", "11.60 % (2008-10-13)")]
    [InlineData("Longest drawdown", "1,376 bars, 1,997 days from 2007-10-09, not over")]
    [InlineData("Alpha", "12.35 %")]
    [InlineData("Benchmark", "SP500")]
    [InlineData("Sortino ratio", "-")]
    public void As_a_list_a_performance_shows_figures_and_when(string label, string expected)
    {
        using var session = new TestSession();
        session.Runspace.SessionStateProxy.SetVariable("performance", Performance with
        {
            Cagr = 0.05,
            BestDay = new PeriodReturn("2008-10-13", 0.116),
            LongestDrawdown = new DrawdownSpan { Peak = new DateTime(2007, 10, 9), Bars = 1376, Days = 1997, Depth = -0.57 },
            Benchmark = new BenchmarkPerformance { Symbol = "SP500", First = default, Last = default, Returns = 1, Alpha = 0.12345 },
        });
        var item = XDocument.Load(TestSession.ModuleFile("BacktestOps.format.ps1xml")).Descendants("View")
            .Where(view => view.Element("Name")!.Value == typeof(Performance).FullName).Descendants("ListItem")
            .Single(item => item.Element("Label")!.Value == label);

        var shown = session.Run($"$performance | ForEach-Object {{ {item.Element("ScriptBlock")!.Value} }}").WithoutErrors();

        Assert.Equal(expected, Assert.Single(shown.As<string>()));
    }

    [Fact]
    public void A_failed_run_shows_why_where_a_running_one_shows_what_it_does()
    {
        var run = FakeBacktestApi.Run("20261123-013558-7f3a9c2e", BacktestStatus.Running, 42.25) with { Activity = "simulating" };

        Assert.StartsWith("20261123-013558-7f3a9c2e Running 42.3 % SmaCross AAPL", Show(run)[2], StringComparison.Ordinal);
        Assert.EndsWith("simulating", Show(run)[2], StringComparison.Ordinal);
        var chosen = run with { Parameters = new SortedDictionary<string, double> { ["fast"] = 10, ["slow"] = 50 } };
        Assert.StartsWith("20261123-013558-7f3a9c2e Running 42.3 % SmaCross(10, 50) AAPL", Show(chosen)[2], StringComparison.Ordinal);
        Assert.EndsWith("no prices", Show(run with { Status = BacktestStatus.Failed, Error = "no prices" })[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Check_results_are_grouped_by_what_was_checked()
    {
        var check = new CheckResult
        {
            Name = "status", Subject = "http://one.example", Verdict = Verdict.Inconclusive, Expected = "\"healthy\"", ObservedAt = default,
        };

        var shown = Show(check, check with { Subject = "http://two.example" });

        Assert.Contains("Subject: http://one.example", shown);
        Assert.Contains("Subject: http://two.example", shown);
        Assert.Contains("Inconclusive status \"healthy\" -", shown);
    }

    [Fact]
    public void Bars_show_days_without_and_shorter_bars_with_the_time()
    {
        var bar = new Bar("A", new DateTime(2020, 1, 2), 1, 2, 0.5, 1.5, null, 1_000_000);

        Assert.Equal("A 2020-01-02 1.00 2.00 0.50 1.50 1,000,000 -", Show(bar)[2]);
        Assert.StartsWith("A 2020-01-02 09:30 1.00", Show(bar with { Date = new DateTime(2020, 1, 2, 9, 30, 0) })[2], StringComparison.Ordinal);
    }

    [Fact]
    public void The_columns_that_matter_fit_into_eighty()
    {
        foreach (var table in XDocument.Load(TestSession.ModuleFile("BacktestOps.format.ps1xml")).Descendants("TableControl"))
        {
            // Right-aligned figures that do not fit lose their leading digits, so a table ends in text or after column 80.
            var widths = table.Descendants("Width").Select(width => (int)width).ToList();
            var inside = widths.TakeWhile((_, index) => widths.Take(index + 1).Sum() + index <= 80).Count();
            Assert.True(inside >= Math.Min(5, widths.Count), $"Only {inside} columns of {table.Parent!.Element("Name")!.Value} fit.");
        }
    }

    [Fact]
    public void Every_type_of_a_view_exists_and_every_property_too()
    {
        foreach (var view in XDocument.Load(TestSession.ModuleFile("BacktestOps.format.ps1xml")).Descendants("View"))
        {
            // What follows a '#' tells views of one type apart.
            var name = view.Descendants("TypeName").First().Value.Split('#')[0];
            // Its columns are the user's runs, so there is a type name and no type; CompareBacktestResultTests shows it.
            if (name == Comparison.RowType) continue;
            var type = typeof(Performance).Assembly.GetType(name);
            Assert.True(type is not null, $"{name} is no type of the contracts.");
            Assert.All(view.Descendants("PropertyName"), property =>
                Assert.True(type.GetProperty(property.Value) is not null, $"{name} has no {property.Value}."));
        }
    }

    [Fact]
    public void A_result_gives_its_strategy_and_symbols_at_the_top()
    {
        using var session = new TestSession();

        var shown = session.Run(
            """
            $r = Start-Backtest SP500 BuyAndHold -From 2020-01-01 | Get-BacktestProgress -Wait | Get-BacktestResult
            "$($r.Strategy) $($r.Symbols)"
            """).WithoutErrors();

        Assert.Equal("BuyAndHold SP500", Assert.Single(shown.As<string>()));
    }

    private static string[] Show(params object[] values)
    {
        using var session = new TestSession();
        session.Runspace.SessionStateProxy.SetVariable("values", values);
        session.Run("$values | Out-Default").WithoutErrors();
        return
        [
            .. Colour().Replace(session.Host.Text, "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))),
        ];
    }

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colour();
}
