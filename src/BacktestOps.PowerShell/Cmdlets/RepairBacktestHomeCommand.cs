using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;
using BacktestOps.Runs.Repair;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Repair-BacktestHome: puts a home's database right by its results.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "BacktestHome", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(HomeItem))]
public sealed class RepairBacktestHomeCommand : BacktestCmdlet
{
    /// <summary>The home folder; the one of the session when absent.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? HomePath { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <inheritdoc/>
    protected override Task ProcessAsync()
    {
        var repair = HomeRepair.Open(HomePath is null ? null : ResolveFolder(HomePath));
        if (repair.Damage is { } damage) WriteWarning(damage);
        foreach (var item in repair.Look())
        {
            StopToken.ThrowIfCancellationRequested();
            var action = item.Finding switch
            {
                HomeFinding.Unknown => Messages.RestoreRunAction,
                HomeFinding.Lost => Messages.MarkLostAction,
                _ => null,
            };
            WriteObject(action is not null && ShouldProcess(item.File, action) ? repair.Repair(item) : item);
        }

        return Task.CompletedTask;
    }
}
