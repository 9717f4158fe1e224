using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace BacktestOps.PowerShell.Sessions;

/// <summary>Ends the session's state when the module is removed.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (Runspace.DefaultRunspace is { } runspace) BacktestSession.End(runspace);
    }
}
