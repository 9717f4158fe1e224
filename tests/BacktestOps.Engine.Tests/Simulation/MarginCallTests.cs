using BacktestOps.Contracts;

namespace BacktestOps.Engine.Tests.Simulation;

/// <summary>What a margin call takes back, and what it does not.</summary>
public class MarginCallTests
{
    [Fact]
    public void An_entry_that_a_margin_call_took_back_is_ordered_when_its_rule_holds_again()
    {
        // A is sold short at 10 and trebles at bar 2, at whose close B orders its entry: the margin call closes A and takes B's order back.
        var a = Sample.OpenClose("A", [10, 10, 10, 26, 26, 26, 26], [10, 10, 26, 26, 26, 26, 26]);
        var b = Sample.OpenClose("B", [5, 5, 5, 5, 5, 5, 5], [5, 5, 7, 5, 7, 5, 5]);
        var request = new BacktestRequest
        {
            Symbols = ["A", "B"], Cash = CashSharing.Shared, FractionalShares = true, InitialCash = 1000,
            Rules = new() { Entry = "close == 7", Exit = "false", ShortEntry = "close == 10" }, Sizing = new() { Kind = SizingKind.FixedCash, Value = 550 },
            Margin = new() { Initial = 0.5, Maintenance = 0.4 },
        };

        var outcome = Sample.Run(request, a, b);

        Assert.Equal(ExitReason.MarginCall, Assert.Single(outcome.Trades).ExitReason);
        var open = Assert.Single(outcome.OpenPositions);
        Assert.Equal(("B", b.Dates[5]), (open.Symbol, open.EntryDate));
    }
}
