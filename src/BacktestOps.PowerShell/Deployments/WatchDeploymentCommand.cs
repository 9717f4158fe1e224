using System.Globalization;
using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Monitoring;
using BacktestOps.Operations.Plans;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Resources;
using BacktestOps.PowerShell.Watching;

namespace BacktestOps.PowerShell.Deployments;

/// <summary>Watch-Deployment: watches the live release for a while, one sample a slot, each recorded as evidence.</summary>
[Cmdlet(VerbsCommon.Watch, "Deployment", SupportsShouldProcess = true)]
[OutputType(typeof(WatchSample), typeof(WatchSummary))]
public sealed class WatchDeploymentCommand : DeploymentCmdlet
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);

    /// <summary>How long; what the plan says when absent.</summary>
    [Parameter(Position = 0)]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan? Duration { get; set; }

    /// <summary>The time between two samples; what the plan says when absent.</summary>
    [Parameter]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan? Interval { get; set; }

    /// <summary>The time between two lines of the record; what the plan says when absent.</summary>
    [Parameter]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan? RecordEvery { get; set; }

    /// <summary>Takes up the watch that was interrupted; what passed meanwhile is recorded as missed.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>Goes back by itself when a rollback criterion of the plan is met.</summary>
    [Parameter]
    public SwitchParameter AutoRollback { get; set; }

    /// <summary>The language of the record's lines; the session's when absent.</summary>
    [Parameter]
    public CultureInfo Culture { get; set; } = CultureInfo.CurrentUICulture;

    /// <summary>Writes the end of the watch after the samples.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var plan = PlanReader.Read(ResolveFolder(Plan));
        if (!ShouldProcess(plan.Name, AutoRollback ? Messages.WatchWithRollbackAction : Messages.WatchAction)) return;
        var watcher = new Watcher(plan, new DeploymentTools());
        var bar = new WatchBar(WriteProgress, plan.Name);
        var samples = watcher.WatchAsync(Request(), StopToken).GetAsyncEnumerator(StopToken);
        Task<bool>? next = null;
        try
        {
            while (true)
            {
                next = samples.MoveNextAsync().AsTask();
                while (await Task.WhenAny(next, Task.Delay(ProgressEvery, StopToken)) != next) bar.Show(watcher.Progress);
                if (!await next) break;
                WriteObject(samples.Current);
                bar.Show(watcher.Progress);
            }
        }
        finally
        {
            // An iterator that is under way can't be disposed: what was begun, a rollback above all, ends first.
            if (next is { IsCompleted: false }) await Task.WhenAny(next);
            await samples.DisposeAsync();
            bar.Complete();
        }

        Tell(watcher);
    }

    private WatchRequest Request() => new()
    {
        Duration = Duration,
        Interval = Interval,
        RecordEvery = RecordEvery,
        Resume = Resume,
        AutoRollback = AutoRollback,
        Culture = Culture,
    };

    private void Tell(Watcher watcher)
    {
        foreach (var met in watcher.Met) WriteWarning(Messages.CriterionMet.With(met.Name, met.Observed));
        foreach (var notice in watcher.Notices) WriteWarning(notice);
        if (Summary) WriteObject(watcher.Summary);
        if (watcher.Summary is { Ending: WatchEnding.RolledBack or WatchEnding.RollbackFailed } end)
            WriteError(
                new DeploymentException($"Watch{end.Ending}", end.Reason ?? end.Ending.ToString(), watcher.Rollback?.Action ?? Messages.WatchRolledBackAction), end);
    }
}
