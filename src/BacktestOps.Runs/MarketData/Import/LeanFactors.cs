using System.Globalization;
using System.Text;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData.Import;

/// <summary>A factor file of QuantConnect's LEAN: <c>yyyyMMdd,price factor,split factor[,reference price]</c>, oldest first.</summary>
/// <remarks>
/// A row holds up to and on its day: the adjusted close of a day is close × price factor × split factor of the first row whose day is
/// not before it. After the last row both are 1. (LEAN's CorporateFactorRow; the shared daily prices of the tests were made so.)
/// </remarks>
internal sealed class LeanFactors
{
    private readonly DateTime[] _days;
    private readonly double[] _factors;

    private LeanFactors(DateTime[] days, double[] factors) => (_days, _factors) = (days, factors);

    /// <summary>Reads the file.</summary>
    /// <exception cref="MarketDataException">A row can't be read or the days do not ascend.</exception>
    public static LeanFactors Read(ReadOnlySpan<byte> content, string source)
    {
        var (days, factors, line) = (new List<DateTime>(), new List<double>(), 0);
        foreach (var row in Encoding.UTF8.GetString(content).Split('\n'))
        {
            line++;
            if (row.Trim().Length == 0) continue;
            var fields = row.Trim().Split(',');
            if (fields.Length < 3 || !DateTime.TryParseExact(fields[0], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                || Factor(fields[1]) is not { } price || Factor(fields[2]) is not { } split)
                throw new MarketDataException(source, line, $"'{CsvText.Shorten(row.Trim())}' is no row of a factor file; write 20140606,0.9304792,0.142857,645.57.");
            if (days.Count > 0 && day <= days[^1]) throw new MarketDataException(source, line, "the days must ascend.");
            days.Add(day);
            factors.Add(price * split);
        }
        return days.Count > 0 ? new([.. days], [.. factors]) : throw new MarketDataException(source, null, "the factor file is empty.");
    }

    /// <summary>What the prices of a day are multiplied by.</summary>
    public double At(DateTime date)
    {
        var found = Array.BinarySearch(_days, date.Date);
        var row = found >= 0 ? found : ~found;
        return row < _factors.Length ? _factors[row] : 1;
    }

    private static double? Factor(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && value > 0 ? value : null;
}
