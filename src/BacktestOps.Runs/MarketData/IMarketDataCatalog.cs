using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData;

/// <summary>The symbols that can be traded, and their bars.</summary>
internal interface IMarketDataCatalog
{
    /// <summary>Where the data is, for people.</summary>
    string Location { get; }

    /// <summary>Every symbol by name; one whose data can't be used has its error filled in.</summary>
    /// <exception cref="BacktestUnavailableException">The catalog as a whole can't be read.</exception>
    IReadOnlyList<SymbolInfo> List(CancellationToken cancellationToken);

    /// <summary>The bars of a symbol; upper and lower case are the same.</summary>
    /// <exception cref="UnknownSymbolException">No such symbol.</exception>
    /// <exception cref="MarketDataException">Its data can't be used.</exception>
    /// <exception cref="BacktestUnavailableException">The catalog as a whole can't be read.</exception>
    MarketSeries Load(string symbol);

    /// <summary>The catalog for the symbols of one request: it is listed once, and near names are looked for among the first that are unknown alone.</summary>
    /// <remarks>A request may name a thousand symbols that are not there; each would cost a walk through all names that are.</remarks>
    /// <exception cref="BacktestUnavailableException">The catalog as a whole can't be read.</exception>
    IMarketDataCatalog ForOneRequest() => this;

    /// <summary>How the catalog is, seen by looking.</summary>
    PartHealth Check();
}
