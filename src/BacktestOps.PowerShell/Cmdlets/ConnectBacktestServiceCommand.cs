using System.Management.Automation;
using System.Net;
using System.Security;
using BacktestOps.Client;
using BacktestOps.Contracts;
using BacktestOps.Operations.ServiceProcesses;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;
using BacktestOps.PowerShell.Sessions;
using BacktestOps.Runs;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Connect-BacktestService: lets a service answer this session's calls, after it has answered once.</summary>
[Cmdlet(VerbsCommunications.Connect, "BacktestService", DefaultParameterSetName = "ApiKey")]
[OutputType(typeof(ServiceConnection))]
public sealed class ConnectBacktestServiceCommand : AsyncCmdlet
{
    /// <summary>The service's address.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateServiceUri]
    public Uri Uri { get; set; } = new("http://127.0.0.1:3000");

    /// <summary>How long the service may take to answer: a time span, or a number of seconds.</summary>
    [Parameter]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The service's API key. It is sent with every call and shown nowhere.</summary>
    [Parameter(ParameterSetName = "ApiKey")]
    [ValidateNotNull]
    public SecureString? ApiKey { get; set; }

    /// <summary>A credential whose password is the service's API key; its user name is not sent.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Credential")]
    [ValidateNotNull]
    [Credential]
    public PSCredential? Credential { get; set; }

    private protected override object? Subject => Uri;

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var key = (Credential?.Password ?? ApiKey) is { } secret ? new NetworkCredential("", secret).Password : null;
        if (key is not null && Uri is { Scheme: "http", IsLoopback: false })
            WriteWarning(Messages.ApiKeyInTheClear.With(Uri));
        var client = new BacktestClient(Uri, apiKey: key);
        ServiceConnection connection;
        try
        {
            connection = await ServiceStatus.AskAsync(client, new ServiceProcesses(RunnerOptions.DefaultHomePath).List(), Timeout, StopToken);
            // Health asks for no key; a wrong one is better found now than at the first call.
            if (key is not null && connection.Status == "healthy") await client.GetStrategiesAsync(StopToken);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }

        await BacktestSession.Current.ConnectAsync(new SessionConnection(Uri, client));
        if (connection.Problems.Count > 0)
            WriteWarning(Messages.ServiceUnhealthy.With(Uri, string.Join("; ", connection.Problems)));
        WriteObject(connection);
    }
}
