using BacktestOps.Contracts;
using Parquet;

namespace BacktestOps.Runs.MarketData.Import;

/// <summary>Parquet files with a column of dates and columns of numbers, named as in CSV files or by a column map.</summary>
internal static class ParquetFormat
{
    /// <summary>True when the file begins and ends as Parquet does.</summary>
    public static bool Recognises(ReadOnlySpan<byte> content) =>
        content.Length > 8 && content.StartsWith("PAR1"u8) && content.EndsWith("PAR1"u8);

    /// <summary>Reads the file: one table, or one for each symbol where a column names it.</summary>
    /// <exception cref="MarketDataException">It can't be read.</exception>
    public static async Task<IReadOnlyList<BarTable>> ReadAsync(ReadOnlyMemory<byte> content, string source, ImportOptions options, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = new MemoryStream(content.ToArray(), writable: false);
            await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: cancellationToken).ConfigureAwait(false);
            var fields = reader.Schema.GetDataFields();
            string[] names = [.. fields.Select(field => field.Name)];
            var roles = options.ColumnMap.Count > 0 ? ColumnRoles.FromMap(options.ColumnMap, names, source, null) : ColumnRoles.FromNames(names, source, null);
            var tables = new Dictionary<string, BarTable>(StringComparer.OrdinalIgnoreCase);
            var row = 0;
            for (var i = 0; i < reader.RowGroupCount; i++)
            {
                using var group = reader.OpenRowGroupReader(i);
                var columns = new ParquetColumns(group, fields, roles, source, new TextValues(options), cancellationToken);
                await columns.LoadAsync().ConfigureAwait(false);
                for (var t = 0; t < columns.Count; t++)
                {
                    row++;
                    var symbol = columns.Symbol(t);
                    if (!tables.TryGetValue(symbol ?? "", out var table))
                        tables.Add(symbol ?? "", table = new BarTable(source, "Parquet", symbol) { HasVolume = roles["Volume"] is not null, HasAdjustedClose = roles["AdjustedClose"] is not null });
                    if (columns.Bar(t, row) is { } bar) table.Rows.Add(bar);
                    else table.Empty++;
                }
            }
            return tables.Count > 0 ? [.. tables.Values] : throw new MarketDataException(source, null, "there is no bar in it.");
        }
        // On a damaged file the reader throws whatever it stumbles over.
        catch (Exception fault) when (fault is not (MarketDataException or OperationCanceledException))
        {
            throw new MarketDataException(source, null, $"it begins as Parquet and can't be read as such: {fault.Message}", fault);
        }
    }
}
