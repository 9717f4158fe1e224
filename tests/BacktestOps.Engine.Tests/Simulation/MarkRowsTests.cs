using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Simulation;
using CsCheck;

namespace BacktestOps.Engine.Tests.Simulation;

public class MarkRowsTests
{
    [Fact]
    public void A_row_holds_the_last_close_of_every_symbol()
    {
        // Symbols of one calendar stand side by side and apart, over whole blocks of dates and a part of one.
        Gen.Select(Gen.Int[1, 3].Array[1, 9], Gen.Int[1, 300], Gen.Int[0, 299]).Sample((every, count, from) =>
        {
            var bars = every.Select((step, symbol) => Every(step, count, symbol)).ToArray();
            var timeline = new Timeline(bars);
            var rows = new MarkRows(bars, timeline);
            for (var date = Math.Min(from, timeline.Dates.Length - 1); date < timeline.Dates.Length; date++)
            {
                var marks = bars.Select(series => series.Dates.ToArray().Zip(series.Close.ToArray()).LastOrDefault(bar => bar.First <= timeline.Dates[date]).Second);
                Assert.Equal(marks, rows.At(date).ToArray());
            }
        }, iter: 30);
    }

    private static BarSeries Every(int step, int count, int symbol)
    {
        var dates = Sample.Weekdays(count, Sample.FirstDay).Where((_, t) => t % step == step - 1 || t == count - 1).ToArray();
        double[] close = [.. dates.Select((_, t) => 1.0 + t + symbol / 16.0)];
        return new BarSeries(((char)('A' + symbol)).ToString(), dates, close, close, close, close, close);
    }
}
