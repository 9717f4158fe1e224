using System.Xml.Linq;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests;

/// <summary>The help of Start-Backtest states the range of each number, and it is the one that the check of a request takes.</summary>
public sealed class HelpRangeTests
{
    private static readonly (string Parameter, string Says, Type Owner, string Member)[] s_stated =
    [
        Of<BacktestRequest>("InitialCash", nameof(BacktestRequest.InitialCash)),
        Of<BacktestRequest>("VolumeLimit", nameof(BacktestRequest.VolumeLimit)),
        Of<BacktestRequest>("PeriodsPerYear", nameof(BacktestRequest.PeriodsPerYear)),
        Of<BacktestRequest>("RiskFreeRate", nameof(BacktestRequest.RiskFreeRate)),
        Of<CommissionTerms>("CommissionRate", nameof(CommissionTerms.Rate)),
        Of<CommissionTerms>("CommissionMinimum", nameof(CommissionTerms.Minimum)),
        Of<CommissionTerms>("CommissionPerShare", nameof(CommissionTerms.PerShare)),
        Of<CommissionTerms>("CommissionMaximum", nameof(CommissionTerms.Maximum)),
        Of<SlippageTerms>("SlippageBasisPoints", nameof(SlippageTerms.BasisPoints)),
        Of<SlippageTerms>("SpreadBasisPoints", nameof(SlippageTerms.SpreadBasisPoints)),
        Of<SlippageTerms>("SlippageRange", nameof(SlippageTerms.RangeFraction)),
        Of<SlippageTerms>("VolumeImpact", nameof(SlippageTerms.VolumeImpact)),
        Of<MarginTerms>("InitialMargin", nameof(MarginTerms.Initial)),
        Of<MarginTerms>("MaintenanceMargin", nameof(MarginTerms.Maintenance)),
        Of<MarginTerms>("BorrowRate", nameof(MarginTerms.BorrowRate)),
        Of<MarginTerms>("LoanRate", nameof(MarginTerms.LoanRate)),
        Of<SleeveTerms>("Sleeve", nameof(SleeveTerms.Share), "Range of Share: "),
        Of<SizingRule>("VolatilityWindow", nameof(SizingRule.Window)),
        Of<RebalanceRule>("RebalanceDrift", nameof(RebalanceRule.Drift)),
        Of<OrderRule>("OrderBars", nameof(OrderRule.Bars)),
        Of<OrderRule>("ExitOrderBars", nameof(OrderRule.Bars)),
        Of<SweepRequest>("Sample", nameof(SweepRequest.Sample)),
        Of<WalkForwardRequest>("WalkForward", nameof(WalkForwardRequest.InSample), "Range of InSample: "),
        Of<WalkForwardRequest>("WalkForward", nameof(WalkForwardRequest.OutOfSample), "of OutOfSample: "),
    ];

    private static readonly XElement s_help = XDocument.Load(TestSession.ModuleFile("BacktestOps.PowerShell.dll-Help.xml")).Root!.Elements()
        .Single(command => command.Descendants().First(element => element.Name.LocalName == "name").Value == "Start-Backtest");

    [Fact]
    public void Each_parameter_states_the_range_of_its_number_wherever_it_is_described()
    {
        foreach (var (parameter, says, owner, member) in s_stated)
            AssertSays(parameter, says + RequestRanges.Find(owner, member));
    }

    [Fact]
    public void A_size_states_its_range_by_its_kind_and_a_parameter_that_of_its_values()
    {
        AssertSays("Size", $"Range: {RequestRanges.Fraction} as PercentOfEquity");
        AssertSays("Size", $"{RequestRanges.Size} as FixedCash or FixedShares");
        AssertSays("Size", $"{RequestRanges.Volatility} as VolatilityTarget");
        AssertSays("Parameter", $"Range of each value: {RequestRanges.Parameter}");
        AssertSays("Seed", "Any whole number of 64 bits.");
    }

    [Fact]
    public void Every_range_is_that_of_a_parameter() => Assert.Equal(
        RequestRanges.All.Keys.Select(key => $"{key.Owner.Name}.{key.Member}").Order(StringComparer.Ordinal),
        s_stated.Select(stated => $"{stated.Owner.Name}.{stated.Member}").Append("SizingRule.Value").Distinct().Order(StringComparer.Ordinal));

    private static (string Parameter, string Says, Type Owner, string Member) Of<T>(string parameter, string member, string says = "Range: ") =>
        (parameter, says, typeof(T), member);

    // By itself in the list of parameters, and in each way to call the cmdlet that it is described in.
    private static void AssertSays(string parameter, string text)
    {
        var places = s_help.Descendants()
            .Where(element => element.Name.LocalName == "parameter" && element.Elements().First(child => child.Name.LocalName == "name").Value == parameter)
            .Select(element => element.Elements().SingleOrDefault(child => child.Name.LocalName == "description")?.Value).Where(described => described is not null).ToArray();
        Assert.NotEmpty(places);
        // A number ends where it ends: "at most 1" is not "at most 10".
        Assert.All(places, described => Assert.Matches(System.Text.RegularExpressions.Regex.Escape(text) + @"(?![\d.]*\d)", described!));
    }
}
