using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Get-Backtest: the runs, newest first.</summary>
[Cmdlet(VerbsCommon.Get, "Backtest")]
[OutputType(typeof(BacktestProgress))]
public sealed class GetBacktestCommand : BacktestCmdlet
{
    private const int MostListed = 1000;

    /// <summary>Ids or patterns; all runs when absent.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("BacktestId")]
    [BacktestIdTransformation]
    [ArgumentCompleter(typeof(BacktestIdCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = ["*"];

    /// <summary>Only runs of this status.</summary>
    [Parameter]
    public BacktestStatus? Status { get; set; }

    /// <summary>At most this many, the newest.</summary>
    [Parameter]
    [ValidateRange(1, MostListed)]
    public int First { get; set; } = 100;

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var api = await GetApiAsync();
        foreach (var id in Id)
        {
            if (WildcardPattern.ContainsWildcardCharacters(id)) await WriteMatchesAsync(api, id);
            else await ForItemAsync(id, () => WriteOneAsync(api, id));
        }
    }

    private async Task WriteMatchesAsync(IBacktestApi api, string id)
    {
        var query = new BacktestQuery { Status = Status, Limit = id == "*" ? First : MostListed };
        var pattern = WildcardPattern.Get(id, WildcardOptions.IgnoreCase);
        var runs = await api.ListAsync(query, StopToken);
        foreach (var run in runs.Where(run => pattern.IsMatch(run.BacktestId)).Take(First)) WriteObject(run);
    }

    private async Task WriteOneAsync(IBacktestApi api, string id)
    {
        var run = await api.GetProgressAsync(id, StopToken);
        if (Status is null || run.Status == Status) WriteObject(run);
    }
}
