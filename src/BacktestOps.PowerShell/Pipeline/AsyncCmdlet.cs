using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Pipeline;

/// <summary>
/// A cmdlet whose work is asynchronous and cancellable: by Ctrl+C, and when a downstream command ends the pipeline.
/// The work runs on the pipeline thread, so it writes as any cmdlet does.
/// </summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private ParameterInput? _input;

    /// <summary>Cancelled when the pipeline stops, whoever stops it.</summary>
    protected CancellationToken StopToken { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Cancels what is still under way. PowerShell calls it when the pipeline has ended, however it did.</summary>
    /// <param name="disposing">Always true.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _stopping.Cancel();
        _stopping.Dispose();
    }

    /// <summary>What the command as a whole is about: the target of an error that is not about one input. Null for nothing.</summary>
    private protected virtual object? Subject => null;

    /// <summary>Called once, before the first input.</summary>
    protected virtual Task BeginAsync() => Task.CompletedTask;

    /// <summary>Called for each input.</summary>
    protected virtual Task ProcessAsync() => Task.CompletedTask;

    /// <summary>Called once, after the last input.</summary>
    protected virtual Task EndAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Run(() =>
    {
        _input = new ParameterInput(this);
        _input.RefuseEmpty();
        return BeginAsync();
    });

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Run(() =>
    {
        foreach (var warning in _input!.Warnings()) WriteWarning(warning);
        return ProcessAsync();
    });

    /// <summary>The object of the pipeline that is worked on now; null where there is none.</summary>
    private protected PSObject? PipelineObject => _input?.Current;

    /// <summary>Columns of that object that have the name of a parameter and were not taken.</summary>
    private protected IReadOnlyList<string> ColumnsLeftOut => _input?.LeftOut() ?? [];

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Run(EndAsync);

    /// <inheritdoc/>
    protected sealed override void StopProcessing()
    {
        try
        {
            _stopping.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The pipeline ended at the same moment.
        }
    }

    /// <summary>Writes an object to the pipeline.</summary>
    /// <param name="value">The object.</param>
    protected new void WriteObject(object? value)
    {
        using (PipelineThread.StepOut()) base.WriteObject(value);
    }

    /// <summary>Writes an error that concerns one input; the next input is still processed.</summary>
    /// <param name="error">What was wrong.</param>
    /// <param name="target">The input.</param>
    protected void WriteError(BacktestOpsException error, object? target)
    {
        using (PipelineThread.StepOut()) WriteError(ErrorRecords.From(error, target));
    }

    /// <summary>Warns of what a person should know though the command went on.</summary>
    /// <param name="text">What.</param>
    protected new void WriteWarning(string text)
    {
        using (PipelineThread.StepOut()) base.WriteWarning(text);
    }

    /// <summary>Says, to who asked for it, what was done and where.</summary>
    /// <param name="text">What.</param>
    protected new void WriteVerbose(string text)
    {
        using (PipelineThread.StepOut()) base.WriteVerbose(text);
    }

    /// <summary>Shows or completes a progress bar.</summary>
    /// <param name="record">The record.</param>
    protected new void WriteProgress(ProgressRecord record)
    {
        using (PipelineThread.StepOut()) base.WriteProgress(record);
    }

    /// <summary>Asks whether a change is wanted: <c>-WhatIf</c>, <c>-Confirm</c>.</summary>
    /// <param name="target">What would be changed.</param>
    /// <param name="action">How.</param>
    protected new bool ShouldProcess(string target, string action)
    {
        using (PipelineThread.StepOut()) return base.ShouldProcess(target, action);
    }

    /// <summary>Asks whether a change is wanted, with the question written out.</summary>
    /// <param name="description">What would be done, for <c>-WhatIf</c> and <c>-Verbose</c>.</param>
    /// <param name="question">The question.</param>
    /// <param name="caption">Its caption.</param>
    protected new bool ShouldProcess(string description, string question, string caption)
    {
        using (PipelineThread.StepOut()) return base.ShouldProcess(description, question, caption);
    }

    /// <summary>Asks what <c>-Confirm:$false</c> does not answer.</summary>
    /// <param name="question">The question.</param>
    /// <param name="caption">Its caption.</param>
    protected new bool ShouldContinue(string question, string caption)
    {
        using (PipelineThread.StepOut()) return base.ShouldContinue(question, caption);
    }

    /// <summary>Does the work for one input; an error that a person can act on is written with the input as its target.</summary>
    /// <param name="target">The input.</param>
    /// <param name="work">The work.</param>
    protected async Task ForItemAsync(object? target, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (BacktestOpsException error)
        {
            WriteError(error, target);
        }
    }

    private void Run(Func<Task> work)
    {
        using var own = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        StopToken = own.Token;
        try
        {
            PipelineThread.Run(work);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (BacktestOpsException error)
        {
            // What is not about one input is about the set-up: nothing further can succeed.
            ThrowTerminatingError(ErrorRecords.From(error, Subject));
        }
        catch (WildcardPatternException error)
        {
            ThrowTerminatingError(ErrorRecords.From(
                new ModuleException("PatternInvalid", ErrorCategory.InvalidArgument, Messages.PatternInvalid.With(error.Message), Messages.PatternInvalidAction, error), Subject));
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            // Whatever a library did not foresee of a disk: the file that the message names is what to mend.
            ThrowTerminatingError(ErrorRecords.From(ErrorRecords.OfDisk(error), Subject));
        }
        finally
        {
            // A downstream command that ends the pipeline stops no cmdlet: what was begun here ends here.
            own.Cancel();
        }
    }
}
