using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.ServiceProcesses;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;
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
    [Parameter(ParameterSetName = "Local")]
    [ArgumentCompleter(typeof(ServicePortCompleter))]
    [ValidateRange(1, 65535)]
    public int[]? Port { get; set; }

    /// <summary>The home folder that the services were started with.</summary>
    [Parameter(ParameterSetName = "Local")]
    [ValidateNotNullOrEmpty]
    public string? HomePath { get; set; }

    /// <inheritdoc/>
    protected override async Task EndAsync()
    {
        var services = new ServiceProcesses(ResolveHome(HomePath)).List();
        if (Local)
        {
            foreach (var service in services.Where(service => Port is null || Port.Contains(service.Port))) WriteObject(service);
            return;
        }

        var connection = BacktestSession.Current.Connection;
        WriteObject(connection is null
            ? ServiceStatus.Embedded(RunnerOptions.DefaultHomePath)
            : await ServiceStatus.DescribeAsync(connection.Uri, services, Patience, StopToken));
    }
}
