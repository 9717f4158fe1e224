using BacktestOps.Operations.Smoke.Browser;

namespace BacktestOps.Operations.Smoke;

/// <summary>The way of a person through the page, in a headless browser. Where there is no browser nothing is said of the page.</summary>
internal sealed class PageJourney(SmokePlan plan, PagePlan page, SmokeLedger ledger, TimeBudget budget, Func<string?> findBrowser)
{
    /// <summary>What the names of all checks of the page begin with.</summary>
    public const string Prefix = "page";

    private const string BrowserCheck = $"{Prefix}: browser";
    private const string Expected = "a browser goes through the page, from a stock to the downloaded file";
    private static readonly TimeSpan BrowserStart = TimeSpan.FromSeconds(30);

    private readonly Uri _address = new(plan.Address, page.Path);
    private PageWalk? _walk;

    /// <summary>The backtest that the page started; null while there is none.</summary>
    public string? BacktestId => _walk?.BacktestId;

    public IReadOnlyList<NetworkRecord> Requests => _walk?.Requests ?? [];

    /// <param name="serviceAnswers">False when nothing answered over HTTP, so that a browser would see nothing either.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(bool serviceAnswers, CancellationToken cancellationToken)
    {
        if (page.Skip)
            Unseen("the browser was left out on request", "Test again with the browser: a fault of the page alone is seen in no other way.");
        else if (!serviceAnswers)
            Unseen("the service answered nothing, so no browser was started", null);
        else if (findBrowser() is { } executable)
            await BrowseAsync(executable, cancellationToken).ConfigureAwait(false);
        else
            Unseen(
                "no Chromium, Chrome or Edge was found on this machine",
                $"Install one (Debian, Ubuntu: apt-get install chromium) or name its executable in {BrowserLocator.Variable}, then test again.");
    }

    private async Task BrowseAsync(string executable, CancellationToken cancellationToken)
    {
        var started = false;
        try
        {
            using var patience = new CancellationTokenSource(budget.AtMost(BrowserStart), ledger.Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            var browser = await BrowserProcess.StartAsync(executable, either.Token).ConfigureAwait(false);
            await using var ending = browser.ConfigureAwait(false);
            var tab = await browser.OpenPageAsync(cancellationToken: either.Token).ConfigureAwait(false);
            started = true;
            _walk = new PageWalk(plan, page, ledger, budget, tab);
            await _walk.RunAsync(_address, cancellationToken).ConfigureAwait(false);
        }
        catch (BrowserException error) when (!started || error.BrowserWasLost)
        {
            Unseen(
                $"'{executable}' {(started ? "went away" : "could not be driven")}: {error.Message}",
                $"Start it by hand to see what it lacks, or name another one in {BrowserLocator.Variable}.");
        }
        catch (OperationCanceledException) when (!started && !cancellationToken.IsCancellationRequested)
        {
            Unseen($"'{executable}' could not be driven within {Units.Seconds(budget.AtMost(BrowserStart))}", "See what this machine is busy with, then test again.");
        }
    }

    private void Unseen(string why, string? action) => ledger.Unseen(BrowserCheck, _address.ToString(), Expected, why, action);
}
