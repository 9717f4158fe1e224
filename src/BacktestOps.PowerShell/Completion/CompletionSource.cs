using System.Collections;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Sessions;

namespace BacktestOps.PowerShell.Completion;

/// <summary>Completes an argument with what the session's API knows. Nobody waits long for Tab.</summary>
public abstract class CompletionSource : Completer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    internal override IEnumerable<Choice> Choices(IDictionary bound)
    {
        // The runspace belongs to this thread, so the session is taken here and only the question is asked elsewhere.
        var session = BacktestSession.Current;
        var dataPath = bound["DataPath"] is { } given ? Resolve(given) : null;
        using var patience = new CancellationTokenSource(Patience);
        return Task.Run(
            async () => await FindAsync(await session.GetApiAsync(dataPath, patience.Token).ConfigureAwait(false), bound, patience.Token)
                .ConfigureAwait(false),
            patience.Token).GetAwaiter().GetResult();
    }

    /// <summary>What can stand there.</summary>
    /// <param name="api">Who answers in this session.</param>
    /// <param name="bound">The parameters given so far.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal abstract Task<IEnumerable<Choice>> FindAsync(IBacktestApi api, IDictionary bound, CancellationToken cancellationToken);
}
