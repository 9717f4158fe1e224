using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;
using BacktestOps.Runs;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

public sealed class RepairBacktestHomeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_home_without_its_database_is_seen_with_WhatIf_and_put_right_without()
    {
        using var session = new TestSession();
        var home = Path.Combine(session.Folder, "home");
        string id;
        await using (var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = home }, Token))
        {
            var run = await runner.StartAsync(new BacktestRequest { Symbols = ["SP500"], Strategy = "BuyAndHold" }, Token);
            while (!run.Status.IsTerminal()) run = await runner.GetProgressAsync(run.BacktestId, Token);
            id = run.BacktestId;
        }

        foreach (var file in Directory.GetFiles(home, "runs.db*")) File.Delete(file);

        var would = Assert.Single(session.Run("Repair-BacktestHome home -WhatIf").WithoutErrors().As<HomeItem>());
        Assert.Equal((id, HomeFinding.Unknown, false), (would.BacktestId, would.Finding, would.IsRepaired));
        Assert.Empty(Directory.GetFiles(home, "runs.db*"));

        Assert.True(Assert.Single(session.Run("Repair-BacktestHome home").WithoutErrors().As<HomeItem>()).IsRepaired);
        Assert.Equal(HomeFinding.Sound, Assert.Single(session.Run("[pscustomobject]@{ HomePath = 'home' } | Repair-BacktestHome").WithoutErrors().As<HomeItem>()).Finding);
    }

    [Fact]
    public void A_folder_that_is_no_home_is_an_error_that_makes_nothing()
    {
        using var session = new TestSession();

        var error = session.Run("Repair-BacktestHome nothing").Terminating;

        Assert.StartsWith("BacktestUnavailable,", error!.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(session.Folder));
    }
}
