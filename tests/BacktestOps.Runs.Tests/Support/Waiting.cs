using BacktestOps.Contracts;

namespace BacktestOps.Runs.Tests.Support;

/// <summary>Waits on a condition; the limit only turns a hang into a failure that says what was last seen.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static async Task<BacktestProgress> WhenAsync(
        this IBacktestApi api, string id, Func<BacktestProgress, bool> condition, Action<BacktestProgress>? see = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var progress = await api.GetProgressAsync(id, TestContext.Current.CancellationToken);
            see?.Invoke(progress);
            if (condition(progress))
                return progress;
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"Waited in vain; last seen: {progress}");
            await Task.Yield();
        }
    }

    public static Task<BacktestProgress> EndAsync(this IBacktestApi api, string id, Action<BacktestProgress>? see = null) =>
        api.WhenAsync(id, progress => progress.Status.IsTerminal(), see);

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"Waited in vain for: {what}");
            await Task.Yield();
        }
    }
}
