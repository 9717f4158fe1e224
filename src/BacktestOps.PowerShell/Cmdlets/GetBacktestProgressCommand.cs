using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;
using BacktestOps.PowerShell.Saving;
using BacktestOps.PowerShell.Watching;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Get-BacktestProgress: how far runs are; with -Wait when they have ended, with -Follow at every change.</summary>
[Cmdlet(VerbsCommon.Get, "BacktestProgress", DefaultParameterSetName = "Now")]
[OutputType(typeof(BacktestProgress))]
public sealed class GetBacktestProgressCommand : BacktestCmdlet
{
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly List<string> _watched = [];

    /// <summary>The ids of the runs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("BacktestId")]
    [BacktestIdTransformation]
    [ArgumentCompleter(typeof(BacktestIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    /// <summary>Waits until the runs have ended, shows a progress bar, and gives the last state of each.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Wait")]
    public SwitchParameter Wait { get; set; }

    /// <summary>Gives every state that differs from the one before, until the runs have ended.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Follow")]
    public SwitchParameter Follow { get; set; }

    /// <summary>How long to wait at most: a time span, or a number of seconds. The runs go on after it.</summary>
    [Parameter(ParameterSetName = "Wait")]
    [Parameter(ParameterSetName = "Follow")]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        // Runs that are waited for run side by side, so all are taken in before the first is waited for.
        if (Wait || Follow)
        {
            _watched.AddRange(Id);
            return;
        }

        var api = await GetApiAsync();
        foreach (var id in Id) await ForItemAsync(id, async () => WriteObject(await api.GetProgressAsync(id, StopToken)));
    }

    /// <inheritdoc/>
    protected override async Task EndAsync()
    {
        if (_watched.Count == 0) return;
        var ids = _watched.Distinct(StringComparer.Ordinal).ToList();
        var api = await GetApiAsync();
        using var patience = new CancellationTokenSource(Timeout ?? System.Threading.Timeout.InfiniteTimeSpan, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, StopToken);
        var progress = new WaitProgress(ids.Count, _clock);
        var bar = new ProgressBar(WriteProgress, _clock);
        var warnings = new ResultWarnings(WriteWarning);
        try
        {
            await foreach (var seen in new BacktestWatch(api, _clock).ChangesAsync(ids, either.Token))
            {
                progress.Add(seen);
                if (Wait) bar.Show(ids.Count, progress);
                if (seen.Error is not null) WriteError(seen.Error, seen.BacktestId);
                else if (Follow || seen.Progress!.Status.IsTerminal()) WriteObject(seen.Progress);
                if (Wait && seen.Progress?.Status == BacktestStatus.Completed) await TellAsync(api, warnings, seen.BacktestId, either.Token);
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !StopToken.IsCancellationRequested)
        {
            foreach (var run in progress.Unfinished) WriteError(TimedOut(run), run.BacktestId);
        }
        finally
        {
            bar.Complete();
        }
    }

    private static async Task TellAsync(IBacktestApi api, ResultWarnings warnings, string id, CancellationToken token)
    {
        try
        {
            warnings.Tell(await api.GetResultAsync(id, token));
        }
        catch (BacktestOpsException)
        {
            // What was asked for is the state; who reads the result will be told what is wrong with it.
        }
    }

    private ModuleException TimedOut(BacktestProgress run) => new(
        "WaitTimedOut",
        ErrorCategory.OperationTimeout,
        Messages.WaitTimedOut.With(run.BacktestId, run.Status, run.Progress, Timeout!.Value.TotalSeconds),
        Messages.WaitTimedOutAction);
}
