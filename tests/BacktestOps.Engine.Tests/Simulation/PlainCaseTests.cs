using BacktestOps.Engine.Rules;
using BacktestOps.Engine.Simulation;
using CsCheck;

namespace BacktestOps.Engine.Tests.Simulation;

/// <summary>The fast simulator of the plain case against the one of all cases.</summary>
public class PlainCaseTests
{
    [Fact]
    public void The_fast_simulator_gives_what_the_general_one_gives_to_the_bit()
    {
        var signals = Gen.Select(Gen.Bool.Array[60], Gen.Bool.Array[60], (entry, exit) => (entry, exit));
        Gen.Select(SimulationGen.Bars, signals, Gen.Int[0, 300], Gen.Int[0, 1000], Gen.Bool).Sample((bars, said, basisPoints, cents, fractional) =>
        {
            var read = new Signals(BarMask.Of(said.entry.AsSpan(0, bars.Count)), BarMask.Of(said.exit.AsSpan(0, bars.Count)), 0);
            var costs = new Costs(basisPoints / 10_000.0, cents / 100.0, fractional);

            var fast = SleeveSimulator.Run(bars, read, 10_000, costs);
            var general = AccountSimulator.Run([bars], [read], 10_000, new TradingRules { Costs = costs }, null, TestContext.Current.CancellationToken);

            Assert.Equal(general.Equity, fast.Equity);
            Assert.Equal(general.Trades, fast.Trades);
            Assert.Equal(general.Open, fast.Open);
            Assert.Equal(general.CommissionPaid, fast.CommissionPaid);
            Assert.Equal(general.Notes, fast.Notes);
        });
    }
}
