using BacktestOps.Contracts;
using BacktestOps.Runs.MarketData;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests.MarketData;

/// <summary>What was imported into a home stands beside what ships.</summary>
public sealed class HomeCatalogTests : IDisposable
{
    private readonly TempFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void WithoutAnImportItIsWhatShips()
    {
        var catalog = Catalog();
        Assert.Equal(Symbols(BundledCatalog.Instance), Symbols(catalog));
        Assert.Same(BundledCatalog.Instance.Load("SP500"), catalog.Load("sp500"));
        Assert.Equal(("ready", BundledCatalog.Instance.Location), (catalog.Check().Word, catalog.Location));
    }

    [Fact]
    public void AnImportIsThereAtOnceAndGoesBeforeWhatShips()
    {
        var catalog = Catalog();
        _home.Write("data/MINE.csv", SomeBars.Csv(10));
        _home.Write("data/SP500.csv", SomeBars.Csv(20));
        Assert.Equal(Symbols(BundledCatalog.Instance).Append("MINE").Order(StringComparer.OrdinalIgnoreCase), Symbols(catalog));
        Assert.Equal((10, 20), (catalog.Load("mine").Bars.Count, catalog.Load("SP500").Bars.Count));
        Assert.NotEmpty(catalog.Load("SYN-GROW").Bars.Dates.ToArray());
        Assert.Contains("did you mean MINE?", Assert.Throws<UnknownSymbolException>(() => catalog.Load("MINEE")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunReadsIt()
    {
        _home.Write("data/MINE.csv", SomeBars.Csv(100));
        await using var runner = await BacktestRunner.OpenAsync(new() { HomePath = _home.Path }, TestContext.Current.CancellationToken);
        var started = await runner.StartAsync(new() { Symbols = ["MINE", "SP500"], Strategy = "BuyAndHold" }, TestContext.Current.CancellationToken);
        Assert.Equal(BacktestStatus.Completed, (await runner.EndAsync(started.BacktestId)).Status);
    }

    private HomeCatalog Catalog() => new(Path.Combine(_home.Path, "data"));

    private static IEnumerable<string> Symbols(IMarketDataCatalog catalog) => catalog.List(TestContext.Current.CancellationToken).Select(symbol => symbol.Symbol);
}
