using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData;

/// <summary>The data that ships: the S&amp;P 500 index, and synthetic stocks that are labelled as such.</summary>
internal sealed class BundledCatalog : IMarketDataCatalog
{
    /// <summary>The one catalog of the process: what ships does not change.</summary>
    public static readonly BundledCatalog Instance = new();

    private const string IndexSymbol = "SP500";

    private readonly SortedDictionary<string, Lazy<MarketSeries>> _series = new(StringComparer.OrdinalIgnoreCase);

    private BundledCatalog()
    {
        var index = new Lazy<MarketSeries>(ReadIndex);
        _series.Add(IndexSymbol, index);
        // The synthetic stocks trade on the days of the index, so that a portfolio of both has no holes.
        foreach (var stock in SyntheticStock.All)
            _series.Add(stock.Symbol, new Lazy<MarketSeries>(() => stock.Generate(index.Value.Bars.Dates)));
    }

    public string Location => "the bundled data";

    public IReadOnlyList<SymbolInfo> List(CancellationToken cancellationToken) =>
        [.. _series.Values.Select(series => series.Value.Describe())];

    public MarketSeries Load(string symbol) =>
        _series.TryGetValue(symbol, out var series)
            ? series.Value
            : throw new UnknownSymbolException(symbol, SymbolHint.For(symbol, _series.Keys));

    public PartHealth Check() => new("ready", null);

    private static MarketSeries ReadIndex()
    {
        using var resource = typeof(BundledCatalog).Assembly.GetManifestResourceStream($"{IndexSymbol}.csv")
            ?? throw new InvalidOperationException("The bundled prices are not in the assembly.");
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return CsvBarReader.Read(content, IndexSymbol, "S&P 500 index", $"{IndexSymbol}.csv") with { Source = "bundled" };
    }
}
