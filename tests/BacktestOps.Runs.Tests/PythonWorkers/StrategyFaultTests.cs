namespace BacktestOps.Runs.Tests.PythonWorkers;

/// <summary>What a strategy does wrong fails its run with file, line and message, and the worker after it works.</summary>
public sealed class StrategyFaultTests : IDisposable
{
    private readonly PythonLab _lab = new PythonLab().WithBody("good", "return [0] * n");

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("return [1] * (n - 1)", "bad.py: signals returned 299 targets for 300 bars")]
    [InlineData("return [1] * (n + 5)", "bad.py: signals returned 305 targets for 300 bars")]
    [InlineData("return (1 for _ in iter(int, 1))", "bad.py: signals returned more than 300 targets for 300 bars")]
    [InlineData("pass", "bad.py: signals returned nothing")]
    [InlineData("return 1", "bad.py: signals returned a value of type int; return one target for each bar")]
    [InlineData("return 'x' * n", "bad.py: signals returned a value of type str")]
    [InlineData("return [0] * 7 + ['buy'] + [0] * (n - 8)", "bad.py: the target of bar 7 is 'buy', a str; a number is needed")]
    [InlineData("return [1j] * n", "bad.py: the target of bar 0 is 1j")]
    [InlineData("return [0] * 7 + [float('nan')] * (n - 7)", "bad.py: the target of bar 7 (ABC, 2000-01-10) is NaN; say 0 where there is no answer yet")]
    [InlineData("return [float('inf')] * n", "bad.py: the target of bar 0 (ABC, 2000-01-03) is Infinity")]
    [InlineData("return [1.5] * n", "bad.py: the target of bar 0 (ABC, 2000-01-03) is 1.5; a target is from -1 (short with all the cash of the symbol) over 0 (flat) to 1 (long with all of it)")]
    [InlineData("return [-1.01] * n", "bad.py: the target of bar 0 (ABC, 2000-01-03) is -1.01")]
    [InlineData("x = 0\nreturn [1 / x] * n", "bad.py, line 6: ZeroDivisionError: division by zero")]
    [InlineData("return bars.closes", "bad.py, line 5: AttributeError: 'Bars' object has no attribute 'closes'")]
    [InlineData("sys.exit(3)", "bad.py, line 5: it ended its process (SystemExit: 3)")]
    [InlineData("def again(): return again()\nreturn again()", "bad.py, line 5: RecursionError")]
    [InlineData("raise ValueError('one\\ntwo')", "bad.py, line 5: ValueError: one two")]
    public void AWrongAnswerIsNamed(string body, string expected)
    {
        _lab.WithBody("bad", body);

        Assert.StartsWith(expected, _lab.FaultOf("py:bad"), StringComparison.Ordinal);
        Assert.Empty(_lab.Run("py:good").Trades);
    }

    [Theory]
    [InlineData("def signals(bars)\n    return []\n", "bad.py, line 1: SyntaxError")]
    [InlineData("import nothing_of_this_name\n", "bad.py, line 1: ModuleNotFoundError")]
    [InlineData("x = 1\n", "bad.py: defines no function signals(bars, **parameters)")]
    [InlineData("signals = 7\n", "bad.py: defines no function signals(bars, **parameters)")]
    [InlineData("def signals():\n    return []\n", "bad.py: signals takes no bars")]
    [InlineData("def signals(bars, fast):\n    return []\n", "bad.py: signals needs 'fast', and PARAMETERS does not name it")]
    [InlineData("PARAMETERS = {'fast': {'default': 1}}\ndef signals(bars):\n    return []\n", "bad.py: PARAMETERS names 'fast', and signals does not take it")]
    [InlineData("PARAMETERS = {'fast': {'default': 1, 'min': 2}}\ndef signals(bars, fast):\n    return []\n", "bad.py: PARAMETERS['fast']: the default 1 is not between min 2")]
    [InlineData("PARAMETERS = {'fast': {'default': float('nan')}}\ndef signals(bars, fast):\n    return []\n", "bad.py: PARAMETERS['fast']['default'] is nan")]
    [InlineData("PARAMETERS = [1]\ndef signals(bars):\n    return []\n", "bad.py: PARAMETERS is no dict")]
    [InlineData("", "bad.py is empty")]
    public void AFileThatIsNoStrategyIsAFaultOfTheRequestAndOfItsLineInTheCatalogue(string text, string expected)
    {
        _lab.With("bad", text);

        var fault = Assert.Single(_lab.Validate(PythonLab.Request("py:bad")));
        var line = _lab.Strategies.List().Single(strategy => strategy.Name == "py:bad");

        Assert.Equal("strategy", fault.Field);
        Assert.Contains(expected, fault.Detail, StringComparison.Ordinal);
        Assert.StartsWith($"Can't be used: {expected}", line.Description, StringComparison.Ordinal);
        Assert.Contains(_lab.Strategies.List(), strategy => strategy.Name == "py:good" && strategy.Description.Length > 0);
    }

    [Fact]
    public void TheWholeTraceGoesToTheLog()
    {
        _lab.With("bad", "def inner(x):\n    return 1 / x\n\ndef signals(bars):\n    return inner(0)\n");

        Assert.Equal("bad.py, line 2: ZeroDivisionError: division by zero", _lab.FaultOf("py:bad"));

        Assert.Contains("Traceback", _lab.AllOfLog, StringComparison.Ordinal);
        Assert.Contains("line 5, in signals", _lab.AllOfLog, StringComparison.Ordinal);
        Assert.Contains("return 1 / x", _lab.AllOfLog, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatAStrategyPrintsGoesToTheLogAndNeverIntoTheAnswer()
    {
        _lab.WithBody("loud", "print('BOPW' * 10000)\nos.write(1, b'raw' * 5000)\nsys.stdout.buffer.write(b'\\xff\\xfe')\nsys.stdout.flush()\nsys.stderr.write('to the errors')\nassert sys.stdin.read() == ''\nreturn [1] * n");

        Assert.NotEmpty(_lab.Run("py:loud").OpenPositions);

        await Support.Waiting.UntilAsync(() => _lab.AllOfLog.Contains("loud.py", StringComparison.Ordinal), "the printed text in the log");
        Assert.True(_lab.AllOfLog.Length < 200_000);
    }
}
