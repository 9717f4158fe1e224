using System.Security.Cryptography;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

/// <summary>Sweeps from the command line to the files.</summary>
public sealed class SweepTests
{
    [Fact]
    public void Every_parameter_of_a_sweep_reaches_the_request()
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        session.Run(
            """
            Start-Backtest AAPL SmaCross -Sweep @{ Fast = 2..4; Slow = 10, '20.5', 30; Exit = 7 } -Constraint 'fast < slow', 'slow > 5' -Objective cagr `
                -Sample 5 -Seed 42 -WalkForward @{ InSample = 100; outofsample = '20'; Anchored = $true }
            """).WithoutErrors();

        var sweep = Assert.Single(api.Requests).Sweep!;
        Assert.Equal(["Exit = 7", "Fast = 2 3 4", "Slow = 10 20.5 30"], sweep.Parameters.Select(pair => $"{pair.Key} = {string.Join(' ', pair.Value)}"));
        Assert.Equal(["fast < slow", "slow > 5"], sweep.Constraints);
        Assert.Equal(("cagr", 5, 42), (sweep.Objective, sweep.Sample, sweep.Seed));
        Assert.Equal(new WalkForwardRequest { InSample = 100, OutOfSample = 20, Anchored = true }, sweep.WalkForward);
    }

    [Theory]
    [InlineData("", "sharpe_ratio")]
    [InlineData("-Objective ProfitFactor", "profit_factor")]
    [InlineData("-Objective maxdrawdown", "max_drawdown")]
    [InlineData("-Objective win_rate", "win_rate")]
    [InlineData("-Objective Sharp", "Sharp")]
    public void An_objective_goes_by_its_figure_s_name_or_its_name_in_JSON(string parameter, string objective)
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        session.Run($"Start-Backtest AAPL SmaCross -Sweep @{{ Fast = 2, 3 }} {parameter}").WithoutErrors();

        Assert.Equal(objective, Assert.Single(api.Requests).Sweep!.Objective);
    }

    [Theory]
    [InlineData("-Sweep @{ Fast = 'two'; Slow = $true, 3 }", "sweep.parameters.Fast sweep.parameters.Slow")]
    [InlineData("-Sweep @{ Fast = 2 } -WalkForward @{ InSample = 1.5; Window = 3 }", "sweep.walk_forward.InSample sweep.walk_forward.Window")]
    [InlineData("-Objective cagr -Seed 3", "-Objective -Seed")]
    public void What_a_sweep_does_not_take_is_named_and_nothing_is_started(string parameters, string fields)
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        var error = session.Run($"Start-Backtest AAPL SmaCross {parameters}").OnlyError();

        var faults = Assert.IsType<InvalidRequestException>(error.Exception).Faults;
        Assert.Equal(fields, string.Join(' ', faults.Select(fault => fault.Field).Order(StringComparer.Ordinal)));
        Assert.Empty(api.Requests);
    }

    [Fact]
    public void A_sweep_ends_in_a_result_and_a_file_with_every_variant()
    {
        using var session = new TestSession();

        var files = session.Run(
            "Start-Backtest SP500 SmaCross -Sweep @{ Fast = 2..6; Slow = 5..20 } | Get-BacktestProgress -Wait | Save-BacktestResult -Path . -IncludeVariants -PassThru")
            .WithoutErrors().As<FileInfo>();

        Assert.Equal(2, files.Count);
        var id = files[0].Name["backtest-result-".Length..^".json".Length];
        var result = Assert.Single(session.Run($"Get-BacktestResult {id}").WithoutErrors().As<BacktestResult>());
        Assert.Equal($"backtest-sweep-{id}.csv", files[1].Name);
        Assert.Equal(result.Sweep!.File.Sha256, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(files[1].FullName))));
        // 5 × 16 combinations, of which fast < slow leaves out 5-5, 6-5 and 6-6.
        Assert.Equal((77, 78), (result.Sweep.Variants, File.ReadAllLines(files[1].FullName).Length));
        Assert.Equal("ResultFileExists", Id(session.Run($"Save-BacktestResult {id} -Path . -IncludeVariants").OnlyError()));
        session.Run($"Save-BacktestResult {id} -Path . -IncludeVariants -Force").WithoutErrors();
    }

    [Fact]
    public void One_run_has_no_variants_to_save()
    {
        using var session = new TestSession();

        var error = session.Run("Start-Backtest SP500 BuyAndHold | Get-BacktestProgress -Wait | Save-BacktestResult -Path . -IncludeVariants").OnlyError();

        Assert.Equal("NotASweep", Id(error));
    }

    [Fact]
    public void Views_show_a_sweep_its_variants_and_its_stretches()
    {
        using var session = new TestSession();
        session.Run(
            """
            $run = Start-Backtest SP500 SmaCross -Sweep @{ Fast = 2..4; Slow = 10..12 } -WalkForward @{ InSample = 2000; OutOfSample = 2000 } | Get-BacktestProgress -Wait
            $sweep = ($run | Get-BacktestResult).Sweep
            $sweep.Top | Out-Default
            $sweep.Windows | Out-Default
            """).WithoutErrors();

        Assert.Contains("fast = ", session.Host.Text, StringComparison.Ordinal);
        Assert.Contains("Chosen on", session.Host.Text, StringComparison.Ordinal);
        Assert.Contains("2000-01-03 - ", session.Host.Text, StringComparison.Ordinal);
    }

    private static string Id(System.Management.Automation.ErrorRecord error) => error.FullyQualifiedErrorId.Split(',')[0];
}
