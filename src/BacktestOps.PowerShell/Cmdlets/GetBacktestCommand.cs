using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Get-Backtest: the runs, newest first.</summary>
[Cmdlet(VerbsCommon.Get, "Backtest", SupportsPaging = true)]
[OutputType(typeof(BacktestProgress))]
public sealed class GetBacktestCommand : BacktestCmdlet
{
    private ulong _skipped, _written;

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

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var api = await GetApiAsync();
        if (PagingParameters.IncludeTotalCount) WriteObject(PagingParameters.NewTotalCount(await CountAsync(api), accuracy: 1));
        foreach (var id in Id)
        {
            if (HasAll) return;
            if (WildcardPattern.ContainsWildcardCharacters(id)) await WriteMatchesAsync(api, id);
            else await ForItemAsync(id, () => WriteOneAsync(api, id));
        }
    }

    private bool HasAll => _written >= PagingParameters.First;

    // Page by page: what is not asked for, with -First or by a downstream command that has enough, is not read.
    private async Task WriteMatchesAsync(IBacktestApi api, string id)
    {
        await foreach (var run in MatchesAsync(api, id))
        {
            if (HasAll) return;
            Write(run);
        }
    }

    private async Task WriteOneAsync(IBacktestApi api, string id)
    {
        var run = await api.GetProgressAsync(id, StopToken);
        if (Status is null || run.Status == Status) Write(run);
    }

    private IAsyncEnumerable<BacktestProgress> MatchesAsync(IBacktestApi api, string id)
    {
        var pattern = WildcardPattern.Get(id, WildcardOptions.IgnoreCase);
        return api.ListAllAsync(new BacktestQuery { Status = Status }, StopToken).Where(run => pattern.IsMatch(run.BacktestId));
    }

    private async Task<ulong> CountAsync(IBacktestApi api)
    {
        var count = 0UL;
        foreach (var id in Id)
        {
            if (!WildcardPattern.ContainsWildcardCharacters(id)) count++;
            else await foreach (var _ in MatchesAsync(api, id)) count++;
        }

        return count;
    }

    private void Write(BacktestProgress run)
    {
        if (_skipped < PagingParameters.Skip)
        {
            _skipped++;
            return;
        }

        _written++;
        WriteObject(run);
    }
}
