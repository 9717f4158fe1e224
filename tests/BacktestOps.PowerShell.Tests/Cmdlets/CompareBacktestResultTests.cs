using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

public sealed class CompareBacktestResultTests
{
    private static BacktestResult Result(string id, string strategy, double total, double? sharpe, params double[] parameters) => new()
    {
        BacktestId = id,
        Status = BacktestStatus.Completed,
        Performance = new Performance
        {
            TotalReturn = total, SharpeRatio = sharpe, MaxDrawdown = -0.1, TotalTrades = 0, InitialCash = 1000, FinalEquity = 1000 * (1 + total),
            CommissionPaid = 0,
        },
        ResultsFile = $"backtest-result-{id}.json",
        CompletedAt = default,
        Request = new BacktestRequest
        {
            Symbols = ["SP500"],
            Strategy = strategy,
            Parameters = new SortedDictionary<string, double>(
                parameters.Select((value, i) => (Name: $"p{i}", value)).ToDictionary(pair => pair.Name, pair => pair.value)),
        },
        Conventions = new ResultConventions { PeriodsPerYear = 252, Fill = "next_open", EngineVersion = "0" },
        Data = [],
        Warnings = [],
        Trades = [],
        OpenPositions = [],
        EquityCurve = [new EquityPoint(new DateTime(2020, 1, 2), 1000), new EquityPoint(new DateTime(2020, 1, 3), 1000 * (1 + total))],
    };

    private static TestSession Session(params BacktestResult[] results)
    {
        var api = new FakeBacktestApi();
        foreach (var result in results) api.WithResult(result.BacktestId, JsonSerializer.Serialize(result, ContractsJson.Default.BacktestResult));
        return new TestSession(api);
    }

    [Fact]
    public void A_row_is_a_figure_and_a_column_a_run_named_by_what_tells_it_apart()
    {
        using var session = Session(Result("a-1", "SmaCross", 0.5, 1, 10, 20), Result("a-2", "SmaCross", 0.25, null, 50, 200));

        var rows = session.Run("Compare-BacktestResult a-1, a-2").WithoutErrors().Output;

        var total = rows.Single(row => (string)row.Properties["Figure"].Value == "TotalReturn");
        Assert.Equal(["Figure", "SmaCross(10, 20)", "SmaCross(50, 200)", "Best", "Unit"], total.Properties.Select(property => property.Name));
        Assert.Equal(
            ["TotalReturn", 0.5, 0.25, "SmaCross(10, 20)", FigureUnit.Fraction], total.Properties.Select(property => property.Value));
        Assert.Equal("BacktestOps.FigureComparison", total.TypeNames[0]);
    }

    [Theory]
    [InlineData("Compare-BacktestResult a-1, a-2")]
    [InlineData("'a-1', 'a-2' | Compare-BacktestResult")]
    [InlineData("'a-1', 'a-2' | Get-BacktestProgress | Compare-BacktestResult")]
    [InlineData("'a-1', 'a-2' | Get-BacktestResult | Compare-BacktestResult")]
    [InlineData("Compare-BacktestResult (Get-BacktestProgress a-1, a-2)")]
    [InlineData("Compare-BacktestResult (Get-BacktestResult a-1), 'a-2'")]
    public void Ids_states_and_results_can_be_piped(string script)
    {
        using var session = Session(Result("a-1", "SmaCross", 0.5, 1), Result("a-2", "BuyAndHold", 0.25, 2));

        var shown = session.Run($"foreach ($r in ({script} -Figure total*)) {{ \"$($r.Figure) $($r.SmaCross) $($r.BuyAndHold) $($r.Best)\" }}").WithoutErrors();

        Assert.Equal(["TotalReturn 0.5 0.25 SmaCross", "TotalTrades 0 0 "], shown.As<string>());
    }

    [Fact]
    public void A_figure_that_no_run_has_is_left_out_and_nobody_is_best_of_equals_or_alone()
    {
        using var session = Session(Result("a-1", "SmaCross", 0.5, 1), Result("a-2", "BuyAndHold", 0.25, 2));

        var rows = session.Run("Compare-BacktestResult a-1, a-2").WithoutErrors().Output;

        Assert.DoesNotContain(rows, row => (string)row.Properties["Figure"].Value is "Alpha" or "SortinoRatio" or "BestDay");
        Assert.Null(rows.Single(row => (string)row.Properties["Figure"].Value == "MaxDrawdown").Properties["Best"].Value);
        Assert.All(session.Run("Compare-BacktestResult a-1").WithoutErrors().Output, row => Assert.Null(row.Properties["Best"].Value));
    }

