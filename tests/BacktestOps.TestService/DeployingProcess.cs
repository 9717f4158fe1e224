using System.Globalization;
using System.Runtime.InteropServices;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;

namespace BacktestOps.TestService;

/// <summary>Deploys, and kills itself with SIGKILL the moment that a chosen record of its journal is on the disk.</summary>
internal static partial class DeployingProcess
{
    private const int SigKill = 9;

    public static async Task<int> RunAsync(string plan, string killAfter, Func<Deployer, Task<Deployment>> work)
    {
        var kill = int.Parse(killAfter, CultureInfo.InvariantCulture);
        var written = 0;
        var tools = new DeploymentTools
        {
            Smoke = new HealthJourney(),
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
