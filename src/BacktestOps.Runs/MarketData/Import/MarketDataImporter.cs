using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData.Import;

/// <summary>Reads vendors' files, by what is in them, and makes of them the CSV files of a data folder: one a symbol.</summary>
/// <remarks>Files are taken in one by one; those of one symbol, as LEAN's with a day of minutes each, become one.</remarks>
/// <param name="folder">The data folder, absolute; it is made when the first file is written.</param>
/// <param name="options">How files are read that don't say it themselves.</param>
public sealed class MarketDataImporter(string folder, ImportOptions options)
{
    private readonly Dictionary<string, (List<BarTable> Tables, HashSet<string> Files)> _symbols = new(StringComparer.OrdinalIgnoreCase);
    private LeanFactors? _factors;

    /// <summary>Takes the factor file of the one symbol that is imported.</summary>
    /// <param name="file">Absolute path.</param>
    /// <exception cref="MarketDataException">It can't be read.</exception>
    public void UseFactors(string file) => _factors = LeanFactors.Read(ReadFile(file, file), file);

    /// <summary>Takes in a file.</summary>
    /// <param name="file">Absolute path.</param>
    /// <param name="shown">The path as messages name it.</param>
    /// <param name="symbol">The symbol; null for what the content or the file's name says.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MarketDataException">It is none of the formats, or can't be read; nothing of it is taken in.</exception>
    public async Task AddAsync(string file, string shown, string? symbol, CancellationToken cancellationToken)
    {
        var tables = await BarFormats.ReadAsync(ReadFile(file, shown), Path.GetFileName(file), shown, options, cancellationToken).ConfigureAwait(false);
        var named = tables.Select(table => (Symbol: SymbolNames.Of(table, file, symbol), Table: table)).ToList();
        if (symbol is not null && tables.Select(table => table.Symbol).Distinct(StringComparer.OrdinalIgnoreCase).Skip(1).Any())
            throw new MarketDataException(shown, null, "it has several symbols, and one name was given; leave the name out.");
        foreach (var (name, table) in named)
        {
            if (!_symbols.TryGetValue(name, out var held)) _symbols.Add(name, held = ([], []));
            held.Tables.Add(table);
            held.Files.Add(file);
        }
    }

    /// <summary>The symbols taken in, each with its file to be, in the order in which they came.</summary>
    /// <param name="refuse">Is told the symbol that can't be imported and why; the others are.</param>
    public IEnumerable<ImportPlan> Plan(Action<string, MarketDataException> refuse)
    {
        ArgumentNullException.ThrowIfNull(refuse);
        foreach (var (symbol, held) in _symbols)
        {
            ImportPlan plan;
            try
            {
                if (_factors is not null && _symbols.Count > 1)
                    throw new MarketDataException(held.Tables[0].Source, null, "a factor file is of one symbol, and several were given.");
                plan = new ImportPlan(symbol, folder, held.Tables, held.Files.Count, _factors);
            }
            catch (MarketDataException fault)
            {
                refuse(symbol, fault);
                continue;
            }
            yield return plan;
        }
    }

    private static byte[] ReadFile(string file, string shown)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new MarketDataException(shown, null, Directory.Exists(file) ? "it is a folder; name the files in it." : $"the file can't be read: {fault.Message}", fault,
                "Name files that are there and that this user may read.");
        }
    }
}
