using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Engine.Rules;

namespace BacktestOps.Engine.Tests;

public class RequestValidatorTests
{
    private static readonly BacktestRequest Good = new() { Symbols = ["SP500"], Strategy = "SmaCross" };

    [Fact]
    public void A_good_request_has_no_faults() => Assert.Empty(RequestValidator.Validate(Good));

    [Fact]
    public void Every_fault_is_named_at_once_with_its_path()
    {
        var request = Good with
        {
            Symbols = ["IBM", " ", "ibm"],
            Parameters = new Dictionary<string, double> { ["fast"] = double.NaN, ["slwo"] = 3, ["slow"] = 2.5 },
            From = new DateOnly(2021, 1, 2),
            To = new DateOnly(2021, 1, 1),
            InitialCash = 0,
            Commission = new CommissionTerms { Rate = 1, Minimum = -1 },
            PeriodsPerYear = double.PositiveInfinity,
        };

        var fields = RequestValidator.Validate(request).Select(fault => fault.Field);

        Assert.Equal(
            ["symbols[1]", "symbols[2]", "parameters.fast", "parameters.slwo", "parameters.slow", "from", "initial_cash",
             "commission.rate", "commission.minimum", "periods_per_year"],
            fields);
    }

    [Theory]
    [InlineData("SmaCros", "did you mean 'SmaCross'?")]
    [InlineData("BuyHold", "did you mean 'BuyAndHold'?")]
    [InlineData("buy_and_hold", "did you mean 'BuyAndHold'?")]
    [InlineData("Zzz", null)]
    public void An_unknown_strategy_gets_a_hint(string name, string? hint)
    {
        var fault = Assert.Single(RequestValidator.Validate(Good with { Strategy = name }));

        Assert.Equal("strategy", fault.Field);
        Assert.Equal(hint ?? $"known: {string.Join(", ", StrategyCatalog.All.Select(known => known.Name))}", fault.Hint);
    }

    [Theory]
    [InlineData("fats", "did you mean 'fast'?")]
    [InlineData("window", "known: fast, slow")]
    public void An_unknown_parameter_gets_a_hint(string name, string hint)
    {
        var fault = Assert.Single(RequestValidator.Validate(Good with { Parameters = new Dictionary<string, double> { [name] = 5 } }));

        Assert.Equal($"parameters.{name}", fault.Field);
        Assert.Equal(hint, fault.Hint);
    }

    [Theory]
    [InlineData("fast", 0)]
    [InlineData("fast", -3)]
    [InlineData("slow", 4097)]
    [InlineData("slow", 1e300)]
    [InlineData("fast", 2.5)]
    [InlineData("fast", double.NaN)]
    [InlineData("fast", double.NegativeInfinity)]
    public void A_value_out_of_limits_is_a_fault(string name, double value)
    {
        var fault = Assert.Single(RequestValidator.Validate(Good with { Parameters = new Dictionary<string, double> { [name] = value } }));

        Assert.Equal($"parameters.{name}", fault.Field);
    }

    [Theory]
    [InlineData(20, null, "parameters.fast", "20 is not below slow, 20 (the default)")]
    [InlineData(null, 10, "parameters.slow", "10 is not above fast, 10 (the default)")]
    [InlineData(30, 5, "parameters.fast", "30 is not below slow, 5")]
    public void Fast_must_be_below_slow_and_a_default_is_called_one(int? fast, int? slow, string field, string detail)
    {
        var parameters = new Dictionary<string, double>();
        if (fast is { } f) parameters["fast"] = f;
        if (slow is { } s) parameters["slow"] = s;

        var fault = Assert.Single(RequestValidator.Validate(Good with { Parameters = parameters }));

        Assert.Equal((field, detail), (fault.Field, fault.Detail));
    }

    [Fact]
    public void No_symbols_and_null_members_are_faults_and_not_exceptions()
    {
        var request = Good with { Symbols = null!, Strategy = null!, Parameters = null!, Commission = null! };

        Assert.Equal(["symbols", "strategy", "commission"], RequestValidator.Validate(request).Select(fault => fault.Field));
        Assert.Equal(["symbols"], RequestValidator.Validate(Good with { Symbols = [] }).Select(fault => fault.Field));
    }

    [Fact]
    public void Too_many_symbols_are_one_fault()
    {
        var symbols = Enumerable.Range(0, RequestValidator.MaxSymbols + 1).Select(i => $"S{i}").ToArray();

        Assert.Equal("symbols", Assert.Single(RequestValidator.Validate(Good with { Symbols = symbols })).Field);
    }

    [Fact]
    public void A_name_from_outside_is_shown_on_one_line()
    {
        var fault = Assert.Single(RequestValidator.Validate(Good with { Strategy = "evil\r\nstatus: 200" }));

        Assert.DoesNotContain('\n', fault.ToString());
    }

    [Fact]
    public void Requests_that_ask_for_the_same_become_the_same_bytes()
    {
        var a = Good with { Strategy = "smacross", Parameters = new Dictionary<string, double> { ["SLOW"] = 20, ["Fast"] = 10 } };
        var b = Good with { Commission = new CommissionTerms { Rate = -0.0 } };

        var bytes = JsonSerializer.SerializeToUtf8Bytes(RequestValidator.Normalize(a), ContractsJson.Default.BacktestRequest);

        Assert.Equal(bytes, JsonSerializer.SerializeToUtf8Bytes(RequestValidator.Normalize(b), ContractsJson.Default.BacktestRequest));
        Assert.Equal(["fast", "slow"], RequestValidator.Normalize(a).Parameters.Keys);
    }

    [Fact]
    public void A_request_with_faults_is_not_normalized()
    {
        var error = Assert.Throws<InvalidRequestException>(() => RequestValidator.Normalize(Good with { Symbols = [] }));

        Assert.Equal("symbols", Assert.Single(error.Faults).Field);
    }

    [Fact]
    public void The_defaults_of_the_catalogue_are_within_its_own_limits()
    {
        foreach (var strategy in StrategyCatalog.All)
        {
            var parameters = strategy.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default);
            Assert.Empty(RequestValidator.Validate(Good with { Strategy = strategy.Name, Parameters = parameters }));
        }
        Assert.Equal(StrategyCatalog.All.Select(strategy => strategy.Name).Order(StringComparer.Ordinal), StrategyCatalog.All.Select(strategy => strategy.Name));
    }
}
