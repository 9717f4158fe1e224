using BacktestOps.Contracts;
using BacktestOps.Runs.MarketData;
using BacktestOps.Runs.MarketData.Import;
using BacktestOps.Runs.Tests.Support;
using Parquet;
using Parquet.Schema;

namespace BacktestOps.Runs.Tests.MarketData;

/// <summary>Parquet files as pandas and data vendors write them.</summary>
public sealed class ParquetImportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ATableOfSeveralSymbolsBecomesAFileEach()
    {
        DataField[] fields =
        [
            new DataField<DateTime>("Date"), new DataField<string>("Ticker"), new DataField<double>("Open"), new DataField<double>("High"),
            new DataField<float>("Low"), new DataField<double?>("Close"), new DataField<long>("Volume"),
        ];
        var imports = await ImportAsync(fields, async group =>
        {
            await group.WriteAsync<DateTime>(fields[0], new[] { new DateTime(2020, 1, 2), new DateTime(2020, 1, 2), new DateTime(2020, 1, 3) });
            await group.WriteAsync(fields[1], new[] { "A", "B", "A" });
            await group.WriteAsync<double>(fields[2], new[] { 1.5, 10, 1.75 });
            await group.WriteAsync<double>(fields[3], new[] { 2.5, 12, 2.75 });
            await group.WriteAsync<float>(fields[4], new[] { 1.25f, 9, 1.5f });
            await group.WriteAsync<double>(fields[5], new double?[] { 2.0, 11, 2.25 }.AsMemory());
            await group.WriteAsync<long>(fields[6], new long[] { 100, 200, 300 });
        });

        Assert.Equal([("A", 2, "Parquet"), ("B", 1, "Parquet")], imports.Select(import => (import.Symbol, import.Bars, import.Format)));
        var bars = new FolderCatalog(Path.Combine(_folder.Path, "data")).Load("A").Bars;
        Assert.Equal([1.5, 1.75], bars.Open.ToArray());
        Assert.Equal([1.25, 1.5], bars.Low.ToArray());
        Assert.Equal([2.0, 2.25], bars.Close.ToArray());
        Assert.Equal([100.0, 300.0], bars.Volume.ToArray());
    }

    [Fact]
    public async Task AColumnThatHoldsNoNumbersIsNamed()
    {
        DataField[] fields = [new DataField<DateTime>("date"), .. new[] { "open", "high", "low", "close" }.Select(name => new DataField<string>(name))];
        var fault = await Assert.ThrowsAsync<MarketDataException>(() => ImportAsync(fields, async group =>
        {
            await group.WriteAsync<DateTime>(fields[0], new[] { new DateTime(2020, 1, 2) });
            foreach (var field in fields[1..]) await group.WriteAsync(field, new[] { "1" });
        }));
        Assert.Contains("column 'open' holds text, not numbers", fault.Message, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<MarketDataImport>> ImportAsync(DataField[] fields, Func<ParquetRowGroupWriter, Task> write)
    {
        var file = Path.Combine(_folder.Path, "bars.parquet");
        await using (var stream = File.Create(file))
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream, cancellationToken: Token))
        {
            using var group = writer.CreateRowGroup();
            await write(group);
            group.CompleteValidate();
        }
        var importer = new MarketDataImporter(Path.Combine(_folder.Path, "data"), new());
        await importer.AddAsync(file, "bars.parquet", null, Token);
        return [.. importer.Plan((_, fault) => throw fault).Select(plan => plan.Write(replace: false))];
    }
}
