using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData;

/// <summary>What a home has where no data folder is named: what was imported into it, and what ships.</summary>
/// <remarks>An imported symbol goes before a bundled one of the same name. The folder is looked at anew each time: imports come at any time.</remarks>
internal sealed class HomeCatalog : IMarketDataCatalog
{
    private readonly string _folder;
    private readonly IMarketDataCatalog _imported;

    /// <summary>The catalog of a home.</summary>
    /// <param name="folder">The folder of what was imported; it need not exist.</param>
    public HomeCatalog(string folder)
        : this(folder, new FolderCatalog(folder))
    {
    }

    private HomeCatalog(string folder, IMarketDataCatalog imported) => (_folder, _imported) = (folder, imported);

    public string Location => Directory.Exists(_folder) ? $"{_folder} and the bundled data" : BundledCatalog.Instance.Location;

    public IReadOnlyList<SymbolInfo> List(CancellationToken cancellationToken)
    {
        var bundled = BundledCatalog.Instance.List(cancellationToken);
        if (!Directory.Exists(_folder)) return bundled;
        var imported = _imported.List(cancellationToken);
        var names = imported.Select(symbol => symbol.Symbol).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. imported.Concat(bundled.Where(symbol => !names.Contains(symbol.Symbol))).OrderBy(symbol => symbol.Symbol, StringComparer.OrdinalIgnoreCase)];
    }

    public MarketSeries Load(string symbol)
    {
        if (!Directory.Exists(_folder)) return BundledCatalog.Instance.Load(symbol);
        try
        {
            return _imported.Load(symbol);
        }
        catch (UnknownSymbolException imported)
        {
            try
            {
                return BundledCatalog.Instance.Load(symbol);
            }
            catch (UnknownSymbolException bundled)
            {
                // The nearer name may be in either.
                throw new UnknownSymbolException(symbol, imported.Hint ?? bundled.Hint);
            }
        }
    }

    public IMarketDataCatalog ForOneRequest() => Directory.Exists(_folder) ? new HomeCatalog(_folder, _imported.ForOneRequest()) : BundledCatalog.Instance;

    // What ships is always there; a folder that is there and can't be read is a fault of the home.
    public PartHealth Check() => Directory.Exists(_folder) && _imported.Check() is { Word: not ("ready" or "empty") } fault ? fault : BundledCatalog.Instance.Check();
}
