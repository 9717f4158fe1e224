using System.Runtime.ExceptionServices;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData;

/// <summary>The user's own folder: one CSV file a symbol, the symbol being the file's name without extension.</summary>
/// <remarks>
/// Splits and dividends of a symbol may stand beside it, see <see cref="ActionsFile"/>. A symbol is found among the files that are there; its text never becomes part of a path.
/// </remarks>
internal sealed class FolderCatalog(string folder) : IMarketDataCatalog
{
    private const int MostHints = 10;

    private readonly SeriesCache _cache = new();
    // Of a catalog for one request alone.
    private readonly Dictionary<string, List<string>>? _listed;
    private int _hints = MostHints;

    private FolderCatalog(string folder, SeriesCache cache, Dictionary<string, List<string>> listed)
        : this(folder) => (_cache, _listed) = (cache, listed);

    public string Location => folder;

    public IReadOnlyList<SymbolInfo> List(CancellationToken cancellationToken)
    {
        var files = Files().OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase).ToArray();
        var lines = new SymbolInfo[files.Length];
        try
        {
            Parallel.For(0, files.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => lines[i] = Line(files[i].Key, files[i].Value));
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }

        return lines;
    }

    public MarketSeries Load(string symbol)
    {
        var files = _listed ?? Files();
        return files.TryGetValue(symbol, out var paths) ? Load(Path.GetFileNameWithoutExtension(paths[0]), paths)
            : throw new UnknownSymbolException(symbol, _listed is null || _hints-- > 0 ? SymbolHint.For(symbol, files.Keys) : null);
    }

    public IMarketDataCatalog ForOneRequest() => new FolderCatalog(folder, _cache, Files());

    public PartHealth Check()
    {
        try
        {
            return Files().Count > 0
                ? new PartHealth("ready", null)
                : new PartHealth("empty", $"The folder of market data '{folder}' holds no CSV file. Put one file a symbol there.");
        }
        catch (BacktestUnavailableException fault)
        {
            return new PartHealth(Directory.Exists(folder) ? "failed" : "missing", $"{fault.Message} {fault.RecommendedAction}");
        }
    }

    /// <summary>The files of a folder that are bars by their name.</summary>
    public static IEnumerable<string> BarFiles(string folder) => Directory.EnumerateFiles(folder).Where(path =>
        Path.GetFileName(path) is var name
        && !name.StartsWith('.') && !ActionsFile.IsOne(name) && Path.GetExtension(name).Equals(".csv", StringComparison.OrdinalIgnoreCase));

    private SymbolInfo Line(string symbol, List<string> paths)
    {
        try
        {
            return paths.Count > 1 ? Describe(symbol, paths) : _cache.Line(new FileInfo(paths[0]), () => Describe(symbol, paths));
        }
        catch (IOException)
        {
            // The file went away after the folder was listed.
            return Describe(symbol, paths);
        }
    }

    private SymbolInfo Describe(string symbol, List<string> paths)
    {
        try
        {
            return Load(symbol, paths).Describe();
        }
        catch (MarketDataException fault)
        {
            return new SymbolInfo { Symbol = symbol, Name = symbol, Source = Path.GetFileName(paths[0]), Error = fault.Message };
        }
    }

    private MarketSeries Load(string symbol, List<string> paths)
    {
        var file = new FileInfo(paths[0]);
        if (paths.Count > 1)
        {
            throw new MarketDataException(
                file.Name, null, $"the symbol is not one file: {string.Join(", ", paths.Select(Path.GetFileName))} differ in upper and lower case only.");
        }

        try
        {
            return _cache.Series(file, () => CsvBarReader.Read(File.ReadAllBytes(file.FullName), symbol, symbol, file.Name, ActionsFile.Beside(file.FullName)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (!Directory.Exists(folder))
                throw Unreadable(fault);
            throw new MarketDataException(file.Name, null, $"the file can't be read: {fault.Message}", fault, "Give this user the right to read it, or see to the disk; else leave the symbol out.");
        }
    }

    // Looked at anew each time: the folder is the user's, who adds files while a session is open.
    private Dictionary<string, List<string>> Files()
    {
        try
        {
            var files = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
            foreach (var path in BarFiles(folder))
            {
                var name = Path.GetFileName(path);
                var symbol = Path.GetFileNameWithoutExtension(name);
                if (files.TryGetValue(symbol, out var paths))
                    paths.Add(path);
                else
                    files.Add(symbol, [path]);
            }

            foreach (var paths in files.Values)
                paths.Sort(StringComparer.Ordinal);
            return files;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(fault);
        }
    }

    private BacktestUnavailableException Unreadable(Exception fault) => new(
        Directory.Exists(folder)
            ? $"The folder of market data '{folder}' can't be read: {fault.Message}"
            : $"The folder of market data '{folder}' does not exist.",
        "Create the folder, or correct -DataPath or BACKTESTOPS_DATA; without either the bundled data is used.", fault);
}
