using System.Diagnostics;
using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Processes;
using BacktestOps.Operations.ServiceProcesses;
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

    [Fact]
    public async Task Children_of_a_build_are_ended_wherever_they_went_and_whoever_adopted_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0");
        await rig.DeployAsync("1.0.0");
        // One in a session of its own, one whose parent has gone, one that hides its environment, and the build itself.
        rig.Plan["build"] = new[] { new[] { "sh", "-c", "setsid sleep 987 & (setsid sh -c 'sleep 987 & exec env -i sleep 987' &) ; exec sleep 987" } };
        _ = rig.Read();
        using var deploying = Process.Start(new ProcessStartInfo("dotnet", [rig.ServiceProgram, "deploy", rig.PlanPath, "1.1.0", "0"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var service = await rig.MembersAsync();
        List<ProcessIdentity> children;
        while ((children = Sleepers(rig)).Count < 3) await Task.Delay(20, Token);
        deploying.Kill();
        await deploying.WaitForExitAsync(Token);

        await rig.Deployer().ResumeAsync(cancellationToken: Token);

        Assert.All(children, child => Assert.False(child.IsAlive()));
        Assert.Empty(Sleepers(rig));
        Assert.Equal(service.Select(member => member.Identity), (await rig.MembersAsync()).Select(member => member.Identity));
        Assert.Empty(Directory.EnumerateFiles(rig.Layout.Started));
    }

    [Fact]
    public async Task Nothing_is_ended_that_is_somebody_else_s()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0");
        await rig.DeployAsync("1.0.0");
        var (scope, own) = (rig.Layout.Scope, ProcessIdentity.Of(Environment.ProcessId)!);
        using var another = Sleep($"another-root/lock/1/x:1/{Guid.NewGuid():N}");
        using var aside = Sleep($"{scope}/aside/{own.Id}/{own.StartMark}/{Guid.NewGuid():N}");
        using var service = Sleep($"{scope}/lock/1/x:1/{Guid.NewGuid():N}", "another:000001-1.0.0");
        using var unmarked = Sleep(null);
        using var left = Sleep($"{scope}/aside/{own.Id}/another:1/{Guid.NewGuid():N}");
        // The id in a record belongs to another process by now, and a folder in it to nobody of ours.
        var precious = Directory.CreateDirectory(Path.Combine(rig.Folder, "precious")).FullName;
        var token = $"{scope}/lock/1/x:1/{Guid.NewGuid():N}";
        await File.WriteAllTextAsync(
            Path.Combine(Directory.CreateDirectory(rig.Layout.Started).FullName, token[^32..] + ".json"),
            System.Text.Json.JsonSerializer.Serialize(new { token, what = "sleep", process = unmarked.Id, start_mark = "another:1", temporary_folder = precious }), Token);

        await rig.DeployAsync("1.1.0");

        Assert.Equal((false, false, false, false, true), (another.HasExited, aside.HasExited, service.HasExited, unmarked.HasExited, left.WaitForExit(10_000)));
        Assert.True(Directory.Exists(precious));
        Assert.Empty(Directory.EnumerateFiles(rig.Layout.Started));
        await rig.AssertSoundAsync("1.1.0");
        foreach (var process in (Process[])[another, aside, service, unmarked]) process.Kill();
    }

    private static Process Sleep(string? token, string? service = null)
    {
        var start = new ProcessStartInfo("sleep", ["987"]);
        if (token is not null) start.Environment[StartedThings.Variable] = token;
        if (service is not null) start.Environment[StartedThings.ServiceMark] = service;
        return Process.Start(start)!;
    }

    private static List<ProcessIdentity> Sleepers(Rig rig) =>
    [
        .. MarkedProcesses.Find(StartedThings.Variable, token => token.StartsWith(rig.Layout.Scope + "/", StringComparison.Ordinal), StartedThings.ServiceMark)
            .Where(process => Command(process.Id).Contains("sleep 987", StringComparison.Ordinal) && !Command(process.Id).StartsWith("sh ", StringComparison.Ordinal)),
    ];

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
