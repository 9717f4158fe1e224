using System.Xml.Linq;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Comparing;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

/// <summary>What labels the figures of a sweep and of a walk-forward says which parameters and which days they are of.</summary>
public sealed class WalkForwardViewTests
{
    private const string Sweep = "Start-Backtest SP500 SmaCross -Parameter @{ slow = 50 } -Sweep @{ Fast = 5, 10 }";
    private const string Walk = Sweep + " -WalkForward @{ InSample = 2500; OutOfSample = 1500 }";

    [Fact]
    public void The_views_name_the_days_out_of_sample_and_no_parameters_that_were_not_traded()
    {
        using var session = new TestSession();
        session.Run($"$walk = {Walk} | Get-BacktestProgress -Wait | Get-BacktestResult; $sweep = {Sweep} | Get-BacktestProgress -Wait | Get-BacktestResult").WithoutErrors();
        var walk = Assert.Single(session.Run("$walk").WithoutErrors().As<BacktestResult>());
        var sweep = Assert.Single(session.Run("$sweep").WithoutErrors().As<BacktestResult>());
        var (first, last) = (walk.EquityCurve[0].Date, walk.EquityCurve[^1].Date);
        Assert.True(first > walk.Data[0].First, "The bars in sample come first: this test would prove nothing.");

        Assert.Equal($"{first:yyyy-MM-dd} to {last:yyyy-MM-dd}, {walk.EquityCurve.Count:N0} closes, out of sample, 2 windows", Shown(session, "$walk", "Figures of"));
        Assert.Equal("SmaCross(slow = 50, the rest by window of the walk-forward)", Shown(session, "$walk", "Strategy"));
        Assert.Equal("2000-01-03 to 2020-04-17, 5,105 closes", Shown(session, "$sweep", "Figures of"));
        Assert.Equal($"SmaCross(slow = 50, fast = {sweep.Sweep!.Best!.Parameters["fast"]})", Shown(session, "$sweep", "Strategy"));
        Assert.Equal(["SmaCross(walk-forward)", $"SmaCross({sweep.Sweep.Best.Parameters["fast"]}, 50)"], RunLabels.Of([walk, sweep], []));
    }

    private static string Shown(TestSession session, string value, string label)
    {
        var item = XDocument.Load(TestSession.ModuleFile("BacktestOps.format.ps1xml")).Descendants("View")
            .Where(view => view.Element("Name")!.Value == typeof(BacktestResult).FullName).Descendants("ListItem")
            .FirstOrDefault(item => item.Element("Label")!.Value == label);
        Assert.True(item is not null, $"The list of a result does not say '{label}'.");
        return Assert.Single(session.Run($"{value} | ForEach-Object {{ {item.Element("ScriptBlock")!.Value} }}").WithoutErrors().As<string>());
    }
}
