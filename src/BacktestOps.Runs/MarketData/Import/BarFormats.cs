using System.IO.Compression;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData.Import;

/// <summary>Recognises a file by its content and reads it.</summary>
internal static class BarFormats
{
    // A day of minutes is 30 kB; a whole file of ticks is none of ours.
    private const long MostUnpacked = 512L << 20;

    /// <summary>The tables of a file: one for each symbol, and of an archive for each part.</summary>
    /// <exception cref="MarketDataException">It is none of the formats, or can't be read.</exception>
    public static async Task<IReadOnlyList<BarTable>> ReadAsync(ReadOnlyMemory<byte> content, string name, string source, ImportOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (content.IsEmpty) throw new MarketDataException(source, null, "the file is empty.");
        if (content.Span.StartsWith("PK\u0003\u0004"u8)) return await UnpackAsync(content, source, options, cancellationToken).ConfigureAwait(false);
        if (ParquetFormat.Recognises(content.Span)) return await ParquetFormat.ReadAsync(content, source, options, cancellationToken).ConfigureAwait(false);
        if (content.Span.StartsWith("\uFEFF"u8)) content = content[3..];
        if (content.Span[..Math.Min(content.Length, 4096)].Contains((byte)0)) throw new MarketDataException(source, null, "it is neither text nor Parquet nor a zip archive.");
        if (options.ColumnMap.Count == 0 && LeanFormat.Recognises(content.Span)) return [LeanFormat.Read(content.Span, name, source)];
        var text = Trimmed(content);
        return text.IsEmpty ? throw new MarketDataException(source, null, "the file is empty.")
            : text.Span[0] is (byte)'{' or (byte)'[' ? throw new MarketDataException(source, null, "it is JSON; ask the vendor for CSV (Alpha Vantage: datatype=csv).")
            : text.Span[0] is (byte)'<' && !text.Span.StartsWith("<TICKER>"u8) ? throw new MarketDataException(source, null, "it is a web page and no data; the vendor may have answered with an error page.")
            : DelimitedFormat.Read(content, source, options);
    }

    private static async Task<IReadOnlyList<BarTable>> UnpackAsync(ReadOnlyMemory<byte> content, string source, ImportOptions options, CancellationToken cancellationToken)
    {
        var tables = new List<BarTable>();
        try
        {
            using var stream = new MemoryStream(content.ToArray(), writable: false);
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            foreach (var part in archive.Entries)
            {
                if (part.Name.Length == 0) continue;
                var place = $"{source}#{part.FullName}";
                if (Path.GetExtension(part.Name).Equals(".zip", StringComparison.OrdinalIgnoreCase))
                    throw new MarketDataException(place, null, "an archive inside the archive is not opened; unpack the outer one first.");
                tables.AddRange(await ReadAsync(await UnpackAsync(part, place, cancellationToken).ConfigureAwait(false), part.Name, place, options, cancellationToken).ConfigureAwait(false));
            }
        }
        catch (InvalidDataException fault)
        {
            throw new MarketDataException(source, null, $"the archive is damaged: {fault.Message}", fault);
        }
        return tables.Count > 0 ? tables : throw new MarketDataException(source, null, "the archive is empty.");
    }

    private static async Task<byte[]> UnpackAsync(ZipArchiveEntry part, string place, CancellationToken cancellationToken)
    {
        // The length that an archive claims may be wrong: what is read counts.
        await using var packed = await part.OpenAsync(cancellationToken).ConfigureAwait(false);
        using var unpacked = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = await packed.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (unpacked.Length + read > MostUnpacked) throw new MarketDataException(place, null, "it unpacks to more than 512 MiB.");
            unpacked.Write(buffer, 0, read);
        }
        return unpacked.ToArray();
    }

    private static ReadOnlyMemory<byte> Trimmed(ReadOnlyMemory<byte> content)
    {
        var start = content.Span.IndexOfAnyExcept(" \t\r\n"u8);
        return start < 0 ? default : content[start..];
    }
}