    [Fact]
    public void Difference_is_against_the_first_and_nothing_where_either_is_undefined()
    {
        using var session = Session(Result("a-1", "SmaCross", 0.5, null), Result("a-2", "BuyAndHold", 0.25, 2));

        var rows = session.Run("Compare-BacktestResult a-1, a-2 -Difference -Figure TotalReturn, SharpeRatio").WithoutErrors().Output;

        Assert.Equal([0.5, -0.25], rows[0].Properties.Skip(1).Take(2).Select(property => property.Value));
        Assert.Equal([null, null], rows[1].Properties.Skip(1).Take(2).Select(property => property.Value));
        Assert.Equal("BuyAndHold", rows[1].Properties["Best"].Value);
    }

    [Fact]
    public void A_run_that_is_not_there_is_an_error_and_the_others_are_compared()
    {
        using var session = Session(Result("a-1", "SmaCross", 0.5, 1));

        var outcome = session.Run("Compare-BacktestResult nobody, a-1 -Figure TotalReturn");

        Assert.Equal("BacktestNotFound,BacktestOps.PowerShell.Cmdlets.CompareBacktestResultCommand", outcome.OnlyError().FullyQualifiedErrorId);
        Assert.Equal(0.5, Assert.Single(outcome.Output).Properties["SmaCross"].Value);
    }

    [Fact]
    public void Runs_that_cannot_be_compared_in_everything_are_warned_of()
    {
        var other = Result("a-2", "BuyAndHold", 0.25, 2);
        using var session = Session(
            Result("a-1", "SmaCross", 0.5, 1),
            other with
            {
                Conventions = other.Conventions with { PeriodsPerYear = 365 },
                Performance = other.Performance with { InitialCash = 5 },
                EquityCurve = [other.EquityCurve[1]],
            });

        Assert.Equal(3, session.Run("Compare-BacktestResult a-1, a-2").WithoutErrors().Warnings.Count);
        Assert.Empty(session.Run("Compare-BacktestResult a-1, a-1").WithoutErrors().Warnings);
    }

    [Fact]
    public void The_same_run_twice_has_two_columns()
    {
        using var session = Session(Result("a-1", "SmaCross", 0.5, 1));

        var row = session.Run("Compare-BacktestResult a-1, a-1 -Figure TotalReturn").WithoutErrors().Output.Single();

        Assert.Equal(["a-1", "a-1 #2"], row.Properties.Skip(1).Take(2).Select(property => property.Name));
    }

    [Fact]
    public void It_is_shown_as_a_table_with_the_runs_as_columns()
    {
        using var session = Session(Result("a-1", "SmaCross", 0.5, 1.23456), Result("a-2", "BuyAndHold", 0.25, null));

        session.Run("Compare-BacktestResult a-1, a-2 -Figure TotalReturn, SharpeRatio, TotalTrades, FinalEquity | Out-Default").WithoutErrors();

        string[] lines = [.. session.Host.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()).Where(line => line != "")];
        Assert.Equal(
            [
                "Figure                        SmaCross    BuyAndHold  Best",
                "TotalReturn                    50.00 %       25.00 %  SmaCross",
                "SharpeRatio                      1.235             -  SmaCross",
                "TotalTrades                          0             0",
                "FinalEquity                   1,500.00      1,250.00  SmaCross",
            ],
            lines);
    }

    [Fact]
    public void Every_number_of_the_performance_is_a_figure()
    {
        var names = PerformanceFigure.All.Select(figure => figure.Name).ToHashSet();
        var numbers = typeof(Performance).GetProperties().Concat(typeof(BenchmarkPerformance).GetProperties().Where(property =>
                property.Name is not (nameof(BenchmarkPerformance.Returns) or "TotalReturn" or "Cagr" or "SharpeRatio" or "MaxDrawdown")))
            .Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is { } type
                && (type == typeof(double) || type == typeof(int)))
            .Select(property => property.Name);

        // What commission costs is part of what everything costs.
        Assert.All(numbers.Where(name => name != nameof(Performance.CommissionPaid)), name => Assert.Contains(name, names));
        Assert.Equal(names.Count, PerformanceFigure.All.Count);
    }
}
