using System.Runtime.CompilerServices;
using BacktestOps.Contracts;

namespace BacktestOps.PowerShell.Watching;

/// <summary>Watches runs until they end, and tells every change that it sees.</summary>
/// <param name="api">Who knows of the runs.</param>
/// <param name="clock">The clock of its pauses.</param>
internal sealed class BacktestWatch(IBacktestApi api, TimeProvider clock)
{
    // A small run ends within milliseconds and should not wait for the watch; a long one is not asked after needlessly often.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>The state of each run at first, then every state that differs from the one before, until all have ended.</summary>
    /// <param name="backtestIds">The runs.</param>
    /// <param name="cancellationToken">Stops watching; the runs go on.</param>
    /// <returns>A change, or the error of one run, which is then watched no further.</returns>
    public async IAsyncEnumerable<WatchEvent> ChangesAsync(
        IEnumerable<string> backtestIds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = backtestIds.Distinct(StringComparer.Ordinal).ToList();
        var last = new Dictionary<string, BacktestProgress>(StringComparer.Ordinal);
        var pause = FirstPause;
        while (open.Count > 0)
        {
            foreach (var id in open.ToArray())
            {
                var seen = await LookAsync(id, cancellationToken);
                if (seen.Progress is null || seen.Progress.Status.IsTerminal()) open.Remove(id);
                if (seen.Progress is { } progress && last.TryGetValue(id, out var before) && IsSame(before, progress)) continue;
                if (seen.Progress is not null) last[id] = seen.Progress;
                yield return seen;
            }

            if (open.Count == 0) yield break;
            await Task.Delay(pause, clock, cancellationToken);
            pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;
        }
    }

    private async Task<WatchEvent> LookAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return new WatchEvent(id, await api.GetProgressAsync(id, cancellationToken), null);
        }
        catch (BacktestOpsException error)
        {
            return new WatchEvent(id, null, error);
        }
    }

    private static bool IsSame(BacktestProgress before, BacktestProgress now) =>
        before.Status == now.Status && before.Progress.Equals(now.Progress) && before.Activity == now.Activity && before.Attempts == now.Attempts;
}

/// <summary>What a watch saw of one run: its state, or why it could not be seen.</summary>
/// <param name="BacktestId">The run.</param>
/// <param name="Progress">Its state; null with an error.</param>
/// <param name="Error">Why it could not be seen; null with a state.</param>
internal sealed record WatchEvent(string BacktestId, BacktestProgress? Progress, BacktestOpsException? Error);
