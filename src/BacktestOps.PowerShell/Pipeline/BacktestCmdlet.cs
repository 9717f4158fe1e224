using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Resources;
using BacktestOps.PowerShell.Sessions;

namespace BacktestOps.PowerShell.Pipeline;

/// <summary>A cmdlet that asks the backtest API: the connected service, or the embedded runner.</summary>
public abstract class BacktestCmdlet : AsyncCmdlet
{
    private bool _saidWho;

    /// <summary>Who answers in this session.</summary>
    /// <param name="dataPath">A folder of CSV files as the user gave it; null for the usual data.</param>
    protected async Task<IBacktestApi> GetApiAsync(string? dataPath = null)
    {
        var api = await BacktestSession.Current.GetApiAsync(dataPath is null ? null : ResolveFolder(dataPath), StopToken);
        if (!_saidWho) WriteVerbose(Messages.WhoAnswers.With(api.Endpoint));
        _saidWho = true;
        return api;
    }

    /// <summary>A path of the file system, absolute, from one that may be relative to the session's location.</summary>
    /// <param name="path">The path as the user gave it; wildcards stand for themselves.</param>
    protected string ResolveFolder(string path) => FileSystemPath.Resolve(SessionState, path);

    /// <summary>
    /// The files of an argument of -Path or -LiteralPath, absolute: what a pattern finds, where the parameter set takes patterns; else
    /// the one path. What is not there is an error: nobody should take nothing looked at for nothing found.
    /// </summary>
    /// <param name="path">The argument.</param>
    protected IReadOnlyList<string> ResolveFiles(string path) => FileSystemPath.Find(SessionState, path, takesPattern: ParameterSetName == "Path");

    /// <summary>The error of a symbol that there is not, with the one that was meant where there is one near.</summary>
    /// <param name="name">What was given.</param>
    /// <param name="known">What there is.</param>
    protected static UnknownSymbolException UnknownSymbol(string name, IEnumerable<SymbolInfo> known) =>
        new(name, NameSuggestion.Nearest(name, known.Select(symbol => symbol.Symbol)) is { } nearest ? Messages.DidYouMean.With(nearest) : null);

    /// <summary>A file that was written, as Get-Item gives it.</summary>
    /// <param name="path">The file, absolute.</param>
    /// <param name="backtestId">The run that it is of, which goes down the pipeline with it; null for none.</param>
    protected PSObject GetFile(string path, string? backtestId = null)
    {
        var file = InvokeProvider.Item.Get([path], force: true, literalPath: true)[0];
        if (backtestId is not null) file.Properties.Add(new PSNoteProperty("BacktestId", backtestId));
        return file;
    }
}
