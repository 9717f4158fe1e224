using System.Text.Json;
using BacktestOps.Contracts;

namespace BacktestOps.Engine.Tests;

/// <summary>Every number of a request has a range, and a size that can't be had is refused.</summary>
public class RequestRangeTests
{
    private static readonly BacktestRequest Good = new() { Symbols = ["ABC"], Strategy = "SmaCross" };

    [Theory]
    [InlineData("initial_cash", "1e305")]
    [InlineData("initial_cash", "5e-324")]
    [InlineData("periods_per_year", "1e300")]
    [InlineData("periods_per_year", "5e-324")]
    [InlineData("risk_free_rate", "1e300")]
    [InlineData("commission.minimum", "1e300")]
    [InlineData("commission.per_share", "1e300")]
    [InlineData("commission.maximum", "1e300")]
    [InlineData("margin.borrow_rate", "1e300")]
    [InlineData("margin.loan_rate", "1e300")]
    [InlineData("slippage.basis_points", "1e300")]
    [InlineData("slippage.range_fraction", "1e300")]
    public void A_number_far_from_any_use_is_refused_by_its_field(string field, string value)
    {
        var parts = field.Split('.');
        var member = parts.Length == 1 ? $"\"{field}\":{value}" : $"\"{parts[0]}\":{{\"{parts[1]}\":{value}}}";
        var request = JsonSerializer.Deserialize($"{{\"symbols\":[\"ABC\"],\"strategy\":\"SmaCross\",{member}}}", ContractsJson.Default.BacktestRequest)!;

        Assert.Equal(field, Assert.Single(RequestValidator.Validate(request)).Field);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1e15)]
    public void Cash_at_either_end_of_its_range_gives_finite_figures(double cash)
    {
        double[] prices = [10, 11, 9, 12, 30, 2, 15];
        foreach (var periods in new[] { 0.01, 252, 1e8 })
        {
            foreach (var rate in new[] { -0.999, 10.0 })
            {
                var request = Sample.BuyAndHold() with { InitialCash = cash, PeriodsPerYear = periods, RiskFreeRate = rate, FractionalShares = true };

                var outcome = Sample.Run(request, Sample.Flat(prices));

                Assert.All(outcome.EquityCurve, point => Assert.True(double.IsFinite(point.Equity)));
                // The writer refuses what is not finite.
                _ = JsonSerializer.Serialize(outcome.Performance, ContractsJson.Default.Options);
            }
        }
    }

    [Theory]
    [InlineData(SizingKind.PercentOfEquity, 50, 1, "at most 1")]
    [InlineData(SizingKind.PercentOfEquity, 2.1, 0.5, "at most 2")]
    [InlineData(SizingKind.FixedCash, 100_001, 1, "at most 100000")]
    [InlineData(SizingKind.FixedCash, 200_001, 0.5, "at most 200000")]
    [InlineData(SizingKind.FixedShares, 1e300, 1, "from 0.000000001 to 1000000000000000")]
    [InlineData(SizingKind.VolatilityTarget, 50, 1, "from 0.000000001 to 10")]
    public void A_size_that_can_not_be_had_is_refused_with_what_can(SizingKind kind, double value, double initial, string possible)
    {
        var request = Good with { Sizing = new() { Kind = kind, Value = value }, Margin = new() { Initial = initial } };

        var fault = Assert.Single(RequestValidator.Validate(request));

        Assert.Equal("sizing.value", fault.Field);
        Assert.Contains(possible, fault.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SizingKind.PercentOfEquity, 1, 1)]
    [InlineData(SizingKind.PercentOfEquity, 2, 0.5)]
    [InlineData(SizingKind.FixedCash, 100_000, 1)]
    [InlineData(SizingKind.VolatilityTarget, 10, 1)]
    public void The_largest_size_that_can_be_had_is_taken(SizingKind kind, double value, double initial) =>
        Assert.Empty(RequestValidator.Validate(Good with { Sizing = new() { Kind = kind, Value = value }, Margin = new() { Initial = initial, Maintenance = 0.1 } }));

    [Fact]
    public void Of_many_faults_the_first_are_named_and_the_rest_is_counted_once()
    {
        RequestFault[] many = [.. Enumerable.Range(0, 128_000).Select(i => new RequestFault($"symbols[{i}]", "is no symbol"))];

        var once = new InvalidRequestException(many);
        var twice = new InvalidRequestException(once.Faults);

        Assert.Equal(InvalidRequestException.MaxFaults, once.Faults.Count);
        Assert.Equal("127901", once.Faults[^1].Values!["count"]);
        Assert.Equal(once.Faults, twice.Faults);
        Assert.InRange(once.Message.Length, 1, 10_000);
    }
}
