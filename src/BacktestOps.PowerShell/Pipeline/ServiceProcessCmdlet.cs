using System.Reflection;
using BacktestOps.Runs;

namespace BacktestOps.PowerShell.Pipeline;

/// <summary>A cmdlet about service processes of this machine.</summary>
public abstract class ServiceProcessCmdlet : BacktestCmdlet
{
    /// <summary>The home folder, absolute.</summary>
    /// <param name="homePath">As the user gave it; null for the usual one.</param>
    protected string ResolveHome(string? homePath) => homePath is null ? RunnerOptions.DefaultHomePath : ResolveFolder(homePath);

    /// <summary>The service's assembly: BACKTESTOPS_SERVICE, else where the module has it.</summary>
    protected static string ServiceAssemblyPath =>
        Environment.GetEnvironmentVariable("BACKTESTOPS_SERVICE") is { Length: > 0 } path
            ? path
            : Path.GetFullPath(Path.Combine(
                Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!, "..", "service", "BacktestOps.Service.dll"));
}
