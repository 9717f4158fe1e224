using System.Reflection;
using BacktestOps.Client;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Sessions;

/// <summary>What is said of who answers a session's calls.</summary>
internal static class ServiceStatus
{
    /// <summary>The embedded runner; it is not opened for this.</summary>
    /// <param name="homePath">Its home folder.</param>
    public static ServiceConnection Embedded(string homePath) => new()
    {
        Kind = ConnectionKind.Embedded,
        Endpoint = homePath,
        Status = "embedded",
        Version = typeof(ServiceStatus).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0],
        ProcessId = Environment.ProcessId,
    };

    /// <summary>What a service says of itself, with its log where it was started on this machine.</summary>
    /// <param name="client">The client of the service.</param>
    /// <param name="local">The services that were started on this machine.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BacktestUnavailableException">It does not answer, or not in time.</exception>
    public static async Task<ServiceConnection> AskAsync(
        BacktestClient client, IEnumerable<ServiceInstance> local, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(patience);
        try
        {
            var health = await client.GetHealthAsync(late.Token).ConfigureAwait(false);
            return new ServiceConnection
            {
                Kind = ConnectionKind.Http,
                Endpoint = client.Endpoint,
                Uri = client.Address,
                Status = health.Status,
                Version = health.Version,
                ProcessId = health.Process.Id,
                LogPath = LogOf(client.Address, local),
                Problems = health.Problems,
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BacktestUnavailableException(
                Messages.ServiceTooSlow.With(client.Endpoint, patience.TotalSeconds), Messages.ServiceTooSlowAction);
        }
    }

    /// <summary>What a service says of itself, or why it says nothing.</summary>
    /// <param name="address">The service's address.</param>
    /// <param name="local">The services that were started on this machine.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ServiceConnection> DescribeAsync(
        Uri address, IEnumerable<ServiceInstance> local, TimeSpan patience, CancellationToken cancellationToken)
    {
        await using var client = new BacktestClient(address);
        try
        {
            return await AskAsync(client, local, patience, cancellationToken).ConfigureAwait(false);
        }
        catch (BacktestUnavailableException error)
        {
            return new ServiceConnection
            {
                Kind = ConnectionKind.Http,
                Endpoint = client.Endpoint,
                Uri = address,
                Status = "unreachable",
                LogPath = LogOf(address, local),
                Problems = [error.Message],
            };
        }
    }

    private static string? LogOf(Uri address, IEnumerable<ServiceInstance> local) =>
        local.FirstOrDefault(service => address.IsLoopback && service.Port == address.Port)?.LogPath;
}
