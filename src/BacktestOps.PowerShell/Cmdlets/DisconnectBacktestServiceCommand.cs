using System.Management.Automation;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Sessions;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Disconnect-BacktestService: lets the embedded runner answer this session's calls again.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "BacktestService")]
public sealed class DisconnectBacktestServiceCommand : AsyncCmdlet
{
    /// <inheritdoc/>
    protected override async Task EndAsync() => await BacktestSession.Current.DisconnectAsync();
}
