using BacktestOps.Runs.PythonWorkers;

namespace BacktestOps.Runs.Tests.PythonWorkers;

/// <summary>Targets that rest on later bars are found out.</summary>
public sealed class LookAheadTests : IDisposable
{
    private readonly PythonLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("c = bars.close\nreturn [int(t + 1 < n and c[t + 1] > c[t]) for t in range(n)]")]
    [InlineData("m = sum(bars.close) / n\nreturn [int(c > m) for c in bars.close]")]
    [InlineData("top = max(bars.close)\nreturn [int(c < top) for c in bars.close]")]
    [InlineData("return [int(t < n - 20) for t in range(n)]")]
    [InlineData("return [1 if n == 300 else 0] * n")]
    public void AStrategyThatKnowsTomorrowIsCaughtWithTheBar(string body)
    {
        _lab.WithBody("peeks", body);

        Assert.Matches(@"^peeks\.py looks ahead: with the first \d+ of 300 bars the target of bar \d+ \(ABC, 2000-\d\d-\d\d\) is [01], with all of them [01]\.", _lab.FaultOf("py:peeks"));
    }

    [Fact]
    public void AStrategyThatFailsOnFewerBarsIsNoBetter()
    {
        _lab.WithBody("peeks", "return [int(bars.close[299] > c) for c in bars.close]");

        Assert.Matches(@"^peeks\.py, line 5: IndexError.*with the first \d+ of 300 bars", _lab.FaultOf("py:peeks"));
    }

    [Theory]
    [InlineData("c = bars.close\nreturn [int(t > 0 and c[t - 1] < c[t]) for t in range(n)]")]
    [InlineData("import random\nreturn [random.randrange(2) for _ in range(n)]")]
    [InlineData("return [int(c in {'a', 'b'} or hash(str(c)) % 2) for c in bars.close]")]
    [InlineData("global seen\nseen = globals().get('seen', []) + [n]\nassert len(seen) == 1\nreturn [0] * n")]
    [InlineData("bars.close[0] = 1e6\nreturn [int(bars.close[0] == 1e6)] * n")]
    public void AStrategyThatRestsOnThePastAloneIsNot(string body)
    {
        _lab.WithBody("honest", body);

        Assert.Equal(300, _lab.Run("py:honest").EquityCurve.Count);
    }

    [Fact]
    public void TheCutsFollowTheChangesAndCoverTheWhole()
    {
        double[] targets = [.. Enumerable.Range(0, 1000).Select(t => t / 7 % 2.0)];

        var cuts = LookAheadProbe.Cuts(targets);

        Assert.InRange(cuts.Length, 8, 12);
        Assert.All(cuts, cut => Assert.InRange(cut, 1, 999));
        Assert.True(cuts.Count(cut => targets[cut - 1] != targets[cut - 2]) >= 8);
        Assert.True(cuts[0] < 20 && cuts[^1] > 980);
        Assert.Equal([200, 400, 600, 800], LookAheadProbe.Cuts(new double[1000]));
        Assert.Empty(LookAheadProbe.Cuts([1]));
    }
}
