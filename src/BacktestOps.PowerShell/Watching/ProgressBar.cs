using System.Management.Automation;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Watching;

/// <summary>Makes the records of one progress bar: few enough for any host, and closed at the end.</summary>
/// <param name="write">Shows a record.</param>
/// <param name="clock">The clock.</param>
internal sealed class ProgressBar(Action<ProgressRecord> write, TimeProvider clock)
{
    // A host draws about ten times a second; more records would only cost time.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static int s_lastActivity = 1_000;

    private readonly int _activity = Interlocked.Increment(ref s_lastActivity);
    private long? _shown;
    private string _title = Messages.WaitingForBacktests;

    /// <summary>Shows where things stand, unless that was done a moment ago.</summary>
    /// <param name="total">How many runs are waited for.</param>
    /// <param name="progress">Where they stand.</param>
    public void Show(int total, WaitProgress progress)
    {
        var now = clock.GetTimestamp();
        if (_shown is { } shown && clock.GetElapsedTime(shown, now) < Interval) return;
        _shown = now;
        if (total == 1 && progress.Latest is { } run) _title = Messages.BacktestTitle.With(run.Strategy, string.Join(", ", run.Symbols));
        write(new ProgressRecord(_activity, _title, Status(total, progress))
        {
            PercentComplete = (int)Math.Clamp(progress.Percent, 0, 100),
            SecondsRemaining = progress.SecondsLeft(),
        });
    }

    /// <summary>Takes the bar off the screen.</summary>
    public void Complete()
    {
        if (_shown is null) return;
        write(new ProgressRecord(_activity, _title, Messages.Done) { RecordType = ProgressRecordType.Completed });
    }

    // What is being done stands in the status: the bar of today's hosts is one line, and shows no current operation.
    private static string Status(int total, WaitProgress progress)
    {
        var done = total == 1 ? Messages.PercentDone.With(progress.Percent) : Messages.RunsDone.With(progress.Ended, total, progress.Percent);
        return progress.Latest?.Activity is { } activity ? Messages.DoneAndDoing.With(done, activity) : done;
    }
}
