namespace BacktestOps.Service.Charts;

/// <summary>A small picture of a price: its shape, no figures.</summary>
internal static class Sparkline
{
    /// <summary>Its size in pixels.</summary>
    public const int Width = 96, Height = 30;

    private const double Margin = 2;

    /// <summary>Draws it: green where the price ended at or above its start, else red. Both show on light and on dark.</summary>
    public static byte[] Draw(IReadOnlyList<PricePoint> closes)
    {
        // A rough shape is all that can be seen; a third of the columns keeps the file at a kilobyte.
        double[] prices = [.. closes.Select(close => close.Price)];
        var kept = Thinning.Keep(prices, Width / 3);
        var (low, high) = (prices.DefaultIfEmpty().Min(), prices.DefaultIfEmpty().Max());
        var scale = high > low ? (Height - (2 * Margin)) / (high - low) : 0;
        var step = prices.Length > 1 ? (Width - (2 * Margin)) / (prices.Length - 1) : 0;
        // The class says which, for a page whose readers know it by other colours.
        var (direction, colour) = prices.Length == 0 || prices[^1] >= prices[0] ? ("rises", "#1f9d76") : ("falls", "#d64556");

        var picture = new SvgPicture(Width, Height);
        picture.Path(
            $"sparkline {direction}", kept.Select(bar => (Margin + (bar * step), Height - Margin - ((prices[bar] - low) * scale))),
            $"fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\" stroke-linejoin=\"round\"");
        return picture.ToBytes();
    }
}
