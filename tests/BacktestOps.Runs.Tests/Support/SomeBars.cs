using System.Globalization;
using System.Text;

namespace BacktestOps.Runs.Tests.Support;

/// <summary>CSV files with made-up bars.</summary>
internal static class SomeBars
{
    /// <summary>A file of daily bars from 2000-01-01 on: a wave, so that averages cross.</summary>
    public static string Csv(int bars, int variant = 0)
    {
        var text = new StringBuilder("date,open,high,low,close,adj_close,volume\n");
        for (var i = 0; i < bars; i++)
        {
            var close = 100 + 20 * Math.Sin((i + 17 * variant) / (15.0 + variant % 7)) + i * 0.01;
            text.Append(CultureInfo.InvariantCulture,
                $"{new DateTime(2000, 1, 1).AddDays(i):yyyy-MM-dd},{close - 0.5:0.0000},{close + 1:0.0000},{close - 1:0.0000},{close:0.0000},{close / 2:0.000000},{1000 + i}\n");
        }

        return text.ToString();
    }
}
