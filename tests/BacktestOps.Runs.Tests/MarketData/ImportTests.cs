using System.Globalization;
using System.IO.Compression;
using System.Text;
using BacktestOps.Contracts;
using BacktestOps.Runs.MarketData;
using BacktestOps.Runs.MarketData.Import;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests.MarketData;

/// <summary>Vendors' files, recognised by content, become the CSV file that runs read. Headers and rows are as the vendors document them.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("AAPL.csv", "Yahoo", "AAPL", true,
        "Date,Open,High,Low,Close,Adj Close,Volume\n2019-12-30,72.364998,73.172501,71.305000,72.879997,70.999,144114400\n2019-12-31,null,null,null,null,null,null\n2020-01-02,74.059998,75.150002,73.797501,75.087502,73.1,135480400\n")]
    [InlineData("prices.csv", "Yahoo", "AAPL", false,
        "Price,Close,High,Low,Open,Volume\nTicker,AAPL,AAPL,AAPL,AAPL,AAPL\nDate,,,,,\n2019-12-30,72.879997,73.172501,71.305000,72.364998,144114400\n2020-01-02,75.087502,75.150002,73.797501,74.059998,135480400\n")]
    [InlineData("AAPL.csv", "CSV", "AAPL", false,
        "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n2019-12-30 00:00:00-05:00,72.364998,73.172501,71.305000,72.879997,144114400,0.0,0.0\n2020-01-02 00:00:00-05:00,74.059998,75.150002,73.797501,75.087502,135480400,0.0,0.0\n")]
    [InlineData("aapl_us_d.csv", "Stooq", "AAPL.US", false,
        "Date,Open,High,Low,Close,Volume\r\n2019-12-30,72.364998,73.172501,71.305000,72.879997,144114400\r\n2020-01-02,74.059998,75.150002,73.797501,75.087502,135480400\r\n")]
    [InlineData("bulk.txt", "Stooq", "AAPL.US", false,
        "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\nAAPL.US,D,20191230,000000,72.364998,73.172501,71.305000,72.879997,144114400,0\nAAPL.US,D,20200102,000000,74.059998,75.150002,73.797501,75.087502,135480400,0\n")]
    [InlineData("daily_adjusted_AAPL.csv", "Alpha Vantage", "AAPL", true,
        "timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient\r\n2020-01-02,74.059998,75.150002,73.797501,75.087502,73.1,135480400,0.0000,1.0\r\n2019-12-30,72.364998,73.172501,71.305000,72.879997,70.999,144114400,0.0000,1.0\r\n")]
    [InlineData("aapl.csv", "LEAN", "AAPL", false,
        "20191230 00:00,723649,731725,713050,728799,144114400\n20200102 00:00,740599,751500,737975,750875,135480400\n")]
    public async Task EachVendorIsRecognisedByItsContent(string name, string format, string symbol, bool adjusted, string content)
    {
        var import = Assert.Single(await ImportAsync(name, content));
        Assert.Equal((format, symbol, adjusted, 2), (import.Format, import.Symbol, import.HasAdjustedClose, import.Bars));
        Assert.Equal((new DateTime(2019, 12, 30), new DateTime(2020, 1, 2)), (import.First, import.Last));
        var bars = Read(import).Bars;
        Assert.Equal(72.37, bars.Open[0], 0.01);
        Assert.Equal(144_114_400, bars.Volume[0]);
        Assert.Equal(format == "LEAN" ? 75.0875 : 75.087502, bars.Close[1]);
        if (adjusted) Assert.Equal([70.999, 73.1], bars.AdjustedClose.ToArray());
    }

    [Fact]
    public async Task WhatWasDoneOnTheWayIsSaid()
    {
        var import = Assert.Single(await ImportAsync("X.csv", "timestamp,open,high,low,close\n2020-01-06,3,3,3,3\n2020-01-03,,,,\n2020-01-02,1,1,1,1\n2020-01-02,1,1,1,1\n"));
        Assert.Equal(
            ["1 row without any price left out.", "No volume in the data; it is written as 0.", "The newest bar came first; turned round.", "1 bar stood there twice, alike; each is written once."],
            import.Notes);
    }

    [Fact]
    public async Task ALeanArchiveAndItsFactorsGiveTheRealPricesBackToTheDigit()
    {
        // The shared prices were made of LEAN's; here they are turned back into LEAN's form and imported again.
        var original = CsvBarReader.Read(await File.ReadAllBytesAsync(Path.Combine(SharedData.Daily(), "AAPL.csv"), TestContext.Current.CancellationToken), "AAPL", "AAPL", "AAPL.csv").Bars;
        var rows = new StringBuilder();
        for (var t = 0; t < original.Count; t++)
            rows.Append(CultureInfo.InvariantCulture, $"{original.Dates[t]:yyyyMMdd} 00:00,{Deci(original.Open[t])},{Deci(original.High[t])},{Deci(original.Low[t])},{Deci(original.Close[t])},{original.Volume[t]:0}\n");
        var factors = new StringBuilder();
        for (var t = 1; t < original.Count; t++)
        {
            var (now, next) = (original.AdjustedClose[t - 1] / original.Close[t - 1], original.AdjustedClose[t] / original.Close[t]);
            if (Math.Abs(now / next - 1) > 5e-5) factors.Append(CultureInfo.InvariantCulture, $"{original.Dates[t - 1]:yyyyMMdd},{now},1,{original.Close[t - 1]}\n");
        }

        var import = Assert.Single(await ImportAsync("aapl.zip", Zip(("aapl.csv", rows.ToString())), factors: factors.ToString()));
        var bars = Read(import).Bars;
        Assert.Equal(("AAPL", "LEAN", 5849, true), (import.Symbol, import.Format, import.Bars, import.HasAdjustedClose));
        Assert.Equal(original.Open.ToArray(), bars.Open.ToArray());
        Assert.Equal(original.Low.ToArray(), bars.Low.ToArray());
        Assert.Equal(original.Close.ToArray(), bars.Close.ToArray());
        Assert.Equal(original.Dates.ToArray(), bars.Dates.ToArray());
        for (var t = 0; t < bars.Count; t++) Assert.Equal(1, bars.AdjustedClose[t] / original.AdjustedClose[t], 2e-5);
        Assert.Contains(import.Findings, finding => finding is { Kind: MarketDataFindingKind.BadPrint, Value: 10.59, Line: 2949 });
    }

    [Fact]
    public async Task MinutesOfSeveralDaysBecomeOneSymbolWithTimes()
    {
        var importer = Importer();
        // 34,200,000 ms is 09:30. As in LEAN's Data/equity/usa/minute: the day is in the name of the part.
        foreach (var day in new[] { "20131008", "20131007" })
        {
            var zip = Path.Combine(_folder.Path, day + "_trade.zip");
            await File.WriteAllBytesAsync(zip, Zip(($"{day}_spy_minute_trade.csv", "34200000,1678500,1679000,1678100,1678800,1000\r\n34260000,1678800,1679100,1678700,1679000,500\r\n")), TestContext.Current.CancellationToken);
            await importer.AddAsync(zip, Path.GetFileName(zip), null, TestContext.Current.CancellationToken);
        }

        var import = Assert.Single(Written(importer));
        var bars = Read(import).Bars;
        Assert.Equal(("SPY", 2, 4), (import.Symbol, import.Files, import.Bars));
        Assert.Equal([new(2013, 10, 7, 9, 30, 0), new(2013, 10, 7, 9, 31, 0), new(2013, 10, 8, 9, 30, 0), new(2013, 10, 8, 9, 31, 0)], bars.Dates.ToArray());
        Assert.Equal(167.85, bars.Open[0]);
    }

    [Fact]
    public async Task AColumnMapReadsAnyHeaderInItsOwnCulture()
    {
        var import = Assert.Single(await ImportAsync(
            "kurse.csv", "Datum;Erster;Hoch;Tief;Schlusskurs;Stuecke\n02.01.2020;1.120,50;1.130,25;1.100,00;1.125,75;12.345\n03.01.2020;1.121,00;1.131,00;1.101,00;1.126,00;1\n",
            symbol: "SAP",
            options: new ImportOptions
            {
                ColumnMap = new Dictionary<string, string> { ["date"] = "Datum", ["Open"] = "Erster", ["High"] = "Hoch", ["Low"] = "Tief", ["Close"] = "Schlusskurs", ["Volume"] = "Stuecke" },
                DateFormat = "dd.MM.yyyy",
                Culture = CultureInfo.GetCultureInfo("de-DE"),
            }));
        var bars = Read(import).Bars;
        Assert.Equal((1120.5, 1130.25, 1100.0, 1125.75, 12_345.0), (bars.Open[0], bars.High[0], bars.Low[0], bars.Close[0], bars.Volume[0]));
        Assert.Equal(new DateTime(2020, 1, 2), bars.Dates[0]);
    }

    [Fact]
    public async Task AColumnMapOfPositionsReadsAFileWithoutAHeader()
    {
        var import = Assert.Single(await ImportAsync("X.csv", "7,2020-01-02,0930,4,5,3,4.5\n8,2020-01-02,0931,4,5,3,4.5\n", options: new ImportOptions
        {
            ColumnMap = new Dictionary<string, string> { ["Volume"] = "1", ["Date"] = "2", ["Time"] = "3", ["Open"] = "4", ["High"] = "5", ["Low"] = "6", ["Close"] = "7" },
        }));
        Assert.Equal((2, new DateTime(2020, 1, 2, 9, 30, 0)), (import.Bars, import.First));
    }

    // Names, parts and rows as in LEAN's sample data (Data/ at commit 24863901d): an hour of Apple, a second of AIG.
    [Theory]
    [InlineData("aapl.zip", "aapl.csv", "19980102 09:00,136300,137500,135000,136300,540700\n19980102 10:00,136300,148100,135600,144400,1974100\n", "AAPL", "1998-01-02T09:00:00", 13.63)]
    [InlineData("20131007_trade.zip", "20131007_aig_second_trade.csv", "14400000,491800,491800,491800,491800,300\n14581000,488700,488700,488700,488700,2000\n", "AIG", "2013-10-07T04:00:00", 49.18)]
    public async Task HoursAndSecondsOfLeanAreReadAsItWritesThem(string file, string part, string rows, string symbol, string first, double open)
    {
        var import = Assert.Single(await ImportAsync(file, Zip((part, rows))));
        Assert.Equal(("LEAN", symbol, 2, DateTime.Parse(first, CultureInfo.InvariantCulture)), (import.Format, import.Symbol, import.Bars, import.First));
        Assert.Equal(open, Read(import).Bars.Open[0]);
    }

    // The same, of what holds no trade bars of a stock: quotes before there is a bid, ticks, bitcoin.
    [Theory]
    [InlineData("20131007_aig_minute_quote.csv", "14400000,,,,,0,704900,704900,704900,704900,100\n", "it holds quote and no trades; import the file of trades")]
    [InlineData("20131007_aig_Trade_Tick.csv", "14400688,491800,300,P,2000,0\n14581540,488700,2000,Q,20002020,0\n", "it holds ticks and no bars; import LEAN's seconds, minutes, hours or days")]
    [InlineData("btcusd.csv", "20141201 00:00,300,370,300,370,0.05655554\n", "'0.05655554' is not a whole number")]
    public async Task WhatLeanWritesBesideTradesOfStocksIsNamedAsWhatItIs(string part, string rows, string expected)
    {
        var fault = await Assert.ThrowsAsync<MarketDataException>(() => ImportAsync("x.zip", Zip((part, rows))));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BitcoinOfLeanIsReadWithTheColumnMapThatTheErrorNames()
    {
        var import = Assert.Single(await ImportAsync("btcusd.csv", "20141201 00:00,300,370,300,370,0.05655554\n20141202 00:00,377,378,377,378,15.0136\n", options: new ImportOptions
        {
            ColumnMap = new Dictionary<string, string> { ["Date"] = "1", ["Open"] = "2", ["High"] = "3", ["Low"] = "4", ["Close"] = "5", ["Volume"] = "6" },
            DateFormat = "yyyyMMdd HH:mm",
        }));
        Assert.Equal((2, 377.0, 15.0136), (import.Bars, Read(import).Bars.Open[1], Read(import).Bars.Volume[1]));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("{\"Error Message\": \"Invalid API call\"}", "it is JSON")]
    [InlineData("<!DOCTYPE html><html></html>", "web page")]
    [InlineData("when,what\n1,2\n", "no column for date, open, high, low, close")]
    [InlineData("Date,Open,High,Low,Close\n2020-01-02,1,2,1,x\n", "line 2: close 'x' is not a number")]
    [InlineData("Date,Open,High,Low,Close\n02/01/2020,1,2,1,2\n", "line 2: date '02/01/2020' can't be read")]
    [InlineData("Date,Open,High,Low,Close\n2020-01-02,1,2,1\n", "line 2: the row has 4 fields, the first has 5")]
    [InlineData("Price,Close,Close,High,Low,Open,Volume\nTicker,AAPL,IBM,AAPL,AAPL,AAPL,AAPL\n", "line 2: it has the prices of 2 symbols beside each other")]
    [InlineData("Price,Close,High,Low,Open,Volume\nTicker,AAPL,AAPL,AAPL,AAPL,AAPL\n2020-01-02,1,1,1,1,1\n", "line 3: after a row of tickers")]
    [InlineData("Price,Close,High,Low,Open,Volume\n1,1,1,1,1,1\n", "no column for date")]
    [InlineData("PK\u0003\u0004nonsense", "the archive is damaged")]
    [InlineData("PAR1nonsensePAR1", "can't be read as such")]
    [InlineData("20131007 00:00,1,2,1,2,5,7,8,9,10,11\n", "may be a quote bar")]
    [InlineData("34200000,1,2,1,2,5\n", "its name has no day")]
    public async Task AFileThatIsNoneSaysWhatItIs(string content, string expected)
    {
        var fault = await Assert.ThrowsAsync<MarketDataException>(() => ImportAsync("X.csv", content));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "data")));
    }

    [Theory]
    [InlineData("2020-01-02,1,2,1,0\n", "close 0 is not a price")]
    [InlineData("2020-01-02,1,2,1,\n", "close is missing")]
    [InlineData("2020-01-02,1,1,2,1\n", "high 1 is below low 2")]
    [InlineData("2020-01-02,1,2,1,1\n2020-01-02,1,2,1,2\n", "stands there with other prices, too, in X.csv, line 2")]
    [InlineData("2020-01-02,-1,2,1,1\n", "open -1 is not a price")]
    public async Task ABarThatCantBeRefusesTheSymbolAndWritesNothing(string rows, string expected)
    {
        var fault = await Assert.ThrowsAsync<MarketDataException>(() => ImportAsync("X.csv", "Date,Open,High,Low,Close\n" + rows));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "data")));
    }

    [Theory]
    [InlineData("../X")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("NUL")]
    [InlineData("X.")]
    [InlineData("a b")]
    public async Task ASymbolNeverLeavesTheFolder(string symbol) =>
        await Assert.ThrowsAsync<MarketDataException>(() => ImportAsync("X.csv", "Date,Open,High,Low,Close\n2020-01-02,1,2,1,1\n", symbol: symbol));

    [Fact]
    public async Task AFileThatExistsStaysUnlessItIsToBeReplaced()
    {
        const string Content = "Date,Open,High,Low,Close\n2020-01-02,1,2,1,1\n";
        var import = Assert.Single(await ImportAsync("X.csv", Content));
        await File.WriteAllTextAsync(import.Path, "mine", TestContext.Current.CancellationToken);
        var fault = await Assert.ThrowsAsync<MarketDataException>(() => ImportAsync("X.csv", Content));
        Assert.Contains("the file exists", fault.Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(import.Path, TestContext.Current.CancellationToken));
        Assert.Single(await ImportAsync("X.csv", Content, replace: true));
        Assert.Equal([import.Path], Directory.GetFiles(Path.GetDirectoryName(import.Path)!));
    }

    [Fact]
    public async Task DaysAndMinutesOfOneSymbolAreNotMixed()
    {
        var importer = Importer();
        await importer.AddAsync(_folder.Write("a/X.csv", "Date,Open,High,Low,Close\n2020-01-02,1,2,1,1\n"), "a", null, TestContext.Current.CancellationToken);
        await importer.AddAsync(_folder.Write("b/X.csv", "Date,Open,High,Low,Close\n2020-01-03 09:30,1,2,1,1\n"), "b", null, TestContext.Current.CancellationToken);
        Assert.Contains("bars within days", Assert.Throws<MarketDataException>(() => Written(importer)).Message, StringComparison.Ordinal);
    }

    // Apple's 7:1 split of 2014-06-09 and its dividend of 0.47 of 2014-08-07, in the columns that Alpha Vantage documents for TIME_SERIES_DAILY_ADJUSTED.
    private const string Apple =
        "timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient\r\n"
        + "2014-08-07,94.93,95.95,94.10,94.48,94.48,46711000,0.4700,1.0\r\n2014-08-06,94.75,95.48,94.71,94.96,94.49,38558000,0.0000,1.0\r\n"
        + "2014-06-09,92.70,93.88,91.75,93.70,93.236236,75415000,0.0000,7.0\r\n2014-06-06,649.90,651.26,644.47,645.57,91.767826,12497800,0.0000,1.0\r\n";

    [Fact]
    public async Task SplitsAndDividendsOfAlphaVantageBecomeAFileBesideAndBothKindsOfPricesGiveOneReturn()
    {
        var import = Assert.Single(await ImportAsync("daily_adjusted_AAPL.csv", Apple));

        Assert.Equal(Path.ChangeExtension(import.Path, null) + ".actions.csv", import.ActionsPath);
        Assert.Equal("date,split,dividend\n2014-06-09,7,\n2014-08-07,,0.47\n", await File.ReadAllTextAsync(import.ActionsPath!, TestContext.Current.CancellationToken));
        Assert.Equal(["The newest bar came first; turned round.", "1 split and 1 dividend written to AAPL.actions.csv; the adjusted close is made of them."], import.Notes);
        var series = Read(import);
        Assert.True(import.HasAdjustedClose && series.Bars.HasActions);
        Assert.Empty(series.Warnings);
        Assert.Equal([91.767826, 93.236236, 94.49, 94.48], series.Bars.AdjustedClose.ToArray().Select(price => Math.Round(price, 6)));
        var request = new BacktestRequest { Symbols = ["AAPL"], Strategy = "BuyAndHold", FractionalShares = true };
        var (traded, adjusted) = (Run(request), Run(request with { Adjusted = true }));
        Assert.Equal(1, traded / adjusted, 1e-12);

        double Run(BacktestRequest asked) => 1 + Engine.Backtester.Run(asked, [series.Bars], null, TestContext.Current.CancellationToken).Performance.TotalReturn;
    }

    [Fact]
    public async Task AnAdjustedCloseThatItsOwnColumnsDoNotExplainIsSaid()
    {
        var import = Assert.Single(await ImportAsync("daily_adjusted_AAPL.csv", Apple.Replace("75415000,0.0000,7.0", "75415000,0.0000,1.0", StringComparison.Ordinal)));

        Assert.Contains(import.Notes, note => note.StartsWith("The vendor's adjusted close is another by up to 600", StringComparison.Ordinal) && note.Contains("2014-06-06", StringComparison.Ordinal));
    }

    [Theory]
    // Yahoo's prices have the splits in them; where no adjusted close stands beside them, its dividends are in them as well.
    [InlineData("Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits\n2014-06-06,92,93,92,92.2,91.7,10,0,0\n2014-06-09,93,94,93,93.7,93.2,10,0,7\n2014-08-06,94.5,95,94,94.96,94.49,10,0,0\n2014-08-07,94.5,95,94,94.48,94.48,10,0.47,0\n",
        "date,split,dividend\n2014-08-07,,0.47\n")]
    [InlineData("Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n2014-08-06,94.5,95,94,94.49,10,0,0\n2014-08-07,94.5,95,94,94.48,10,0.47,0\n", null)]
    [InlineData("timestamp,open,high,low,close,adjusted close,volume,dividend amount\n2014-08-06,94.5,95,94,94.96,94.49,10,0\n2014-08-08,94.5,95,94,94.48,94.48,10,0.47\n", null)]
    [InlineData("timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient\n2014-08-06,94,95,94,94,94,10,0.0,1.0\n", null)]
    public async Task OnlyActionsThatThePricesDoNotHaveInThemAreWritten(string content, string? actions)
    {
        var import = Assert.Single(await ImportAsync("X.csv", content));

        Assert.Equal(actions, import.ActionsPath is { } path ? await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken) : null);
        Assert.Equal(actions is null && content.Contains("0.47", StringComparison.Ordinal), import.Notes.Any(note => note.StartsWith("The columns of splits and dividends are not used", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AnActionsFileIsNotReplacedUnasked()
    {
        var mine = _folder.Write("data/AAPL.actions.csv", "date,split,dividend\n");

        Assert.Contains("the file exists", (await Assert.ThrowsAsync<MarketDataException>(() => ImportAsync("daily_adjusted_AAPL.csv", Apple))).Message, StringComparison.Ordinal);
        Assert.Equal(["AAPL.actions.csv"], Directory.GetFiles(Path.GetDirectoryName(mine)!).Select(Path.GetFileName));
        Assert.NotNull(Assert.Single(await ImportAsync("daily_adjusted_AAPL.csv", Apple, replace: true)).ActionsPath);
        // Imported again from data without any, it stays, and that is said.
        Assert.Contains(Assert.Single(await ImportAsync("AAPL.csv", "Date,Open,High,Low,Close\n2014-06-06,1,2,1,1\n", replace: true)).Notes, note => note.StartsWith("AAPL.actions.csv stands beside it", StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<MarketDataImport>> ImportAsync(
        string name, string content, string? symbol = null, ImportOptions? options = null, bool replace = false) =>
        await ImportAsync(name, Encoding.UTF8.GetBytes(content), symbol, options, replace: replace);

    private async Task<IReadOnlyList<MarketDataImport>> ImportAsync(
        string name, byte[] content, string? symbol = null, ImportOptions? options = null, string? factors = null, bool replace = false)
    {
        var file = Path.Combine(_folder.Path, name);
        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        var importer = Importer(options);
        if (factors is not null) importer.UseFactors(_folder.Write("factors.csv", factors));
        await importer.AddAsync(file, name, symbol, TestContext.Current.CancellationToken);
        return Written(importer, replace);
    }

    private MarketDataImporter Importer(ImportOptions? options = null) => new(Path.Combine(_folder.Path, "data"), options ?? new());

    private static List<MarketDataImport> Written(MarketDataImporter importer, bool replace = false) =>
        [.. importer.Plan((_, fault) => throw fault).Select(plan => plan.Write(replace))];

    private static MarketSeries Read(MarketDataImport import) =>
        new FolderCatalog(Path.GetDirectoryName(import.Path)!).Load(import.Symbol);

    private static string Deci(double price) => Math.Round(price * 10_000).ToString("0", CultureInfo.InvariantCulture);

    private static byte[] Zip(params ReadOnlySpan<(string Name, string Content)> parts)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in parts)
            {
                using var writer = new StreamWriter(archive.CreateEntry(name).Open());
                writer.Write(content);
            }
        }
        return stream.ToArray();
    }
}
