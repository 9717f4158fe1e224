using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Runs.MarketData;

/// <summary>Splits and dividends beside a file of bars: <c>AAPL.actions.csv</c> with <c>date,split,dividend</c> for <c>AAPL.csv</c>.</summary>
/// <remarks>
/// The date is the ex-date. A split is the shares after it for one before (2 for 2:1, 0.05 for 1:20), a dividend is cash for one share
/// before it; an empty field is none. The adjusted close is then made of them, whatever the file of bars has.
/// </remarks>
internal sealed class ActionsFile
{
    private const string Ending = ".actions.csv";

    private readonly List<CorporateAction> _actions;
    private readonly string _source, _digest;

    private ActionsFile(List<CorporateAction> actions, string source, string digest) => (_actions, _source, _digest) = (actions, source, digest);

    /// <summary>True for the name of such a file.</summary>
    public static bool IsOne(string name) => name.EndsWith(Ending, StringComparison.OrdinalIgnoreCase);

    /// <summary>Where the file of a file of bars would be.</summary>
    public static string PathFor(string bars) => Path.ChangeExtension(bars, null) + Ending;

    /// <summary>Reads the file.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="MarketDataException">It can't be read.</exception>
    public static ActionsFile Read(byte[] content, string source) =>
        new(ReadRows(content, source), source, Convert.ToHexStringLower(SHA256.HashData(content)));

    /// <summary>The file beside a file of bars; null where there is none.</summary>
    /// <param name="bars">The file of bars, absolute.</param>
    public static ActionsFile? Beside(string bars)
    {
        var path = PathFor(bars);
        return File.Exists(path) ? Read(File.ReadAllBytes(path), Path.GetFileName(path)) : null;
    }

    /// <summary>The bars with splits and dividends, and an adjusted close made of them.</summary>
    /// <exception cref="MarketDataException">An action can't be.</exception>
    public BarSeries Join(BarSeries bars)
    {
        var growth = CorporateActions.Growth(_source, bars.Dates, bars.Close, _actions);
        return new BarSeries(
            bars.Symbol, bars.Dates.ToArray(), bars.Open.ToArray(), bars.High.ToArray(), bars.Low.ToArray(), bars.Close.ToArray(), bars.Volume.ToArray(),
            CorporateActions.AdjustedClose(bars.Close, growth), growth);
    }

    /// <summary>The fingerprint of both files: a change of either is another result.</summary>
    public string Join(string fingerprint) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(fingerprint + _digest)));

    /// <summary>What is to be said where the file of bars has an adjusted close of its own.</summary>
    public string NotUsed(string bars) => $"{bars}: its adjusted close is not used; {_source} has splits and dividends.";

    private static List<CorporateAction> ReadRows(byte[] content, string source)
    {
        var actions = new List<CorporateAction>();
        var lines = Encoding.UTF8.GetString(content).TrimStart('\uFEFF').Split('\n');
        if (lines[0].Trim() is not "date,split,dividend")
            throw new MarketDataException(source, 1, "the header must be date,split,dividend.");
        for (var i = 1; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0) continue;
            var fields = line.Split(',');
            if (fields.Length != 3 || !DateOnly.TryParseExact(fields[0].Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                || Number(fields[1], 1) is not { } split || Number(fields[2], 0) is not { } dividend)
                throw new MarketDataException(source, i + 1, $"'{CsvText.Shorten(line)}' is no action; write 2014-06-09,7, for a split of 7:1, or 2014-08-07,,0.47 for a dividend.");
            if (!(double.IsFinite(split) && split > 0)) throw new MarketDataException(source, i + 1, "a split is the shares after it for one before, above 0.");
            if (!(double.IsFinite(dividend) && dividend >= 0)) throw new MarketDataException(source, i + 1, "a dividend is cash for one share, 0 or more.");
            if (actions.Count > 0 && day < actions[^1].ExDate) throw new MarketDataException(source, i + 1, "the oldest action must be first.");
            actions.Add(new CorporateAction(day, split, dividend));
        }
        return actions;
    }

    private static double? Number(string text, double none) =>
        text.Trim().Length == 0 ? none : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
