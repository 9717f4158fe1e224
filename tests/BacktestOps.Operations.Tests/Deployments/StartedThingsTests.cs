using System.Diagnostics;
using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Processes;
using BacktestOps.Operations.ServiceProcesses;
using BacktestOps.Operations.Services;
using BacktestOps.Operations.Smoke.Browser;

namespace BacktestOps.Operations.Tests.Deployments;

/// <summary>What a deployment started is ended by the next one that has the root, whatever it was, and the service never is.</summary>
public class StartedThingsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Rounds => int.Parse(Environment.GetEnvironmentVariable("BACKTESTOPS_BROWSER_KILLS") ?? "3", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_browser_of_a_deployment_that_was_killed_is_gone_after_the_resume_and_its_profile_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
        Assert.SkipWhen(BrowserLocator.Find() is null, "There is no browser on this machine.");
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Rounds} kills, seed {seed} (BACKTESTOPS_BROWSER_KILLS asks for more)");
        for (var round = 1; round <= Rounds; round++)
        {
            await using var rig = new Rig().Version("1.0.0").Version("1.1.0");
            await rig.DeployAsync("1.0.0");
            var temporary = Directory.CreateDirectory(Path.Combine(rig.Folder, "temporary")).FullName;
            var start = new ProcessStartInfo("dotnet", [rig.ServiceProgram, "browse", rig.PlanPath, "1.1.0"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["TMPDIR"] = temporary;
            using var deploying = Process.Start(start)!;
            // The first is killed while the browser starts, the others anywhere between that and a page that is open.
            for (string? line; (line = await deploying.StandardOutput.ReadLineAsync(Token)) is not null && line != "browsing";) Assert.NotNull(line);
            if (round > 1) await Task.Delay(random.Next(1500), Token);
            deploying.Kill();
            await deploying.WaitForExitAsync(Token);

            var resumed = await rig.Deployer().ResumeAsync(cancellationToken: Token);

            Assert.Equal(DeploymentOutcome.RolledBack, resumed!.Outcome);
            var left = ProcessTable.All().Where(entry => Command(entry.Identity.Id).Contains(temporary, StringComparison.Ordinal)).Select(entry => Command(entry.Identity.Id)).ToList();
            Assert.True(left.Count == 0, $"round {round}: {left.Count} processes live: {left.FirstOrDefault()}");
            Assert.Empty(Directory.EnumerateDirectories(temporary, "backtestops-browser-*"));
            await rig.AssertSoundAsync("1.0.0");
        }
    }

    private static string Command(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
