using BacktestOps.Contracts;
using BacktestOps.Operations.Smoke.Browser;

namespace BacktestOps.Operations.Smoke;

/// <summary>One step of a person on the page.</summary>
/// <param name="Name">Its name: <c>load</c>.</param>
/// <param name="Expected">What is waited for, for people.</param>
/// <param name="Limit">The longest time that it may take.</param>
/// <param name="Act">Does it; the text is what was seen.</param>
internal sealed record Step(string Name, string Expected, TimeSpan Limit, Func<CancellationToken, Task<string>> Act);

/// <summary>What is waited for.</summary>
/// <param name="What">For people, with its selector.</param>
/// <param name="Selector">Where on the page.</param>
internal sealed record Awaited(string What, string Selector);

/// <summary>A step was seen to go wrong.</summary>
internal sealed class PageStepException(string message) : Exception(message)
{
    public string? Observed { get; init; }
}

/// <summary>
/// Takes steps under a time limit, takes a picture after each, and stops waiting soon after the page is seen to be in
/// trouble.
/// </summary>
internal sealed class PageStepper(SmokeLedger ledger, TimeBudget budget, BrowserPage tab, PageRequests requests, string subject, Func<Awaited?> awaited)
{

    /// <summary>How long the browser may take for a picture or a look.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How often is looked.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    // A page may try again by itself after a failed request; one that does not would be waited for in vain.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private int _pictures;

    /// <summary>True when a look failed because of the page: not because the browser is gone or the caller gave up.</summary>
    public static bool IsThePage(Exception error, CancellationToken caller) => error switch
    {
        OperationCanceledException => !caller.IsCancellationRequested,
        BrowserException browser => !browser.BrowserWasLost,
        _ => false,
    };

    /// <returns>True when the step went as expected.</returns>
    public async Task<bool> TakeAsync(Step step, CancellationToken cancellationToken)
    {
        var start = ledger.Clock.GetTimestamp();
        var (observed, why) = await TryAsync(step, cancellationToken).ConfigureAwait(false);
        var elapsed = ledger.Clock.GetElapsedTime(start);
        var picture = await PictureAsync(step.Name, cancellationToken).ConfigureAwait(false);
        if (picture is null) why = $"{why}{(why is null ? "" : "; ")}the page could not be drawn within {Units.Seconds(Patience)}";
        return ledger.Decide(
            why is null, $"page: {step.Name}", subject, step.Expected, observed, picture is null ? [] : [picture], why,
            "Look at the picture of this step and at the requests of the page; open the page by hand and do the same.", window: elapsed);
    }

    private async Task<(string? Observed, string? Why)> TryAsync(Step step, CancellationToken cancellationToken)
    {
        var limit = budget.AtMost(step.Limit);
        using var patience = new CancellationTokenSource(limit, ledger.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var troubles = requests.Troubles().Count;
        var acting = step.Act(either.Token);
        var watching = WatchAsync(troubles, either);
        string? observed = null;
        string? why = null;
        try
        {
            observed = await acting.ConfigureAwait(false);
        }
        catch (PageStepException error)
        {
            (observed, why) = (error.Observed, error.Message);
        }
        catch (BrowserException error) when (!error.BrowserWasLost)
        {
            why = error.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            why = $"waited {Units.Seconds(limit)} in vain for: {awaited()?.What ?? step.Expected}";
        }
        finally
        {
            await either.CancelAsync().ConfigureAwait(false);
        }

        var trouble = await watching.ConfigureAwait(false);
        if (why is null) return (observed, why);
        if (observed is null && await ShowAsync(cancellationToken).ConfigureAwait(false) is { } shown) why = $"{why}; {shown}";
        if (trouble is null) return (observed, why);
        return (observed, patience.IsCancellationRequested ? $"{why}; {trouble}" : $"{trouble} ({awaited()?.What ?? step.Expected} was waited for)");
    }

    /// <returns>What the page shows where something was waited for; null where it does not tell.</returns>
    private async Task<string?> ShowAsync(CancellationToken cancellationToken)
    {
        if (awaited() is not { } place) return null;
        using var patience = new CancellationTokenSource(Patience, ledger.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return (await tab.EvaluateAsync(PageScripts.Show(place.Selector), either.Token).ConfigureAwait(false))?.GetString();
        }
        catch (Exception error) when (IsThePage(error, cancellationToken))
        {
            return null;
        }
    }

    /// <returns>All the trouble that was seen so far, or null.</returns>
    private async Task<string?> WatchAsync(int before, CancellationTokenSource step)
    {
        try
        {
            while (requests.Troubles().Count == before) await Task.Delay(Look, ledger.Clock, step.Token).ConfigureAwait(false);
            await Task.Delay(Grace, ledger.Clock, step.Token).ConfigureAwait(false);
            await step.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The step ended first.
        }

        // What went wrong in a step before, a script that is missing, is often why this one waits in vain.
        return requests.Troubles() is { Count: > 0 } troubles ? string.Join("; ", troubles) : null;
    }

    private async Task<Artifact?> PictureAsync(string step, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, ledger.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var picture = await tab.TakeScreenshotAsync(either.Token).ConfigureAwait(false);
            return ledger.Keep($"page-{++_pictures}-{step}.png", "image/png", picture);
        }
        catch (Exception error) when (IsThePage(error, cancellationToken))
        {
            return null;
        }
    }
}
