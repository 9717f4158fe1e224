using BacktestOps.Operations.Smoke.Browser;

namespace BacktestOps.Operations.Tests.Fixtures;

/// <summary>Tests that need a browser say so where there is none.</summary>
internal static class Browsers
{
    public static void SkipWithoutOne() => Assert.SkipWhen(
        BrowserLocator.Find() is null, $"no Chromium, Chrome or Edge on this machine; install one, or name it in {BrowserLocator.Variable}");

    /// <summary>For a test that starts one: skips without, else waits until no other runs. The test disposes it.</summary>
    public static async Task<BrowserTurn> TakeTurnAsync()
    {
        SkipWithoutOne();
        return await BrowserTurn.TakeAsync(TestContext.Current.CancellationToken);
    }
}
