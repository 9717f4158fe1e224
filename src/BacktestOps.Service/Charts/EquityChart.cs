using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.Service.Charts;

/// <summary>The equity of a run beside buy-and-hold of the same stocks, and its drawdown below.</summary>
internal static class EquityChart
{
    private const int Height = 360;
    private const double EquityTop = 10, EquityBottom = 224, DrawdownTop = 250, DrawdownBottom = 330, DatesAt = 352;

    /// <summary>Draws it. Its readings are x, y, date, equity, buy-and-hold, drawdown.</summary>
    /// <param name="equity">The equity at every close, at least one.</param>
    /// <param name="buyAndHold">The worth of buying and holding, at the same closes.</param>
    /// <param name="initialCash">The cash at the start.</param>
    /// <param name="width">The width in pixels.</param>
    public static byte[] Draw(IReadOnlyList<EquityPoint> equity, IReadOnlyList<double> buyAndHold, double initialCash, int width)
    {
        var frame = new ChartFrame(width, [.. equity.Select(point => point.Date)]);
        double[] worth = [.. equity.Select(point => point.Equity)];
        var drawdown = Drawdown(worth, initialCash);
        var kept = Thinning.Keep(worth, frame.Columns);
        var heldKept = Thinning.Keep(buyAndHold, frame.Columns);
        var money = new Axis(
            Math.Min(initialCash, Math.Min(worth.Min(), buyAndHold.Min())), Math.Max(initialCash, Math.Max(worth.Max(), buyAndHold.Max())),
            EquityTop, EquityBottom, 6);
        var fall = new Axis(Math.Min(drawdown.Min(), -0.01), 0, DrawdownTop, DrawdownBottom, 2);

        var picture = new SvgPicture(width, Height);
        frame.DrawTicks(picture, money);
        frame.DrawTicks(picture, fall, tick => (tick * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%");
        picture.Line("start", frame.X(0), money.At(initialCash), frame.X(0) + frame.Columns, money.At(initialCash), "stroke=\"#889\" stroke-dasharray=\"4 4\"");
        picture.Path("benchmark", frame.Points(heldKept, buyAndHold, money), "fill=\"none\" stroke=\"#b7791f\" stroke-width=\"1.5\" stroke-dasharray=\"6 3\"");
        picture.Path("equity", frame.Points(kept, worth, money), "fill=\"none\" stroke=\"#3b5bdb\" stroke-width=\"2\"");
        var line = frame.Points(Thinning.Keep(drawdown, frame.Columns), drawdown, fall).ToList();
        picture.Path("drawdown", [(line[0].X, fall.At(0)), .. line, (line[^1].X, fall.At(0))], "fill=\"#b42335\" fill-opacity=\"0.25\" stroke=\"#b42335\"", "Z");
        frame.DrawDates(picture, DatesAt);

        var readings = new Readings();
        foreach (var bar in kept)
            readings.Add(frame.X(bar), money.At(worth[bar]), equity[bar].Date, worth[bar], buyAndHold[bar], drawdown[bar]);
        picture.Metadata(readings.ToJson());
        return picture.ToBytes();
    }

    // Below the highest close so far, the cash at the start counted as one: as the engine counts maximum drawdown.
    private static double[] Drawdown(double[] worth, double initialCash)
    {
        var peak = initialCash;
        return [.. worth.Select(value => value / (peak = Math.Max(peak, value)) - 1)];
    }
}
