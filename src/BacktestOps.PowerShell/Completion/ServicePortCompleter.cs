using System.Collections;
using System.Globalization;
using BacktestOps.Operations.ServiceProcesses;
using BacktestOps.Runs;

namespace BacktestOps.PowerShell.Completion;

/// <summary>Completes the ports of the services that were started on this machine and not stopped.</summary>
public sealed class ServicePortCompleter : Completer
{
    internal override IEnumerable<Choice> Choices(IDictionary bound)
    {
        var home = bound["HomePath"] is { } given ? Resolve(given) : RunnerOptions.DefaultHomePath;
        if (home is null) return [];
        return new ServiceProcesses(home).List().Select(service => new Choice(
            service.Port.ToString(CultureInfo.InvariantCulture),
            $"{service.Uri}, process {service.ProcessId}, {(service.IsRunning ? "running" : "not running")}"));
    }
}
