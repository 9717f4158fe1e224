using System.Globalization;

namespace BacktestOps.Runs.Tests.Queueing;

/// <summary>Whose turn it is, with simulated time and simulated runs.</summary>
public sealed class RunSchedulerTests
{
    private const double Short = 0.05, Medium = 5, Long = 600;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void AShortRunBeginsAtOnceBesideAFullQueueOfSweepsOfTheSameCaller(int slots)
    {
        var machine = new SimulatedMachine(slots);
        for (var i = 0; i < 200; i++) machine.Add($"sweep {i}", Long);
        machine.Go(30);
        for (var i = 0; i < 100; i++)
        {
            machine.Add($"short {i}", Short);
            machine.Go(0.5);
        }

        var waits = machine.Begun.Where(run => run.Id.StartsWith("short", StringComparison.Ordinal)).Select(run => run.Waited).ToArray();
        Assert.Equal(100, waits.Length);
        Assert.Equal(0, waits.Max());
        Assert.Equal(slots + 1, machine.MostExecuting);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AStreamOfShortRunsThatTakesAllItCanGetLeavesASweepItsShare(int slots)
    {
        var machine = new SimulatedMachine(slots);
        machine.Add("sweep", Long);
        var next = 0;
        machine.Go(90, () =>
        {
            // More work than the machine can do: the queue of short runs grows and grows.
            for (var i = 0; i < slots; i++) machine.Add($"short {next++}", 0.02, canPause: false);
        });

        // One part of nine of one place; the short runs have the rest.
        Assert.InRange(machine.Executed["sweep"], 0.95 * 90 / 9, 90);
        Assert.True(machine.Ended.Count > 0.7 * 90 / 0.02, $"{machine.Ended.Count} short runs ended");

    }

    [Fact]
    public void AMediumRunDoesNotWaitForTheEndOfASweepNorAShortOneForThatOfAMediumOne()
    {
        var machine = new SimulatedMachine(1);
        machine.Add("sweep", Long);
        machine.Go(10);
        machine.Add("medium", Medium);
        machine.Go(0.05);
        Assert.True(machine.IsExecuting("medium"));
        machine.Add("short", Short);
        Assert.True(machine.IsExecuting("short"));
        machine.Go(60);
        Assert.Equal(["short", "medium"], machine.Ended);
        Assert.True(machine.IsExecuting("sweep"));
    }

    [Fact]
    public void RunsOfOneCallerAndClassBeginInTheOrderOfAcceptance()
    {
        var machine = new SimulatedMachine(2);
        for (var i = 0; i < 50; i++)
        {
            machine.Add($"{i:00} long", 20);
            machine.Add($"{i:00} short", Short);
        }

        machine.Go(1000);
        foreach (var kind in new[] { "long", "short" })
        {
            var order = machine.Begun.Select(run => run.Id).Where(id => id.EndsWith(kind, StringComparison.Ordinal)).ToArray();
            Assert.Equal(50, order.Length);
            Assert.Equal(order.Order(StringComparer.Ordinal), order);
        }
    }

    [Fact]
    public void ACallerWithTenThousandShortRunsDelaysAnotherCallersByOneOfThem()
    {
        var machine = new SimulatedMachine(1);
        for (var i = 0; i < 10_000; i++) machine.Add($"{i}", Short, "many", canPause: false);
        machine.Go(20);
        machine.Add("one", Short, "few");
        machine.Go(1);
        Assert.InRange(machine.Begun.Single(run => run.Id == "one").Waited, 0, Short + 0.01);
    }

    [Fact]
    public void TwoCallersSweepsShareOnePlaceEvenlyHoweverManyOneOfThemHas()
    {
        var machine = new SimulatedMachine(1);
        for (var i = 0; i < 20; i++) machine.Add($"many {i}", Long, "many");
        machine.Go(50);
        machine.Add("one", Long, "few");
        machine.Go(100);
        Assert.InRange(machine.Executed["one"], 45, 55);
        Assert.InRange(machine.Executed["many 0"], 95, 105);
        Assert.DoesNotContain("many 1", machine.Executed.Keys);
    }

    [Fact]
    public void AnHourWithoutCompetitionIsNoDebtAndAnHourAwayNoClaim()
    {
        var machine = new SimulatedMachine(1, step: 0.05);
        machine.Add("sweep", 10_000, "a");
        machine.Go(3600);
        for (var i = 0; i < 2000; i++) machine.Add($"{i}", 0.1, "b", canPause: false);
        machine.Go(90);
        // The short runs begin with a claim of two seconds of work, not of hours.
        Assert.InRange(machine.Executed["sweep"] - 3600, 0.8 * 90 / 9, 90);
    }

    [Fact]
    public void ARunThatWasTakenForShortHoldsUpShortOnesForItsFirstSecondOnly()
    {
        var machine = new SimulatedMachine(1);
        machine.Add("liar", Long, estimate: Short, canPause: false);
        machine.Go(0.5);
        machine.Add("short", Short);
        machine.Go(2);
        Assert.InRange(machine.Begun.Single(run => run.Id == "short").Waited, 0, 0.6);
    }

    [Fact]
    public void WhereNoLongRunCanPauseAShortOneIsExecutedBesideThemOneAtATime()
    {
        var machine = new SimulatedMachine(2);
        machine.Add("python 1", Long, canPause: false);
        machine.Add("python 2", Long, canPause: false);
        for (var i = 0; i < 10; i++) machine.Add($"{i}", Short);
        machine.Go(10 * Short + 0.1);
        Assert.Equal(10, machine.Ended.Count);
        Assert.Equal(3, machine.MostExecuting);
    }

    [Fact]
    public void AsManyCallersAsThereAreDoNotAllHaveTheirSweepsInMemoryAtOnce()
    {
        var machine = new SimulatedMachine(2);
        for (var i = 0; i < 100; i++) machine.Add($"{i}", Long, string.Create(CultureInfo.InvariantCulture, $"caller {i}"));
        machine.Go(100);
        Assert.InRange(machine.MostBegun, 3, 8);
    }

    [Fact]
    public void ASuspectIsAloneAndWhileItWaitsShortRunsGoOn()
    {
        var machine = new SimulatedMachine(2);
        machine.Add("sweep", 30);
        machine.Go(1);
        machine.Add("suspect", 5, deaths: 2);
        machine.Add("next sweep", 30);
        for (var i = 0; i < 20; i++)
        {
            machine.Add($"short {i}", Short);
            machine.Go(0.5);
        }

        Assert.Equal(20, machine.Ended.Count);
        Assert.DoesNotContain("suspect", machine.Executed.Keys);
        machine.Go(22);
        Assert.True(machine.IsExecuting("suspect"));
        machine.Add("late", Short);
        Assert.Equal(["suspect"], new[] { "suspect", "late", "next sweep" }.Where(machine.IsExecuting));
        machine.Go(60);
        Assert.Contains("next sweep", machine.Ended);
    }

    [Fact]
    public void ARunThatEndsWhileItIsPausedIsForgotten()
    {
        var machine = new SimulatedMachine(1);
        var sweep = machine.Add("sweep", Long);
        machine.Go(1);
        machine.Add("medium", Medium);
        machine.Go(0.1);
        Assert.False(machine.IsExecuting("sweep"));
        machine.Cancel(sweep);
        machine.Go(20);
        Assert.Equal(["medium"], machine.Ended);
        Assert.False(machine.IsExecuting("sweep"));
    }
}
