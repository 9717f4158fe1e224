namespace BacktestOps.Runs.Tests.PythonWorkers;

/// <summary>Same request, same data, same bytes: whatever another strategy, or the same one before, did to its interpreter.</summary>
public sealed class StrategyIsolationTests
{
    private const string Decimals = "from decimal import Decimal\ndef signals(bars):\n    return [int(str(Decimal(repr(float(c))) / 7)[-1]) % 2 for c in bars.close]\n";

    /// <summary>What one strategy does, and one whose targets rest on that.</summary>
    public static TheoryData<string, string, string> Changes => new()
    {
        { "a decimal precision", "import decimal\ndecimal.getcontext().prec = 2", Decimals },
        { "the default of decimal contexts", "import decimal\ndecimal.DefaultContext.prec = 2\ndecimal.setcontext(decimal.Context(prec=2))", Decimals },
        { "a function of math", "import math\nmath.sqrt = lambda x: 1.0", "import math\ndef signals(bars):\n    return [int(math.sqrt(c) * 10) % 2 for c in bars.close]\n" },
        { "a builtin", "import builtins\nbuiltins.round = lambda *a: 0", "def signals(bars):\n    return [round(c) % 2 for c in bars.close]\n" },
        { "a module's place", "import sys, types\nsys.modules['statistics'] = types.ModuleType('statistics')\nsys.modules['statistics'].median = lambda x: 0", "import statistics\ndef signals(bars):\n    return [int(statistics.median([c, c + 1, c + 2])) % 2 for c in bars.close]\n" },
        { "an environment variable", "import os\nos.environ['MODE'] = 'x'", "import os\ndef signals(bars):\n    return [int('MODE' in os.environ)] * len(bars)\n" },
        { "the random numbers", "import random\nrandom.seed(99)\nrandom.random = lambda: 0.9", "import random\ndef signals(bars):\n    return [int(random.random() > 0.5) for _ in bars.close]\n" },
        { "the search path and folder", "import os, sys\nsys.path.insert(0, os.getcwd())\nos.chdir('/')", "import os, sys\ndef signals(bars):\n    return [len(sys.path) % 2 if os.getcwd() != '/' else 1] * len(bars)\n" },
        { "a recursion limit", "import sys\nsys.setrecursionlimit(2000)", "import sys\ndef signals(bars):\n    return [int(sys.getrecursionlimit() == 2000)] * len(bars)\n" },
        { "the class of the bars", "import sys, gc\nfor c in gc.get_objects():\n    if isinstance(c, type) and c.__name__ == 'Bars': c.__getitem__ = lambda self, name: [0] * len(self)", "def signals(bars):\n    return [int(c) % 2 for c in bars['close']]\n" },
        { "a thread that goes on", "import threading, math, time\ndef spoil():\n    while True:\n        math.floor = lambda x: 0\n        time.sleep(0.001)\nthreading.Thread(target=spoil, daemon=True).start()", "import math, time\ndef signals(bars):\n    time.sleep(0.01)\n    return [math.floor(c) % 2 for c in bars.close]\n" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void AStrategyGivesTheSameWhateverAnotherOneDidBefore(string what, string change, string victim)
    {
        using var alone = new PythonLab().With("victim", victim);
        var expected = alone.Run("py:victim");
        var spoiler = $"{change}\n\ndef signals(bars):\n    return [0] * len(bars)\n";
        var spoilerInCall = $"def signals(bars):\n{string.Join('\n', change.Split('\n').Select(line => "    " + line))}\n    return [0] * len(bars)\n";
        using var lab = new PythonLab().With("victim", victim).With("a", spoiler).With("b", spoilerInCall);

        // Described for the catalogue, looked at for a request, run: and the victim before, between and after.
        Assert.Equal(3, lab.Strategies.List().Count());
        Assert.Equal(expected.Performance, lab.Run("py:victim").Performance);
        lab.Validate(PythonLab.Request("py:a"));
        Assert.Equal(expected.Performance, lab.Run("py:victim").Performance);
        foreach (var other in (string[])["py:a", "py:b", "py:a"])
        {
            lab.Run(other);
            var after = lab.Run("py:victim");
            Assert.True(expected.Performance == after.Performance, $"{what}: {other} changed what the victim gives");
            Assert.Equal(expected.Trades, after.Trades);
        }
    }

    [Fact]
    public void AStrategySeesNothingOfItsOwnCallsBefore()
    {
        using var lab = new PythonLab().With(
            "counts", "import math\nSEEN = []\ndef signals(bars):\n    SEEN.append(1)\n    math.seen = getattr(math, 'seen', 0) + 1\n    return [(len(SEEN) + math.seen) % 2] * len(bars)\n");
        var request = PythonLab.Request("py:counts");

        var first = lab.Run(request);
        var second = lab.Run(request);

        Assert.Equal(first.Performance, second.Performance);
        Assert.Empty(first.Trades);
        Assert.Empty(first.OpenPositions);
    }

    [Fact]
    public void TextsOfASetComeInTheSameOrderInEveryWorker()
    {
        const string Order = "NAMES = list({'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'})\ndef signals(bars):\n    return [ord(NAMES[t % 8]) % 2 for t in range(len(bars))]\n";
        using var one = new PythonLab().With("order", Order);
        using var two = new PythonLab().With("order", Order);

        Assert.Equal(one.Run("py:order").Performance, two.Run("py:order").Performance);
    }

    [Fact]
    public void AFileThatIsChangedIsRunAsItIsNow()
    {
        using var lab = new PythonLab().WithBody("turns", "return [0] * n");
        Assert.Empty(lab.Run("py:turns").OpenPositions);

        lab.WithBody("turns", "return [1] * n");

        Assert.Single(lab.Run("py:turns").OpenPositions);
    }
}
