using System.Diagnostics;
using BacktestOps.Client;
using BacktestOps.Contracts;
using BacktestOps.Operations.Tests.Deployments;
using BacktestOps.Operations.Tests.ServiceProcesses;

namespace BacktestOps.Operations.Tests.Monitoring;

/// <summary>This project's own service as it was built beside the tests, deployed as a release of a rig.</summary>
internal static class OwnRelease
{
    /// <summary>Deploys it, and lets it complete some runs.</summary>
    /// <param name="rig">The rig; the watch stands in its plan.</param>
    /// <param name="runs">How many runs.</param>
    /// <param name="options">Further options of its command line.</param>
    /// <returns>The runs.</returns>
    public static async Task<IReadOnlyList<string>> DeployAsync(Rig rig, int runs, params string[] options)
    {
        var token = TestContext.Current.CancellationToken;
        var program = (await ServiceHome.RealService()).Arguments[0];
        var version = FileVersionInfo.GetVersionInfo(program).ProductVersion!.Split('+')[0];
        rig.Version(version);
        rig.Plan["shared"] = new[] { "data" };
        rig.Plan["smoke"] = new { page = false };
        rig.ServiceKeys["start"] = (string[])["dotnet", program, "--urls", $"http://127.0.0.1:{rig.Port}", "--home", "{release}/data", .. options];
        var deployed = await rig.DeployAsync(version);
        Assert.True(deployed.Outcome == DeploymentOutcome.Succeeded, deployed.Reason);
        await using var client = new BacktestClient(new Uri($"http://127.0.0.1:{rig.Port}"));
        var completed = new List<string>();
        for (var run = 0; run < runs; run++)
        {
            var started = await client.StartAsync(new BacktestRequest { Symbols = ["SP500"], Strategy = "BuyAndHold" }, token);
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!(await client.GetProgressAsync(started.BacktestId, token)).Status.IsTerminal()) await pace.WaitForNextTickAsync(token);
            completed.Add(started.BacktestId);
        }

        return completed;
    }
}
