using System.Collections.Concurrent;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Smoke;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Smoke;

/// <summary>A smoke test of every page of <see cref="PageFaults"/>, one after the other, begun when the first one is asked for.</summary>
public sealed class PageFaultRuns : IAsyncDisposable
{
    // Many faults show only when a limit has passed, so the limits are short. On a machine with much else to do a good step can take
    // longer than that; then the case is had again with longer ones, the last of which only turn a hang into a failure.
    private static readonly (TimeSpan Step, TimeSpan All)[] Limits =
    [
        (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(15)), (TimeSpan.FromSeconds(12), TimeSpan.FromMinutes(1)), (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, Task<SmokeReport>> _runs = new();
    private readonly Lock _lock = new();

    internal Task<SmokeReport> OfAsync(string name)
    {
        lock (_lock)
        {
            if (_runs.IsEmpty)
                foreach (var (other, fault) in PageFaults.All) _runs[other] = RunAsync(fault);
        }

        return _runs[name];
    }

    public async ValueTask DisposeAsync()
    {
        await ((Task)Task.WhenAll(_runs.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _folder.Dispose();
    }

    private async Task<SmokeReport> RunAsync(PageFault fault)
    {
        using var turn = await BrowserTurn.TakeAsync(TestContext.Current.CancellationToken);
        foreach (var limits in Limits[..^1])
        {
            if (await RunAsync(fault, limits) is var report && WasReached(fault, report)) return report;
        }

        return await RunAsync(fault, Limits[^1]);
    }

    private async Task<SmokeReport> RunAsync(PageFault fault, (TimeSpan Step, TimeSpan All) limits)
    {
        using var service = new StubBacktestService(fault.Change);
        return await new SmokeTest(new ArtifactStore(_folder.Path)).RunAsync(
            new SmokePlan
            {
                Address = service.Address, Version = "2.0.2", Page = new PagePlan { StepLimit = limits.Step }, TimeLimit = limits.All,
            },
            TestContext.Current.CancellationToken);
    }

    // Nothing before the fault kept the run from getting to it.
    private static bool WasReached(PageFault fault, SmokeReport report) =>
        report.Checks.Any(check => check.Name == fault.Check && check.Verdict == Verdict.Fail && $"{check.Observed} {check.Detail}".Contains(fault.Says, StringComparison.Ordinal))
        && report.Checks.Where(check => !check.Name.StartsWith("page", StringComparison.Ordinal)).All(check => check.Verdict == Verdict.Pass);
}
