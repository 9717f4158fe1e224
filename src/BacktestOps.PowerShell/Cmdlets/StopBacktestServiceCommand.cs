using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.ServiceProcesses;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Stop-BacktestService: stops a service that Start-BacktestService started, from whatever session.</summary>
[Cmdlet(VerbsLifecycle.Stop, "BacktestService", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ServiceInstance))]
public sealed class StopBacktestServiceCommand : ServiceProcessCmdlet
{
    /// <summary>The ports of the services.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ServicePortCompleter))]
    [ValidateRange(1, 65535)]
    public int[] Port { get; set; } = [3000];

    /// <summary>The home folder that the services were started with.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? HomePath { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>How long a service may take to end by itself before it is ended: a time span, or a number of seconds.</summary>
    [Parameter]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Gives the services that were stopped.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var home = ResolveHome(HomePath);
        var services = new ServiceProcesses(home);
        foreach (var port in Port)
        {
            if (!ShouldProcess(Messages.ServiceOnPort.With(port, home), Messages.StopServiceAction)) continue;
            await ForItemAsync(port, async () =>
            {
                var stopped = await services.StopAsync(port, Timeout, StopToken);
                if (PassThru) WriteObject(stopped);
            });
        }
    }
}
