using System.Globalization;
using System.Runtime.InteropServices;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Smoke.Browser;

namespace BacktestOps.TestService;

/// <summary>Deploys, and kills itself with SIGKILL the moment that a chosen record of its journal is on the disk.</summary>
internal static partial class DeployingProcess
{
    private const int SigKill = 9;

    public static async Task<int> RunAsync(string plan, string killAfter, Func<Deployer, Task<Deployment>> work, ISmokeJourney? smoke = null)
    {
        var kill = int.Parse(killAfter, CultureInfo.InvariantCulture);
        var written = 0;
        var tools = new DeploymentTools
        {
            Smoke = smoke ?? new HealthJourney(),
            Recorded = record =>
            {
                if (++written == kill) _ = Kill(Environment.ProcessId, SigKill);
            },
        };
        var deployment = await work(new Deployer(PlanReader.Read(plan), tools)).ConfigureAwait(false);
        Console.WriteLine(deployment.Outcome);
        return deployment.Outcome == DeploymentOutcome.Succeeded ? 0 : 1;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}

/// <summary>The shortest journey there is: the service answers.</summary>
public sealed class HealthJourney : ISmokeJourney
{
    public async Task<SmokeOutcome> RunAsync(SmokeRequest request, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var body = await http.GetStringAsync(new Uri(request.Address, "/journey"), cancellationToken).ConfigureAwait(false);
        var verdict = body == "ok" ? Verdict.Pass : Verdict.Fail;
        return new SmokeOutcome(
            verdict,
            [new CheckResult { Name = "journey", Subject = request.Address.ToString(), Verdict = verdict, Expected = "ok", Observed = body, Samples = 1, ObservedAt = DateTimeOffset.UtcNow }]);
    }
}

/// <summary>A journey that opens a page in a browser and stays there.</summary>
public sealed class BrowsingJourney : ISmokeJourney
{
    public async Task<SmokeOutcome> RunAsync(SmokeRequest request, CancellationToken cancellationToken)
    {
        if (request.Version != "1.1.0") return await new HealthJourney().RunAsync(request, cancellationToken).ConfigureAwait(false);
        Console.WriteLine("browsing");
        var browser = await BrowserProcess.StartAsync(BrowserLocator.Find()!, cancellationToken).ConfigureAwait(false);
        await using var ending = browser.ConfigureAwait(false);
        await browser.OpenPageAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        throw new InvalidOperationException("Nobody ended this process.");
    }
}
