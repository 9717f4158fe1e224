using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Smoke.Browser;

namespace BacktestOps.Operations.Smoke;

/// <summary>
/// Uses a service as its users do, once: over HTTP and through its page in a headless browser, and judges all that was
/// seen. Everything that was answered is kept by its digest and named by the checks.
/// </summary>
/// <remarks>It starts one backtest by each way, and leaves both in the service: they are its evidence there.</remarks>
public sealed class SmokeTest
{
    private readonly ArtifactStore _artifacts;
    private readonly TimeProvider _clock;
    private readonly Func<string?> _findBrowser;

    /// <summary>Creates a smoke test.</summary>
    /// <param name="artifacts">Where what was seen is kept.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <param name="findBrowser">Finds a browser's executable, or null where there is none; null for <see cref="BrowserLocator.Find"/>.</param>
    public SmokeTest(ArtifactStore artifacts, TimeProvider? clock = null, Func<string?>? findBrowser = null)
    {
        _artifacts = artifacts;
        _clock = clock ?? TimeProvider.System;
        _findBrowser = findBrowser ?? BrowserLocator.Find;
    }

    /// <summary>Tries the service and judges it.</summary>
    /// <param name="plan">What to try and what must be seen.</param>
    /// <param name="cancellationToken">Gives up; no report is made then.</param>
    public Task<SmokeReport> RunAsync(SmokePlan plan, CancellationToken cancellationToken = default) => RunAsync(plan, null, cancellationToken);

    /// <summary>Tries the service and judges it, telling of each check as it is found.</summary>
    /// <param name="plan">What to try and what must be seen.</param>
    /// <param name="found">Told of each check, one after the other, not always on the same thread.</param>
    /// <param name="cancellationToken">Gives up; no report is made then.</param>
    public async Task<SmokeReport> RunAsync(SmokePlan plan, Action<CheckResult>? found, CancellationToken cancellationToken = default)
    {
        var startedAt = _clock.GetUtcNow();
        var budget = new TimeBudget(plan.TimeLimit, _clock);
        var ledger = new SmokeLedger(_artifacts, _clock, found);
        using var transport = new HttpTransport(ledger, budget, plan.ResponseTimeLimit);
        var http = new HttpJourney(plan, ledger, transport);
        PageJourney? page = null;
        try
        {
            await http.RunAsync(cancellationToken).ConfigureAwait(false);
            if (plan.Page is not null)
            {
                page = new PageJourney(plan, plan.Page, ledger, budget, _findBrowser);
                await page.RunAsync(http.WasAnswered, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ArtifactStoreException error)
        {
            ledger.Error("evidence", _artifacts.Folder, "all that is seen is kept", error.Message, error.RecommendedAction);
        }

        return new SmokeReport(Weigh(plan, ledger.Checks), ledger.Checks)
        {
            Address = plan.Address,
            BacktestId = http.BacktestId,
            PageBacktestId = page?.BacktestId,
            PageRequests = page?.Requests ?? [],
            StartedAt = startedAt,
            Duration = budget.Elapsed,
        };
    }

    private static Verdict Weigh(SmokePlan plan, IReadOnlyList<CheckResult> checks) => Verdicts.Combine(
        from check in checks
        let isOfThePage = check.Name.StartsWith(PageJourney.Prefix, StringComparison.Ordinal)
        where plan.Page is not { Required: false } || check.Verdict == Verdict.Fail || !isOfThePage
        select check.Verdict);
}
