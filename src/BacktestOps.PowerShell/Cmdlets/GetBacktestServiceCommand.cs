using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.ServiceProcesses;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;
using BacktestOps.PowerShell.Sessions;
using BacktestOps.Runs;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Get-BacktestService: who answers this session's calls; with -Local the services started on this machine.</summary>
[Cmdlet(VerbsCommon.Get, "BacktestService", DefaultParameterSetName = "Connection")]
[OutputType(typeof(ServiceConnection), ParameterSetName = ["Connection"])]
[OutputType(typeof(ServiceInstance), ParameterSetName = ["Local"])]
public sealed class GetBacktestServiceCommand : ServiceProcessCmdlet
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Lists the services that Start-BacktestService started on this machine, from whatever session.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Local")]
    public SwitchParameter Local { get; set; }

    /// <summary>Only the services on these ports.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = "Local")]
    [ArgumentCompleter(typeof(ServicePortCompleter))]
    [ValidateRange(1, 65535)]
    public int[]? Port { get; set; }

    /// <summary>The home folder that the services were started with.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = "Local")]
    [CellTransformation(typeof(string))]
    public string? HomePath { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var services = new ServiceProcesses(ResolveHome(HomePath)).List();
        if (Local)
        {
            foreach (var (port, error) in KnownNames.Missing(Messages.ServiceWord, Port ?? [], [.. services.Select(service => service.Port)], ResolveHome(HomePath))) WriteError(error, port);
            foreach (var service in services.Where(service => Port is null || Port.Contains(service.Port))) WriteObject(service);
            return;
        }

        var connection = BacktestSession.Current.Connection;
        WriteObject(connection is null
            ? ServiceStatus.Embedded(RunnerOptions.DefaultHomePath)
            : await ServiceStatus.DescribeAsync(connection.Uri, services, Patience, StopToken));
    }
}
