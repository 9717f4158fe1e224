using System.Globalization;
using System.Xml.Linq;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests;

/// <summary>The help's table of how libraries disagree, where it speaks of this one.</summary>
public sealed class HelpTableTests
{
    [Fact]
    public void Our_row_of_the_table_of_libraries_is_what_the_command_beside_it_gives()
    {
        using var session = new TestSession();

        var p = session.Run(
            "Start-Backtest SP500 BuyAndHold -From 2012-01-01 -To 2019-12-31 -Benchmark SP500 | Get-BacktestProgress -Wait | Get-BacktestResult")
            .WithoutErrors().As<BacktestResult>().Single().Performance;

        var row = XDocument.Load(TestSession.ModuleFile("BacktestOps.PowerShell.dll-Help.xml")).Descendants()
            .Single(text => !text.HasElements && text.Value.StartsWith("BacktestOps, empyrical", StringComparison.Ordinal)).Value;
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture,
                $"{"BacktestOps, empyrical",-26}{p.SharpeRatio,11:0.000}{p.SortinoRatio,11:0.000}{100 * p.Cagr,9:0.00} %{100 * p.AnnualVolatility,9:0.00} %{p.CalmarRatio,11:0.000}"),
            row);
        // Bought at the second open and held: nearly the benchmark itself.
        Assert.Equal(1, p.Benchmark!.Beta!.Value, 0.01);
    }
}
