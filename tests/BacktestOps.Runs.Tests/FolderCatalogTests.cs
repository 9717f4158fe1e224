using BacktestOps.Contracts;
using BacktestOps.Runs.MarketData;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests;

/// <summary>The user's own folder as a catalog.</summary>
public sealed class FolderCatalogTests : IDisposable
{
    private readonly TempFolder _data = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public void OneBadFileDoesNotHideTheOthers()
    {
        _data.Write("GOOD.csv", SomeBars.Csv(10));
        _data.Write("bad.CSV", "date,open\n");
        _data.Write("notes.txt", "no prices");
        _data.Write(".hidden.csv", "no prices");
        _data.Write("sub/DEEP.csv", SomeBars.Csv(10));
        var symbols = new FolderCatalog(_data.Path).List(Token);
        Assert.Equal(["bad", "GOOD"], symbols.Select(symbol => symbol.Symbol));
        Assert.StartsWith("bad.CSV, line 1: no column for", symbols[0].Error, StringComparison.Ordinal);
        Assert.Equal((10, "GOOD.csv", true, null), (symbols[1].Bars, symbols[1].Source, symbols[1].HasAdjustedClose, symbols[1].Error));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("..\\secret")]
    [InlineData("sub/DEEP")]
    [InlineData("/etc/passwd")]
    [InlineData("GOOD.csv")]
    [InlineData("")]
    [InlineData("GOOD\0")]
    [InlineData("*")]
    public void TextThatIsNoSymbolNeverReachesAFile(string symbol)
    {
        _data.Write("data/GOOD.csv", SomeBars.Csv(10));
        _data.Write("data/sub/DEEP.csv", SomeBars.Csv(10));
        _data.Write("secret.csv", SomeBars.Csv(10));
        Assert.Throws<UnknownSymbolException>(() => new FolderCatalog(Path.Combine(_data.Path, "data")).Load(symbol));
    }

    [Fact]
    public void ASymbolIsFoundInAnyCaseAndSpelledAsItsFile()
    {
        _data.Write("Brk.B.csv", SomeBars.Csv(10));
        Assert.Equal("Brk.B", new FolderCatalog(_data.Path).Load("BRK.b").Bars.Symbol);
    }

    [Fact]
    public void TwoFilesThatDifferInCaseOnlyAreAFaultOfThatSymbol()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "This file system takes both names for one file.");
        _data.Write("aapl.csv", SomeBars.Csv(10));
        _data.Write("AAPL.csv", SomeBars.Csv(20));
        var catalog = new FolderCatalog(_data.Path);
        Assert.Contains("AAPL.csv, aapl.csv differ in upper and lower case only", Assert.Throws<MarketDataException>(() => catalog.Load("AAPL")).Message, StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(catalog.List(Token)).Error);
    }

    [Fact]
    public void AnUnknownSymbolNamesItsNeighbours()
    {
        foreach (var symbol in new[] { "AAPL", "GOOG", "IBM" })
            _data.Write($"{symbol}.csv", SomeBars.Csv(10));
        var catalog = new FolderCatalog(_data.Path);
        Assert.Contains("did you mean AAPL?", Assert.Throws<UnknownSymbolException>(() => catalog.Load("APPL")).Message, StringComparison.Ordinal);
        Assert.Contains("did you mean GOOG?", Assert.Throws<UnknownSymbolException>(() => catalog.Load("GOOGL")).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("did you mean", Assert.Throws<UnknownSymbolException>(() => catalog.Load("MSFT")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AChangedFileIsReadAgainEvenWithTheSameLengthAtOnce()
    {
        var path = _data.Write("A.csv", SomeBars.Csv(10));
        var catalog = new FolderCatalog(_data.Path);
        var before = catalog.Load("A");
        var written = File.GetLastWriteTimeUtc(path);
        File.WriteAllText(path, File.ReadAllText(path).Replace("1009", "2009", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(path, written);
        Assert.NotEqual(before.Fingerprint, catalog.Load("A").Fingerprint);
    }

    [Fact]
    public void AFileThatRestsIsReadOnce()
    {
        var path = _data.Write("A.csv", SomeBars.Csv(10));
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var catalog = new FolderCatalog(_data.Path);
        Assert.Same(catalog.Load("A"), catalog.Load("a"));
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        Assert.NotNull(catalog.Load("A"));
    }

    [Fact]
    public void TheCacheHoldsNoMoreBarsThanItMay()
    {
        var cache = new SeriesCache(mostBars: 25);
        var read = 0;
        MarketSeries Load(string name)
        {
            var path = Path.Combine(_data.Path, name);
            return cache.Series(new FileInfo(path), () =>
            {
                read++;
                return CsvBarReader.Read(File.ReadAllBytes(path), name, name, name);
            });
        }

        foreach (var name in new[] { "A", "B", "C" })
            File.SetLastWriteTimeUtc(_data.Write(name, SomeBars.Csv(10)), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Load("A");
        Load("B");
        Load("A");
        Assert.Equal(2, read);
        Load("C"); // B was used longest ago and goes.
        Load("A");
        Assert.Equal(3, read);
        Load("B");
        Assert.Equal(4, read);
    }

    [Fact]
    public void AFolderThatIsNotThereIsAFaultOfTheCatalogAndNotOfASymbol()
    {
        var catalog = new FolderCatalog(Path.Combine(_data.Path, "none"));
        Assert.Contains("does not exist", Assert.Throws<BacktestUnavailableException>(() => catalog.Load("A")).Message, StringComparison.Ordinal);
        Assert.Throws<BacktestUnavailableException>(() => catalog.List(Token));
        Assert.Equal("missing", catalog.Check().Word);
    }
}
