using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.ServiceProcesses;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Start-BacktestService: starts the service as a process of its own and waits until it is healthy.</summary>
[Cmdlet(VerbsLifecycle.Start, "BacktestService", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ServiceInstance))]
public sealed class StartBacktestServiceCommand : ServiceProcessCmdlet
{
    private const int DefaultPort = 3000;

    /// <summary>The port of the loopback address; 0 for any that is free.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(int), Maximum = 65535)]
    public int? Port { get; set; }

    /// <summary>A folder of CSV files, one a symbol, instead of the usual data.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? DataPath { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>The folder of its runs, results and logs.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? HomePath { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>A file of API key hashes, as the service's --add-api-key makes it; callers need one of the keys then.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? ApiKeyFile { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>A folder of strategies in Python, which then run with the rights of the service.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? PythonStrategiesPath { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>How long it may take until it is healthy: a time span, or a number of seconds.</summary>
    [Parameter]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    private protected override object? Subject => Port ?? DefaultPort;

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var home = ResolveHome(HomePath);
        if (!ShouldProcess(Messages.ServiceOnPort.With(Port ?? DefaultPort, home), Messages.StartServiceAction)) return;
        var command = await ServiceCommand.ForAssemblyAsync(ServiceAssemblyPath, StopToken);
        WriteVerbose(Messages.StartingService.With(ServiceAssemblyPath, Port ?? DefaultPort, home));
        WriteObject(await new ServiceProcesses(home).StartAsync(
            new ServiceStart
            {
                Command = command,
                Port = Port ?? DefaultPort,
                DataPath = DataPath is null ? null : ResolveFolder(DataPath),
                ApiKeyFile = ApiKeyFile is null ? null : ResolveFolder(ApiKeyFile),
                PythonStrategiesPath = PythonStrategiesPath is null ? null : ResolveFolder(PythonStrategiesPath),
                Timeout = Timeout,
            },
            StopToken));
    }
}
