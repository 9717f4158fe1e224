using BacktestOps.Engine;
using BacktestOps.Runs.Execution;
using BacktestOps.Runs.PythonWorkers;

namespace BacktestOps.Runs.Tests.PythonWorkers;

/// <summary>A file shows in the catalogue as it describes itself, and its requests are judged by that.</summary>
public sealed class PythonCatalogueTests : IDisposable
{
    private readonly PythonLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void PARAMETERSAndTheFirstParagraphAreWhatTheCatalogueShows()
    {
        _lab.With("trend", """
            '''Follows the trend,
            slowly.

            More that is not shown.'''
            PARAMETERS = {
                "fast": {"default": 10, "min": 1, "max": 50, "description": "Bars."},
                "share": {"default": 0.5, "min": 0, "max": 1},
            }
            def signals(bars, **parameters): return [0] * len(bars)
            """);

        var strategy = Assert.Single(_lab.Strategies.List());

        Assert.Equal(("py:trend", "Follows the trend, slowly."), (strategy.Name, strategy.Description));
        var (fast, share) = (strategy.Parameters[0], strategy.Parameters[1]);
        Assert.Equal(("fast", "Bars.", 10.0, 1.0, 50.0, true), (fast.Name, fast.Description, fast.Default, fast.Minimum, fast.Maximum, fast.IsInteger));
        Assert.Equal(("share", "", 0.5, 0.0, 1.0, false), (share.Name, share.Description, share.Default, share.Minimum, share.Maximum, share.IsInteger));
    }

    [Fact]
    public void WithoutPARAMETERSTheDefaultsOfSignalsAreTheParameters()
    {
        _lab.With("plain", "DESCRIPTION = 'In short.'\ndef signals(bars, window=5, *, share=0.5): return [0] * len(bars)\n");

        var strategy = Assert.Single(_lab.Strategies.List());

        Assert.Equal("In short.", strategy.Description);
        Assert.Equal([("window", 5.0, true), ("share", 0.5, false)], strategy.Parameters.Select(parameter => (parameter.Name, parameter.Default, parameter.IsInteger)));
    }

    [Fact]
    public void AllFaultsOfARequestAreNamedAtOnce()
    {
        _lab.With("trend", "PARAMETERS = {'fast': {'default': 10, 'min': 1, 'max': 50}}\ndef signals(bars, fast): return [0] * len(bars)\n");

        var faults = _lab.Validate(PythonLab.Request("PY:Trend", ("fast", 51), ("fsat", 2)) with { InitialCash = 0 });

        Assert.Equal(["initial_cash", "parameters.fast", "parameters.fsat"], faults.Select(fault => fault.Field).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("py:tremd", "did you mean 'py:trend'?")]
    [InlineData("py:", "known in Python: py:trend")]
    [InlineData("py:../trend", "did you mean 'py:trend'?")]
    [InlineData("py:/etc/passwd", "known in Python: py:trend")]
    public void AnUnknownNameIsAFaultWithAHint(string name, string hint)
    {
        _lab.WithBody("trend", "return [0] * n");

        var fault = Assert.Single(_lab.Validate(PythonLab.Request(name)));

        Assert.Equal(("strategy", hint), (fault.Field, fault.Hint));
    }

    [Fact]
    public void WhereNoneAreConfiguredTheFaultSaysHow()
    {
        var fault = Assert.Single(PythonStrategies.Join(new EngineCalls(), null).Validate(PythonLab.Request("py:trend"), new ValidationTerms()));

        Assert.Equal("strategy", fault.Field);
        Assert.Contains("--python-strategies", fault.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void WholeNumbersArriveAsIntAndTheOthersAsFloat()
    {
        _lab.With("kinds", "def signals(bars, whole=5, part=0.5):\n    assert type(whole) is int and whole == 7, whole\n    assert type(part) is float and part == 2.0, part\n    return [0] * len(bars)\n");

        Assert.Empty(_lab.Run(PythonLab.Request("py:kinds", ("whole", 7), ("part", 2))).Trades);
    }

    [Fact]
    public void BarsAreColumnsByAttributeAndByName()
    {
        _lab.WithBody("columns", """
            assert bars.symbol == 'ABC' and bars.adjusted_close is None
            assert list(bars.close) == list(bars['close'])
            for name in ('open', 'high', 'low', 'close', 'volume', 'date'):
                assert len(bars[name]) == n, name
            assert bars.high[0] == bars.close[0] + 1 and bars.open[0] == bars.close[0] - 0.5
            assert str(bars.date[0]).startswith('2000-01-03'), bars.date[0]
            return [0] * n
            """);

        Assert.Empty(_lab.Run("py:columns").Trades);
    }

    [Fact]
    public void WithoutNumpyColumnsArePlainLists()
    {
        using var lab = new PythonLab(change: settings => settings with { Interpreter = _lab.InterpreterWithoutNumpy() });
        lab.WithBody("lists", "assert type(bars.close) is list and type(bars.close[0]) is float\nreturn [0] * n");

        Assert.Empty(lab.Run("py:lists").Trades);
    }

    [Fact]
    public void WithNumpyColumnsAreArraysAndSoMayTargetsBe()
    {
        using var lab = new PythonLab(change: settings => settings with { Interpreter = _lab.InterpreterWithNumpy() });
        lab.WithBody("arrays", "import numpy\nassert type(bars.close) is numpy.ndarray and bars.close.dtype == 'float64'\nassert bars.date.dtype == 'datetime64[us]'\nreturn bars.close > 100");
        lab.WithBody("square", "import numpy\nreturn numpy.zeros((n, 2))");

        Assert.NotEmpty(lab.Run("py:arrays").Trades);
        Assert.Contains("an array of 2 dimensions", lab.FaultOf("py:square"), StringComparison.Ordinal);
    }

    [Fact]
    public void AChangedFileIsAnotherStrategyAtOnce()
    {
        _lab.WithBody("trend", "return [0] * n");
        Assert.Empty(_lab.Run("py:trend").OpenPositions);

        _lab.WithBody("trend", "return [1] * n");

        Assert.NotEmpty(_lab.Run("py:trend").OpenPositions);
    }
}
