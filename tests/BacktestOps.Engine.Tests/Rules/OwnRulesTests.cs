using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Engine.Rules;
using static BacktestOps.Engine.Tests.Sample;

namespace BacktestOps.Engine.Tests.Rules;

/// <summary>Rules in a request run as those of the catalogue do, and are refused with every fault.</summary>
public class OwnRulesTests
{
    private static readonly BacktestRequest Request = new()
    {
        Symbols = ["ABC"],
        InitialCash = 1000,
        Rules = new StrategyDefinition { Entry = "crossover(sma(close, 1), sma(close, 2))", Exit = "crossunder(sma(close, 1), sma(close, 2))" },
    };

    private static readonly double[] Open = [10, 10, 9, 12, 14, 13, 12];
    private static readonly double[] Close = [10, 9, 11, 13, 12, 11, 10];

    [Fact]
    public void The_rules_of_SmaCross_given_as_ones_own_give_the_same_run()
    {
        var bars = OpenClose("ABC", Open, Close);

        var own = Run(Request, bars);
        var catalogue = Run(SmaCross(1, 2), bars);

        Assert.Equal(catalogue.EquityCurve, own.EquityCurve);
        Assert.Equal(catalogue.Trades, own.Trades);
    }

    [Fact]
    public void Parameters_of_ones_own_rules_take_their_values_from_the_request()
    {
        var bars = OpenClose("ABC", Open, Close);
        var request = Request with
        {
            Rules = new StrategyDefinition { Entry = "crossover(sma(close, $a), sma(close, $b))", Exit = "crossunder(sma(close, $a), sma(close, $B))" },
            Parameters = new Dictionary<string, double> { ["A"] = 1, ["b"] = 2 },
        };

        Assert.Equal(Run(SmaCross(1, 2), bars).EquityCurve, Run(request, bars).EquityCurve);
    }

    [Fact]
    public void Declared_parameters_have_their_defaults_limits_and_constraints()
    {
        var bars = OpenClose("ABC", Open, Close);
        var rules = StrategyCatalog.FindDefinition("SmaCross")! with { Name = "Mine" };
        var request = Request with { Rules = rules, Parameters = new Dictionary<string, double> { ["fast"] = 1, ["slow"] = 2 } };

        Assert.Equal(Run(SmaCross(1, 2), bars).EquityCurve, Run(request, bars).EquityCurve);
        Assert.Equal(20, RequestValidator.Normalize(request with { Parameters = new Dictionary<string, double>() }).Parameters["slow"]);
        Assert.Equal(
            ["parameters.fast: 0 is out of limits (a whole number from 1 to 4096)"],
            Faults(request with { Parameters = new Dictionary<string, double> { ["fast"] = 0 } }));
        Assert.Equal(
            ["parameters.fast: 30 is not below slow, 20 (the default) (fast must be below slow)"],
            Faults(request with { Parameters = new Dictionary<string, double> { ["fast"] = 30 } }));
    }

    [Fact]
    public void Every_fault_of_rules_and_request_is_named_at_once()
    {
        var request = Request with
        {
            Symbols = [],
            Rules = new StrategyDefinition { Entry = "close > smaa(close, $n)", Exit = "close <", Constraints = ["$k < 3"] },
            Parameters = new Dictionary<string, double> { ["n"] = double.NaN },
            InitialCash = -1,
        };

        Assert.Equal(
            ["symbols", "rules.entry", "rules.exit", "rules.constraints[0]", "parameters.n", "initial_cash"],
            RequestValidator.Validate(request).Select(fault => fault.Field));
    }

    [Fact]
    public void A_value_that_makes_a_window_impossible_is_a_fault_at_its_place()
    {
        var request = Request with
        {
            Rules = new StrategyDefinition { Entry = "close > sma(close, $n)", Exit = "false" },
            Parameters = new Dictionary<string, double> { ["n"] = 0 },
        };

        Assert.Equal(["rules.entry: 'bars' of sma is 0 at 20 (a whole number of bars from 1 to 4096)"], Faults(request));
    }

    [Fact]
    public void A_value_that_no_rule_names_is_a_fault()
    {
        Assert.Equal(
            ["parameters.fast: no rule names $fast (name it in a rule or leave it out)"],
            Faults(Request with { Parameters = new Dictionary<string, double> { ["fast"] = 3 } }));
    }

    [Theory]
    [InlineData("", null, "Custom")]
    [InlineData("Mine", null, "Mine")]
    [InlineData("", "Mine", "Mine")]
    [InlineData("mine", "Mine", "Mine")]
    public void Rules_are_called_by_the_name_that_they_are_given(string strategy, string? name, string expected)
    {
        var normal = RequestValidator.Normalize(Request with { Strategy = strategy, Rules = Request.Rules! with { Name = name } });

        Assert.Equal((expected, expected), (normal.Strategy, normal.Rules!.Name));
        Assert.Equal(
            JsonSerializer.Serialize(normal, ContractsJson.Default.BacktestRequest),
            JsonSerializer.Serialize(RequestValidator.Normalize(normal), ContractsJson.Default.BacktestRequest));
    }

    [Theory]
    [InlineData("SmaCross", null, "strategy", "SmaCross is a strategy of the catalogue")]
    [InlineData("", "smacross", "rules.name", "SmaCross is a strategy of the catalogue")]
    [InlineData("Yours", "Mine", "strategy", "is 'Yours' and the rules are named 'Mine'")]
    public void A_name_that_could_be_mistaken_is_a_fault(string strategy, string? name, string field, string detail)
    {
        var fault = Assert.Single(RequestValidator.Validate(Request with { Strategy = strategy, Rules = Request.Rules! with { Name = name } }));

        Assert.Equal((field, detail), (fault.Field, fault.Detail));
    }

    [Fact]
    public void A_request_in_JSON_needs_no_strategy_beside_its_rules()
    {
        var request = JsonSerializer.Deserialize(
            """{"symbols": ["ABC"], "rules": {"entry": "close > open", "exit": "close < open"}}""", ContractsJson.Default.BacktestRequest)!;

        Assert.Empty(RequestValidator.Validate(request));
        Assert.Equal("Custom", RequestValidator.Normalize(request).Strategy);
        Assert.Equal("strategy", Assert.Single(RequestValidator.Validate(request with { Rules = null })).Field);
    }

    [Fact]
    public void A_request_without_rules_has_no_rules_in_its_JSON()
    {
        Assert.DoesNotContain("rules", JsonSerializer.Serialize(SmaCross(1, 2), ContractsJson.Default.BacktestRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("high > 1", "high")]
    [InlineData("low > 1", "low")]
    [InlineData("volume > 1", "volume")]
    public void A_column_that_the_rules_read_is_checked(string entry, string column)
    {
        var bars = RuleBench.Bars([5, 5, 5], [6, double.NaN, 6], [4, -1, 4], [5, 5, 5], [1, double.NaN, 1]);
        var request = Request with { Rules = new StrategyDefinition { Entry = entry, Exit = "false" } };

        var error = Assert.Throws<MarketDataException>(() => Run(request, bars));

        Assert.Contains($"the {column} of 'ABC' on 2020-01-07", error.Message, StringComparison.Ordinal);
    }

    private static string[] Faults(BacktestRequest request) => [.. RequestValidator.Validate(request).Select(fault => fault.ToString())];
}
