namespace BacktestOps.Engine.Rules.Evaluation;

/// <summary>What can be said of a node before any bar is seen.</summary>
internal static class NodeTraits
{
    /// <summary>How many bars pass before the first that can be defined.</summary>
    public static int Warmup(in SeriesKey key) => key.Operation switch
    {
        SeriesOperation.Price or SeriesOperation.Constant => 0,
        SeriesOperation.Lag => key.A!.Warmup + key.Bars,
        SeriesOperation.Sum or SeriesOperation.WeightedSum or SeriesOperation.Highest or SeriesOperation.Lowest
            or SeriesOperation.Deviation or SeriesOperation.Ema or SeriesOperation.Wilder => key.A!.Warmup + key.Bars - 1,
        SeriesOperation.OrElse => Math.Min(key.A!.Warmup, key.B!.Warmup),
        SeriesOperation.Choose => Math.Max(key.Condition!.Warmup, Math.Min(key.A!.Warmup, key.B!.Warmup)),
        _ => Math.Max(key.A!.Warmup, key.B?.Warmup ?? 0),
    };

    /// <summary>How many bars pass before the first at which the condition can hold.</summary>
    public static int Warmup(in ConditionKey key) => key.Operation switch
    {
        ConditionOperation.Constant => 0,
        ConditionOperation.And => Math.Max(key.A!.Warmup, key.B!.Warmup),
        ConditionOperation.Or => Math.Min(key.A!.Warmup, key.B!.Warmup),
        ConditionOperation.Not => key.A!.Warmup,
        ConditionOperation.CrossOver => Math.Max(key.X!.Warmup, key.Y!.Warmup) + 1,
        _ => Math.Max(key.X!.Warmup, key.Y!.Warmup),
    };

    /// <summary>The columns of the bars that a series rests on.</summary>
    public static PriceFields Fields(in SeriesKey key) => key.Operation switch
    {
        SeriesOperation.Price => (PriceFields)(1 << (int)key.Field),
        SeriesOperation.Constant => PriceFields.None,
        _ => key.A!.Fields | (key.B?.Fields ?? 0) | (key.Condition?.Fields ?? 0),
    };

    /// <summary>The columns of the bars that a condition rests on.</summary>
    public static PriceFields Fields(in ConditionKey key) =>
        (key.X?.Fields ?? 0) | (key.Y?.Fields ?? 0) | (key.A?.Fields ?? 0) | (key.B?.Fields ?? 0);

    /// <summary>True when no value can be below 0.</summary>
    public static bool IsNonNegative(in SeriesKey key) => key.Operation switch
    {
        SeriesOperation.Price or SeriesOperation.Absolute or SeriesOperation.Deviation => true,
        SeriesOperation.Constant => key.Number.Sign >= 0,
        SeriesOperation.Scale => key.A!.IsNonNegative && key.Number.Sign >= 0,
        SeriesOperation.Subtract => false,
        SeriesOperation.Maximum => key.A!.IsNonNegative || key.B!.IsNonNegative,
        _ => key.A!.IsNonNegative && key.B?.IsNonNegative != false,
    };

    /// <summary>How the values can be held without rounding; null when they can't.</summary>
    public static ExactForm? Exact(in SeriesKey key) => key.Operation switch
    {
        SeriesOperation.Price => ExactForm.Price(key.Field),
        SeriesOperation.Constant => ExactForm.Constant(key.Number),
        SeriesOperation.Lag => key.A!.Exact?.Before(key.Bars),
        SeriesOperation.Scale => key.A!.Exact?.Times(key.Number),
        SeriesOperation.Absolute => key.A!.Exact,
        SeriesOperation.Add or SeriesOperation.Subtract or SeriesOperation.Minimum or SeriesOperation.Maximum
            or SeriesOperation.Choose or SeriesOperation.OrElse => ExactForm.Join(key.A!.Exact, key.B!.Exact),
        SeriesOperation.Highest or SeriesOperation.Lowest => key.A!.Exact?.Over(key.Bars, 1),
        SeriesOperation.Sum => key.A!.Exact?.Over(key.Bars, 1),
        SeriesOperation.WeightedSum => key.A!.Exact?.Over(key.Bars, key.Bars),
        SeriesOperation.RunningSum => key.A!.Exact?.Running(),
        _ => null,
    };
}
