using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests;

/// <summary>A run, a result, or a saved file stands for its id wherever one is asked for.</summary>
public sealed class IdArgumentTests
{
    [Theory]
    [InlineData("Get-BacktestProgress $run")]
    [InlineData("Get-BacktestProgress $run -Wait")]
    [InlineData("Get-BacktestResult -Id $run")]
    [InlineData("Get-Backtest $result")]
    [InlineData("Stop-Backtest $run -PassThru")]
    [InlineData("Save-BacktestResult $result -Path again.json -PassThru")]
    [InlineData("Get-BacktestProgress $file")]
    [InlineData("Get-BacktestProgress ([pscustomobject]@{ BacktestId = $run.BacktestId })")]
    public void What_has_an_id_stands_for_it(string command)
    {
        using var session = new TestSession();

        var output = session.Run(
            "$run = Start-Backtest SP500 BuyAndHold | Get-BacktestProgress -Wait; $result = $run | Get-BacktestResult; $file = Save-BacktestResult $run -Path saved.json -PassThru; "
            + $"{command}; $run.BacktestId").WithoutErrors().Output;

        Assert.Equal(2, output.Count);
        Assert.Equal(output[1].BaseObject, output[0].Properties["BacktestId"].Value);
    }

    [Fact]
    public void What_has_none_is_looked_up_as_it_reads_and_not_found()
    {
        using var session = new TestSession(new FakeBacktestApi());

        var error = session.Run("Get-BacktestProgress 7").OnlyError();

        Assert.StartsWith("BacktestNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.IsType<BacktestNotFoundException>(error.Exception);
    }
}
