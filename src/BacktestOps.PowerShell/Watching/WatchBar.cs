using System.Management.Automation;
using BacktestOps.Operations.Monitoring;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Watching;

/// <summary>The progress of a watch: how far it is, when the next sample comes, how long it still takes.</summary>
/// <param name="write">Shows a record.</param>
/// <param name="name">What is watched.</param>
internal sealed class WatchBar(Action<ProgressRecord> write, string name)
{
    private const int Activity = 4230;

    /// <summary>Shows where the watch is; nothing before it began.</summary>
    public void Show(WatchProgress? progress)
    {
        if (progress is null) return;
        write(new ProgressRecord(Activity, Messages.WatchTitle.With(name), Status(progress))
        {
            PercentComplete = (int)Math.Clamp(100 * (1 - (progress.Left / progress.Duration)), 0, 100),
            SecondsRemaining = (int)Math.Ceiling(progress.Left.TotalSeconds),
        });
    }

    /// <summary>Takes the bar off the screen.</summary>
    public void Complete() => write(new ProgressRecord(Activity, Messages.WatchTitle.With(name), Messages.Done) { RecordType = ProgressRecordType.Completed });

    private static string Status(WatchProgress progress) => progress.IsLooking
        ? Messages.WatchLooking.With(progress.Slot + 1, progress.Slots)
        : Messages.WatchWaiting.With(progress.Slot + 1, progress.Slots, TimeSpan.FromSeconds(Math.Ceiling(progress.Next.TotalSeconds)));
}
