using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace BacktestOps.Shell;

/// <summary>How a pipeline ended.</summary>
/// <param name="Failure">The terminating error, already shown; null when there was none.</param>
/// <param name="Stopped">True when it was stopped by Ctrl+C or a signal.</param>
internal readonly record struct PipelineOutcome(Exception? Failure, bool Stopped);

/// <summary>Runs pipelines with their output and errors shown, one at a time, stoppable from another thread.</summary>
internal sealed class PipelineRunner
{
    private readonly Lock _lock = new();
    private readonly Runspace _runspace;
    private readonly ShellHostUserInterface _ui;
    private readonly Stack<PowerShell> _running = new();
    private bool _stopAsked;

    /// <summary>Makes a runner for <paramref name="runspace"/>, whose host writes to <paramref name="ui"/>.</summary>
    public PipelineRunner(Runspace runspace, ShellHostUserInterface ui)
    {
        _runspace = runspace;
        _ui = ui;
    }

    /// <summary>The runspace.</summary>
    public Runspace Runspace => _runspace;

    /// <summary>Runs <paramref name="command"/> to its end and shows what it gives.</summary>
    /// <param name="command">A script or a command with parameters.</param>
    /// <param name="input">What to pipe in, read as it is asked for; null for nothing.</param>
    /// <param name="nested">True inside a running pipeline.</param>
    public PipelineOutcome Run(Command command, IEnumerable<string>? input = null, bool nested = false)
    {
        ArgumentNullException.ThrowIfNull(command);
        using var shell = Create(nested);
        command.MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.Commands.AddCommand(command).AddCommand(OutDefault());

        // Only a pipeline that counts as history leaves its $? behind for the next one.
        var failure = Invoke(shell, input ?? [], new PSInvocationSettings { AddToHistory = true });
        _ui.ResetProgress();
        if (failure is PipelineStoppedException) return new(null, Stopped: true);
        if (failure is not null) Show(failure, nested);
        return new(failure, Stopped: false);
    }

    /// <summary>Runs <paramref name="text"/> and returns its last value, showing nothing; null when it fails.</summary>
    public object? Evaluate(string text, bool nested = false)
    {
        using var shell = Create(nested);
        try
        {
            return shell.AddScript(text).Invoke().LastOrDefault()?.BaseObject;
        }
        catch (RuntimeException)
        {
            return null;
        }
    }

    /// <summary>The value of <c>$?</c> after the last pipeline.</summary>
    public bool LastSucceeded() => Evaluate("$global:?") is not false;

    /// <summary>Asks the innermost running pipeline to stop.</summary>
    /// <returns>True when there was one that had not been asked yet.</returns>
    public bool StopRunning()
    {
        lock (_lock)
        {
            if (_stopAsked || !_running.TryPeek(out var shell)) return false;
            _stopAsked = true;
            shell.BeginStop(callback: null, state: null);
            return true;
        }
    }

    private PowerShell Create(bool nested)
    {
        var shell = nested ? PowerShell.Create(RunspaceMode.CurrentRunspace) : PowerShell.Create();
        if (!nested) shell.Runspace = _runspace;
        return shell;
    }

    private Exception? Invoke(PowerShell shell, IEnumerable<string> input, PSInvocationSettings settings)
    {
        lock (_lock)
        {
            _running.Push(shell);
            _stopAsked = false;
        }

        try
        {
            shell.Invoke(input, settings);
            return null;
        }
        catch (Exception e) when (e is RuntimeException or HostException or InvalidOperationException)
        {
            return e;
        }
        finally
        {
            lock (_lock) _running.Pop();
        }
    }

    private void Show(Exception failure, bool nested)
    {
        var record = failure is IContainsErrorRecord contains
            ? new ErrorRecord(contains.ErrorRecord, failure)
            : new ErrorRecord(failure, "HostFailure", ErrorCategory.NotSpecified, targetObject: null);
        using var shell = Create(nested);
        using var redirection = _ui.RedirectToError();
        try
        {
            shell.AddCommand("Out-Default").Invoke(new[] { record });
        }
        catch (RuntimeException)
        {
            // Formatting the error failed (a broken view, say); its words must still be seen.
            _ui.WriteErrorLine(failure.Message);
        }
    }

    private static Command OutDefault() => new("Out-Default", isScript: false, useLocalScope: true)
    {
        MergeUnclaimedPreviousCommandResults = PipelineResultTypes.Error | PipelineResultTypes.Output,
    };
}
