using BacktestOps.Contracts;
using BacktestOps.Operations.Processes;

namespace BacktestOps.Operations.Commands;

/// <summary>
/// Runs the commands of a plan: what they say is kept without the plan's secrets, and what they start is found again. Whoever runs a command
/// gets both without having to think of it.
/// </summary>
/// <param name="inner">What runs them.</param>
/// <param name="redactor">Takes out the plan's secrets.</param>
/// <param name="started">Writes down what is started.</param>
internal sealed class PlanCommands(ICommandRunner inner, Redactor redactor, StartedThings started) : ICommandRunner
{
    /// <summary>What runs them.</summary>
    public ICommandRunner Inner => inner;

    /// <inheritdoc/>
    public async Task<CommandResult> RunAsync(CommandLine command, CancellationToken cancellationToken)
    {
        var thing = started.Begin(Path.GetFileName(command.Program));
        try
        {
            var result = await inner.RunAsync(Marked(command, thing), cancellationToken).ConfigureAwait(false);
            thing.Close();
            return result with { Output = redactor.Redact(result.Output) };
        }
        catch (Exception error)
        {
            // What it started has gone on, perhaps in a session of its own, when it was given up.
            if (!command.OutlivesCaller) await thing.EndAsync().ConfigureAwait(false);
            thing.Close();
            if (error is BacktestOpsException known && RedactedException.Of(known, redactor) is { } clean) throw clean;
            throw;
        }
    }

    private CommandLine Marked(CommandLine command, StartedThing thing)
    {
        command = command with { Redactor = redactor };
        // A service that is started must not carry the token: it stays when everything else is ended.
        return command.OutlivesCaller || !OperatingSystem.IsLinux()
            ? command with { Started = thing.Started }
            : command with { Environment = new Dictionary<string, string>(command.Environment) { [StartedThings.Variable] = thing.Token } };
    }
}
