using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Feedback;
using BacktestOps.Operations.Monitoring.Criteria;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Reports;

namespace BacktestOps.TestService;

/// <summary>Asks everything that can be asked about a root, as an account that may have no right to it, and says what came of each.</summary>
internal static class AuditingProcess
{
    public static async Task<int> RunAsync(string path)
    {
        var (plan, tools) = (PlanReader.Read(path), new DeploymentTools { Smoke = new HealthJourney() });
        var (deployer, ledger) = (new Deployer(plan, tools), LedgerLocation.Of(plan));
        await SayAsync("criteria", () => Task.FromResult(string.Join(' ', new RollbackCriteria(plan, tools).Test().Select(answer => answer.Verdict)))).ConfigureAwait(false);
        await SayAsync("list", () => Task.FromResult($"{deployer.List().Count}")).ConfigureAwait(false);
        await SayAsync("readiness", async () => string.Join(' ', (await deployer.TestReadinessAsync("1.1.0").ConfigureAwait(false)).Where(check => check.Verdict != Verdict.Pass).Select(check => $"{check.Name}:{check.Verdict}"))).ConfigureAwait(false);
        await SayAsync("preview", () => Task.FromResult(deployer.PreviewDeployment(new DeployRequest { Version = "1.1.0" }).Release)).ConfigureAwait(false);
        await SayAsync("evidence", () => Task.FromResult($"{EvidenceReader.Read(ledger, new EvidenceFilter()).Any()}")).ConfigureAwait(false);
        await SayAsync("audit", () => Task.FromResult($"{LedgerAudit.Verify(ledger, new LedgerAuditRequest()).Verdict}")).ConfigureAwait(false);
        foreach (var format in Enum.GetValues<ReportFormat>())
            await SayAsync($"report {format}", () => Task.FromResult($"{DeploymentReports.Write(ledger, new ReportRequest { Format = format }).Length > 0}")).ConfigureAwait(false);
        await SayAsync("feedback", async () => $"{(await new DeploymentFeedback(plan, tools, keepsMessages: false).ReadAsync(DateTimeOffset.UnixEpoch, default).ConfigureAwait(false))[0].Items.Count}").ConfigureAwait(false);
        await SayAsync("record", async () =>
        {
            var criteria = new RollbackCriteria(plan, tools);
            await criteria.RecordAsync(criteria.Test()).ConfigureAwait(false);
            return "recorded";
        }).ConfigureAwait(false);
        return 0;
    }

    private static async Task SayAsync(string what, Func<Task<string>> ask)
    {
        try
        {
            Console.WriteLine($"{what} = {await ask().ConfigureAwait(false)}");
        }
        catch (BacktestOpsException error)
        {
            Console.WriteLine($"{what} ! {error.ErrorId}");
        }
        catch (Exception error)
        {
            Console.WriteLine($"{what} ? {error.GetType().Name}: {error.Message}");
        }
    }
}
