namespace BacktestOps.Service.Charts;

/// <summary>The price of a stock with the purchases and sales of a run.</summary>
internal static class PriceChart
{
    private const int Height = 280;
    private const double Top = 16, Bottom = 244, DatesAt = 272, SmallestMarker = 4, LargestMarker = 9;

    /// <summary>Draws it. Its readings are x, y, date, close, and the fills, where there are some, at their bars.</summary>
    /// <param name="closes">The closes, at least one.</param>
    /// <param name="fills">The fills by date.</param>
    /// <param name="width">The width in pixels.</param>
    public static byte[] Draw(IReadOnlyList<PricePoint> closes, ILookup<DateTime, ChartFill> fills, int width)
    {
        var frame = new ChartFrame(width, [.. closes.Select(close => close.Date)]);
        double[] prices = [.. closes.Select(close => close.Price)];
        var traded = Enumerable.Range(0, closes.Count).Where(bar => fills.Contains(closes[bar].Date)).ToList();
        var filled = traded.SelectMany(bar => fills[closes[bar].Date]).Select(fill => fill.Price).ToList();
        var axis = new Axis(Math.Min(prices.Min(), filled.DefaultIfEmpty(prices[0]).Min()), Math.Max(prices.Max(), filled.DefaultIfEmpty(prices[0]).Max()), Top, Bottom, 6);
        var kept = Thinning.Keep(prices, frame.Columns, traded);

        var picture = new SvgPicture(width, Height);
        frame.DrawTicks(picture, axis);
        picture.Path("price", frame.Points(kept, prices, axis), "fill=\"none\" stroke=\"#5a6579\" stroke-width=\"1.5\"");
        // Many trades get small markers, so that each can still be told from its neighbour and the price from them.
        var size = Math.Clamp(2.5 * frame.Columns / Math.Max(1, filled.Count), SmallestMarker, LargestMarker);
        foreach (var bar in traded)
        {
            foreach (var fill in fills[closes[bar].Date])
            {
                var colour = fill.IsPurchase ? "fill=\"#13795b\"" : "fill=\"#b42335\"";
                picture.Marker(fill.IsPurchase ? "buy" : "sell", frame.X(bar), axis.At(fill.Price), size, fill.IsPurchase, colour);
            }
        }
        frame.DrawDates(picture, DatesAt);

        var readings = new Readings();
        foreach (var bar in kept)
            readings.Add(frame.X(bar), axis.At(prices[bar]), closes[bar].Date, prices[bar], fills[closes[bar].Date]);
        picture.Metadata(readings.ToJson());
        return picture.ToBytes();
    }
}
