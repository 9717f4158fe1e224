using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Stop-Backtest: asks runs to stop. A run that has ended stays as it is.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Backtest", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(BacktestProgress))]
public sealed class StopBacktestCommand : BacktestCmdlet
{
    /// <summary>The ids of the runs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("BacktestId")]
    [BacktestIdTransformation]
    [ArgumentCompleter(typeof(BacktestIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    /// <summary>Gives the state of each run after it was asked.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var api = await GetApiAsync();
        foreach (var id in Id)
        {
            if (!ShouldProcess(id, Messages.StopBacktestAction)) continue;
            await ForItemAsync(id, async () =>
            {
                var run = await api.CancelAsync(id, StopToken);
                if (PassThru) WriteObject(run);
            });
        }
    }
}
