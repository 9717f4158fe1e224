using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Saving;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Get-BacktestResult: the result of completed runs as objects.</summary>
[Cmdlet(VerbsCommon.Get, "BacktestResult")]
[OutputType(typeof(BacktestResult))]
public sealed class GetBacktestResultCommand : BacktestCmdlet
{
    private readonly ResultWarnings _warnings;

    /// <summary>Makes the command.</summary>
    public GetBacktestResultCommand() => _warnings = new(WriteWarning);

    /// <summary>The ids of the runs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("BacktestId")]
    [BacktestIdTransformation]
    [ArgumentCompleter(typeof(CompletedBacktestIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var api = await GetApiAsync();
        foreach (var id in Id)
        {
            await ForItemAsync(id, async () =>
            {
                var result = ResultReader.Read(await api.GetResultAsync(id, StopToken));
                _warnings.Tell(result);
                WriteObject(result);
            });
        }
    }
}
