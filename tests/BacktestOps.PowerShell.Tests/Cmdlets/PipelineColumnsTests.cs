using System.Management.Automation;
using System.Reflection;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Cmdlets;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

/// <summary>What stands in the columns of a table that goes down the pipeline, as Import-Csv makes it: all of it text.</summary>
public sealed class PipelineColumnsTests
{
    private const string Row = "Symbol = 'AAPL, IBM'; Strategy = 'SmaCross'; From = '2019-03-04'; To = '2020-05-06'; InitialCash = '2500.5'; Parameter = 'Fast=5; Slow=25'; Adjusted = 'true'; Sizing = 'Units'; Size = '10'; Fill = 'Close'; StopLoss = '0.05'";

    [Theory]
    [InlineData("en-US")]
    [InlineData("de-DE")]
    [InlineData("ko-KR")]
    public void Every_column_of_it_is_in_the_request_in_any_culture(string culture)
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        var kind = Enum.GetNames<SizingKind>()[1];
        var fill = Enum.GetNames<FillTiming>()[1];
        session.Run($"[cultureinfo]::CurrentCulture = '{culture}'; [pscustomobject]@{{ {Row.Replace("Units", kind).Replace("Close", fill)} }} | Start-Backtest").WithoutErrors();

        var request = Assert.Single(api.Requests);
        Assert.Equal(["AAPL", "IBM"], request.Symbols);
        Assert.Equal("SmaCross", request.Strategy);
        Assert.Equal((new DateOnly(2019, 3, 4), new DateOnly(2020, 5, 6)), (request.From, request.To));
        Assert.Equal(2500.5, request.InitialCash);
        Assert.Equal([5d, 25d], request.Parameters.Values);
        Assert.True(request.Adjusted);
        Assert.Equal((kind, 10d), (request.Sizing!.Kind.ToString(), request.Sizing.Value));
        Assert.Equal(fill, request.Fill.ToString());
        Assert.Equal("0.05", request.Stops!.StopLoss);
    }

    [Fact]
    public void An_empty_cell_is_not_given_and_no_value_of_the_row_before_stays()
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);
        var names = ByName(typeof(StartBacktestCommand)).Where(name => name is not ("Symbol" or "Strategy" or "DataPath" or "Sleeve"));

        session.Run(
            $$"""
            [pscustomobject]@{ {{Row.Replace("Units", Enum.GetNames<SizingKind>()[1]).Replace("Close", Enum.GetNames<FillTiming>()[1])}} },
            [pscustomobject]@{ Symbol = 'SP500'; Strategy = 'BuyAndHold'; {{string.Join("; ", names.Select(name => $"{name} = ''"))}} },
            [pscustomobject]@{ Symbol = 'SP500'; Strategy = 'BuyAndHold' } | Start-Backtest
            """).WithoutErrors();

        Assert.Equal(3, api.Requests.Count);
        foreach (var request in api.Requests.Skip(1))
            Assert.Equivalent(new BacktestRequest { Symbols = ["SP500"], Strategy = "BuyAndHold" }, request, strict: true);
    }

    [Theory]
    [InlineData("InitialCash = '1,5'", "1,5")]
    [InlineData("From = '31.12.2019'", "31.12.2019")]
    [InlineData("Fill = '1'", "'1'")]
    [InlineData("Fill = 'Tomorrow'", "Tomorrow")]
    [InlineData("Sample = '2.5'", "2.5")]
    [InlineData("Adjusted = 'perhaps'", "perhaps")]
    [InlineData("Parameter = 'Fast'", "Fast")]
    public void A_cell_that_can_not_be_read_starts_nothing_and_is_named(string cell, string named)
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        var error = session.Run($"[pscustomobject]@{{ Symbol = 'SP500'; Strategy = 'BuyAndHold'; {cell} }} | Start-Backtest").OnlyError();

        Assert.Empty(api.Requests);
        Assert.Contains(named, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_with_rules_of_its_own_is_run_by_them()
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        session.Run("[pscustomobject]@{ Symbol = 'AAPL'; Entry = 'close > 1'; Exit = 'close < 1'; InitialCash = '6' } | Start-Backtest").WithoutErrors();

        var request = Assert.Single(api.Requests);
        Assert.Equal(("close > 1", "close < 1", 6d), (request.Rules!.Entry, request.Rules.Exit, request.InitialCash));
    }

    [Fact]
    public void A_row_of_which_a_column_would_be_left_out_starts_nothing()
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        var outcome = session.Run(
            """
            [pscustomobject]@{ Symbol = 'AAPL'; Strategy = 'SmaCross'; Entry = 'close > 1' }, [pscustomobject]@{ Symbol = 'AAPL'; Strategy = 'SmaCross'; Entry = '' } | Start-Backtest
            """);

        // Where both fit, the strategy's name is what the rules are called; where they do not, it is said.
        Assert.Equal(2, api.Requests.Count + outcome.Errors.Count);
        Assert.All(outcome.Errors, error => Assert.StartsWith("ColumnsOfTwoKinds", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.DoesNotContain(api.Requests.SkipLast(1), request => request.Rules is null);
        Assert.Null(api.Requests[^1].Rules);
    }

    [Fact]
    public void A_column_that_nearly_is_a_parameter_is_warned_of_once()
    {
        using var session = new TestSession(new FakeBacktestApi());

        var outcome = session.Run(
            """
            1..2 | ForEach-Object { [pscustomobject]@{ Symbol = 'AAPL'; Strategy = 'SmaCross'; InitalCash = '5'; Remark = 'x' } } | Start-Backtest
            """).WithoutErrors();

        Assert.Contains("'InitalCash'", Assert.Single(outcome.Warnings).Message, StringComparison.Ordinal);
        Assert.Contains("'InitialCash'", outcome.Warnings[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-From ''")]
    [InlineData("-InitialCash $null")]
    [InlineData("-StopLoss ''")]
    public void Emptiness_on_the_command_line_is_refused(string argument)
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        var outcome = session.Run($"Start-Backtest AAPL SmaCross {argument}");

        Assert.StartsWith("ParameterEmpty", outcome.Terminating!.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Theory]
    [InlineData("Get-BacktestStrategy SmaCross | Start-Backtest SP500")]
    [InlineData("[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-BacktestStrategy SmaCross))) | Start-Backtest SP500")]
    public void A_strategy_of_the_catalogue_is_started(string script)
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        session.Run(script).WithoutErrors();

        Assert.Equal("SmaCross", Assert.Single(api.Requests).Strategy);
        Assert.Equal(["SP500"], api.Requests[0].Symbols);
        Assert.Null(api.Requests[0].Rules);
    }

    [Fact]
    public void What_is_listed_as_market_data_is_tested()
    {
        using var session = new TestSession(new FakeBacktestApi());

        var tested = session.Run("Get-MarketData | Test-MarketData -Quiet").WithoutErrors();

        Assert.Equal(3, tested.As<bool>().Count);
    }

    [Fact]
    public void An_object_that_is_no_symbol_is_not_taken_for_its_text()
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        var error = session.Run("[pscustomobject]@{ Nothing = 1 } | Start-Backtest -Strategy SmaCross").OnlyError();

        Assert.Empty(api.Requests);
        Assert.IsType<ParameterBindingException>(error.Exception, exactMatch: false);
    }

    private static IEnumerable<string> ByName(Type type) => type.GetProperties()
        .Where(property => property.GetCustomAttributes<ParameterAttribute>().Any(parameter => parameter.ValueFromPipelineByPropertyName)).Select(property => property.Name);
}
