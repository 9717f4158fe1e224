namespace BacktestOps.Operations.Audit.Facts;

/// <summary>What a cell of a table amounts to: a duration or a figure, or a range of them.</summary>
/// <param name="Low">In seconds, bytes or pieces.</param>
/// <param name="High">The same; equal where no range is written.</param>
/// <param name="Step">One in its last place; at most a minute for durations, because planned hours are whole.</param>
/// <param name="IsFraction">True when it has decimal places, so that it was surely rounded.</param>
/// <param name="Kind">What can be added to it.</param>
/// <param name="Text">As it was written.</param>
internal sealed record Amount(decimal Low, decimal High, decimal Step, bool IsFraction, Dimension Kind, string Text)
{
    private const decimal Minute = 60;

    /// <summary>The one amount of a cell; null when there is none, or several. Percentages don't add up and are none.</summary>
    public static Amount? In(string cell)
    {
        var spans = Spans.In(cell).ToList();
        if (spans.Count == 1)
        {
            var span = spans[0];
            var step = Math.Min(Minute, (decimal)span.Step.TotalSeconds);
            return new Amount(
                (decimal)span.Low.TotalSeconds, (decimal)span.High.TotalSeconds, step, span.Text.Contains('.', StringComparison.Ordinal), Dimension.Time, span.Text.Trim());
        }

        var figures = Quantities.In(cell).ToList();
        if (spans.Count > 1 || figures.Count != 1 || figures[0].Dimension is Dimension.Percent or Dimension.Time) return null;
        var figure = figures[0];
        var kind = figure.Dimension == Dimension.None ? Dimension.Count : figure.Dimension;
        return new Amount(figure.Base, figure.Base, figure.Step * figure.Factor, figure.Step < 1, kind, figure.Text);
    }

    /// <summary>An amount or a range in words.</summary>
    public static string Show(decimal low, decimal high, Dimension kind)
    {
        string One(decimal value) => kind == Dimension.Time ? Spans.Show(TimeSpan.FromSeconds((double)value)) : Statistics.Show(value);
        return low == high ? One(low) : $"{One(low)} to {One(high)}";
    }
}
