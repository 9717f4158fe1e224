using System.Collections.Concurrent;

namespace BacktestOps.Runs.MarketData;

/// <summary>The catalogs by data folder: a run reads the one that it was accepted with, whoever executes it.</summary>
/// <param name="homeData">The folder of what was imported into the home; it need not exist.</param>
internal sealed class CatalogSet(string homeData)
{
    private readonly HomeCatalog _home = new(homeData);
    private readonly ConcurrentDictionary<string, FolderCatalog> _folders = new(StringComparer.Ordinal);

    /// <summary>The catalog of a folder, or for null what was imported into the home and what ships.</summary>
    public IMarketDataCatalog For(string? dataPath) =>
        dataPath is null ? _home : _folders.GetOrAdd(dataPath, path => new FolderCatalog(path));
}
