using System.Text;
using BacktestOps.Contracts;
using Parquet;
using Parquet.Schema;

namespace BacktestOps.Runs.MarketData.Import;

/// <summary>The columns of one row group, as dates and numbers.</summary>
internal sealed class ParquetColumns(
    ParquetRowGroupReader group, DataField[] fields, ColumnRoles roles, string source, TextValues values, CancellationToken cancellationToken)
{
    private readonly Dictionary<string, double[]> _numbers = [];
    private DateTime?[] _dates = [];
    private string?[]? _symbols;

    public int Count => _dates.Length;

    public async Task LoadAsync()
    {
        foreach (var role in ColumnRoles.Keys)
        {
            if (roles[role] is not { } column) continue;
            var field = fields[column];
            if (field.IsArray) throw new MarketDataException(source, null, $"column '{field.Name}' holds lists, not values.");
            if (role == "Date") _dates = await DatesAsync(field).ConfigureAwait(false);
            else if (role == "Symbol") _symbols = await TextsAsync(field).ConfigureAwait(false);
            else if (role == "Time") throw new MarketDataException(source, null, "a Parquet file has dates with their time in one column.");
            else _numbers[role] = await NumbersAsync(field).ConfigureAwait(false);
        }
    }

    public string? Symbol(int t) => _symbols?[t];

    /// <summary>A row as a bar; null where it has no price at all.</summary>
    public ImportedBar? Bar(int t, int row)
    {
        double At(string role, double otherwise) => _numbers.TryGetValue(role, out var column) ? column[t] : otherwise;
        var (open, high, low, close) = (At("Open", 0), At("High", 0), At("Low", 0), At("Close", 0));
        if (double.IsNaN(open) && double.IsNaN(high) && double.IsNaN(low) && double.IsNaN(close)) return null;
        var date = _dates[t] ?? throw new MarketDataException(source, row, "the date is missing.");
        var volume = At("Volume", 0);
        return new ImportedBar(date, open, high, low, close, double.IsNaN(volume) ? 0 : volume, At("AdjustedClose", close), row, source);
    }

    private async Task<DateTime?[]> DatesAsync(DataField field)
    {
        if (field.ClrType == typeof(DateTime)) return await StructsAsync<DateTime, DateTime?>(field, date => DateTime.SpecifyKind(date, DateTimeKind.Unspecified)).ConfigureAwait(false);
        if (field.ClrType == typeof(DateOnly)) return await StructsAsync<DateOnly, DateTime?>(field, date => date.ToDateTime(TimeOnly.MinValue)).ConfigureAwait(false);
        if (IsText(field))
        {
            return [.. (await TextsAsync(field).ConfigureAwait(false)).Select((text, t) => text is null ? (DateTime?)null
                : values.TryDate(Encoding.UTF8.GetBytes(text), default, out var date) ? date
                : throw new MarketDataException(source, t + 1, $"date '{CsvText.Shorten(text)}' can't be read; write {CsvText.DateForms}, or give the form of the dates."))];
        }
        throw new MarketDataException(source, null, $"column '{field.Name}' holds {Shown(field)}, not dates.");
    }

    private Task<double[]> NumbersAsync(DataField field) => Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.Double => StructsAsync<double, double>(field, value => value, double.NaN),
        TypeCode.Single => StructsAsync<float, double>(field, value => value, double.NaN),
        TypeCode.Decimal => StructsAsync<decimal, double>(field, value => (double)value, double.NaN),
        TypeCode.Int64 => StructsAsync<long, double>(field, value => value, double.NaN),
        TypeCode.Int32 => StructsAsync<int, double>(field, value => value, double.NaN),
        TypeCode.UInt64 => StructsAsync<ulong, double>(field, value => value, double.NaN),
        TypeCode.UInt32 => StructsAsync<uint, double>(field, value => value, double.NaN),
        _ => throw new MarketDataException(source, null, $"column '{field.Name}' holds {Shown(field)}, not numbers."),
    };

    private async Task<TTo[]> StructsAsync<TFrom, TTo>(DataField field, Func<TFrom, TTo> convert, TTo? missing = default)
        where TFrom : struct
    {
        if (field.IsNullable)
        {
            var some = new TFrom?[group.RowCount];
            await group.ReadAsync<TFrom>(field, some.AsMemory(), null, cancellationToken).ConfigureAwait(false);
            return Array.ConvertAll(some, value => value is { } known ? convert(known) : missing!);
        }
        var all = new TFrom[group.RowCount];
        await group.ReadAsync<TFrom>(field, all.AsMemory(), null, cancellationToken).ConfigureAwait(false);
        return Array.ConvertAll(all, value => convert(value));
    }

    private static bool IsText(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    private static string Shown(DataField field) => IsText(field) ? "text" : field.ClrType.Name;

    private async Task<string?[]> TextsAsync(DataField field)
    {
        if (!IsText(field)) throw new MarketDataException(source, null, $"column '{field.Name}' holds {Shown(field)}, not text.");
        var texts = new string?[group.RowCount];
        await group.ReadAsync(field, texts.AsMemory(), null, cancellationToken).ConfigureAwait(false);
        return texts;
    }
}
