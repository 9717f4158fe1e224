using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace BacktestOps.Shell;

/// <summary>Makes <c>exit N</c> in the script of <c>-File</c> end the session with N.</summary>
/// <remarks>
/// The engine lets <c>exit</c> in a script file end that file only, and keeps the switch that changes this to
/// itself and its own console host. From outside, a script that ends with <c>exit 3</c> cannot be told from one
/// whose last script or program ended with 3, and those are different exit codes of <c>pwsh -File</c>. So the
/// switch is reached by name; System.Management.Automation is pinned to one version and a test holds it.
/// </remarks>
internal static class ScriptExit
{
    private const string ContextType = "System.Management.Automation.ExecutionContext, System.Management.Automation";

    /// <summary>Lets the next script file that <paramref name="runspace"/> runs end the session by <c>exit</c>.</summary>
    public static void EndsSession(Runspace runspace) => SetRethrow(GetContext(runspace), true);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ExecutionContext")]
    [return: UnsafeAccessorType(ContextType)]
    private static extern object GetContext(Runspace runspace);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ScriptCommandProcessorShouldRethrowExit")]
    private static extern void SetRethrow([UnsafeAccessorType(ContextType)] object context, bool value);
}
