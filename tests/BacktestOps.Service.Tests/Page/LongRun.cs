using System.Globalization;
using System.Text;

namespace BacktestOps.Service.Tests.Page;

/// <summary>Prices that keep a run going for seconds even on an idle machine: many stocks of many bars.</summary>
internal static class LongRun
{
    private const int Bars = 15_000;

    /// <summary>Writes that many stocks.</summary>
    public static void WriteStocks(string folder, int stocks)
    {
        var text = new StringBuilder("date,open,high,low,close,volume\n");
        var (day, price, state) = (new DateTime(1980, 1, 1), 100.0, 12345u);
        for (var bar = 0; bar < Bars; bar++)
        {
            state = (state * 1664525u) + 1013904223u;
            price = Math.Round(Math.Max(5, price * (1 + (((state >> 8) % 401) - 200.0) / 10_000)), 2);
            text.Append(CultureInfo.InvariantCulture, $"{day.AddDays(bar):yyyy-MM-dd},{price},{price + 1},{price - 1},{price},1000\n");
        }
        // One file under many names: 350 MB need not be written for it.
        var first = Path.Combine(folder, "LONG000.csv");
        File.WriteAllText(first, text.ToString());
        for (var stock = 1; stock < stocks; stock++)
            File.CreateSymbolicLink(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"LONG{stock:000}.csv")), first);
    }
}
