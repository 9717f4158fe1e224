using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Sessions;

/// <summary>
/// What the module keeps for one runspace: the service it is connected to, and the embedded runners that it has used.
/// It ends with the runspace or when the module is removed.
/// </summary>
internal sealed class BacktestSession(RunnerPool pool) : IAsyncDisposable
{
    private static readonly ConditionalWeakTable<Runspace, BacktestSession> Sessions = [];

    private readonly Lock _gate = new();
    private readonly Dictionary<RunnerKey, RunnerLease> _leases = [];

    /// <summary>The service that the session is connected to; null for the embedded runner.</summary>
    public SessionConnection? Connection { get; private set; }

    /// <summary>The session of the calling thread's runspace.</summary>
    public static BacktestSession Current => For(Runspace.DefaultRunspace ?? throw new PSInvalidOperationException());

    /// <summary>The session of a runspace.</summary>
    /// <param name="runspace">The runspace.</param>
    public static BacktestSession For(Runspace runspace) => Sessions.GetValue(runspace, static owner =>
    {
        var session = new BacktestSession(RunnerPool.Shared);
        owner.StateChanged += (_, change) =>
        {
            if (change.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken) session.End();
        };
        return session;
    });

    /// <summary>Ends the session of a runspace, if it has one.</summary>
    /// <param name="runspace">The runspace.</param>
    public static void End(Runspace runspace)
    {
        if (!Sessions.TryGetValue(runspace, out var session)) return;
        Sessions.Remove(runspace);
        session.End();
    }

    /// <summary>Who answers the session's calls: the connected service, else the embedded runner, opened on first use.</summary>
    /// <param name="dataPath">A folder of CSV files, absolute; null for the usual data.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ModuleException">A data folder was given and a service is connected, whose data is its own.</exception>
    public async Task<IBacktestApi> GetApiAsync(string? dataPath, CancellationToken cancellationToken)
    {
        if (Connection is { } connection)
            return dataPath is null ? connection.Api : throw DataIsTheServices(connection.Api.Endpoint);

        var key = RunnerKey.FromEnvironment(dataPath);
        lock (_gate)
        {
            if (_leases.TryGetValue(key, out var held)) return held.Runner;
        }

        var lease = await pool.LeaseAsync(key, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (_leases.TryAdd(key, lease)) return lease.Runner;
        }

        await lease.DisposeAsync().ConfigureAwait(false);
        return lease.Runner;
    }

    /// <summary>Makes a service answer the session's calls from now on.</summary>
    /// <param name="connection">The service; it is disposed with the session or at the next change.</param>
    public ValueTask ConnectAsync(SessionConnection connection)
    {
        var before = Connection;
        Connection = connection;
        return before?.Api.DisposeAsync() ?? default;
    }

    /// <summary>Lets the embedded runner answer again.</summary>
    public ValueTask DisconnectAsync()
    {
        var before = Connection;
        Connection = null;
        return before?.Api.DisposeAsync() ?? default;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync().ConfigureAwait(false);
        RunnerLease[] leases;
        lock (_gate)
        {
            leases = [.. _leases.Values];
            _leases.Clear();
        }

        foreach (var lease in leases) await lease.DisposeAsync().ConfigureAwait(false);
    }

    // The process may end right after, and runs under way must be left in a state that the next start can take up.
    private void End() => Task.Run(async () => await DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();

    private static ModuleException DataIsTheServices(string endpoint) => new(
        "DataPathWhileConnected",
        ErrorCategory.InvalidArgument,
        Messages.DataPathWhileConnected.With(endpoint),
        Messages.DataPathWhileConnectedAction);
}

/// <summary>A service that a session is connected to.</summary>
/// <param name="Uri">Its address.</param>
/// <param name="Api">Its API.</param>
internal sealed record SessionConnection(Uri Uri, IBacktestApi Api);
