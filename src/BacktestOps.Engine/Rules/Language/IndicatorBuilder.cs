using BacktestOps.Engine.Rules.Evaluation;

namespace BacktestOps.Engine.Rules.Language;

/// <summary>The indicators, each made of nodes that indicators share. Definitions and sources stand in the README of Rules.</summary>
/// <param name="graph">Where the nodes are made.</param>
internal readonly struct IndicatorBuilder(RuleGraph graph)
{
    private static readonly Rational s_hundred = Rational.From(100);
    private static readonly Rational s_minusOne = Rational.From(-1);
    private static readonly Rational s_half = Rational.From(2).Invert();

    private SeriesNode High => graph.Price(PriceField.High);

    private SeriesNode Low => graph.Price(PriceField.Low);

    private SeriesNode Close => graph.Price(PriceField.Close);

    private SeriesNode Volume => graph.Price(PriceField.Volume);

    /// <summary>Simple average.</summary>
    public SeriesNode Mean(SeriesNode x, int bars) =>
        graph.Scale(graph.Window(SeriesOperation.Sum, x, bars), Rational.From(bars).Invert());

    /// <summary>Average with weights 1 … bars, the newest with the largest.</summary>
    public SeriesNode WeightedMean(SeriesNode x, int bars) =>
        graph.Scale(graph.Window(SeriesOperation.WeightedSum, x, bars), Rational.From(bars * (bars + 1) / 2).Invert());

    /// <summary>Exponential average.</summary>
    public SeriesNode Ema(SeriesNode x, int bars) => graph.Window(SeriesOperation.Ema, x, bars);

    /// <summary>Largest value.</summary>
    public SeriesNode Highest(SeriesNode x, int bars) => graph.Window(SeriesOperation.Highest, x, bars);

    /// <summary>Smallest value.</summary>
    public SeriesNode Lowest(SeriesNode x, int bars) => graph.Window(SeriesOperation.Lowest, x, bars);

    /// <summary>Population standard deviation.</summary>
    public SeriesNode Deviation(SeriesNode x, int bars) => graph.Window(SeriesOperation.Deviation, x, bars);

    /// <summary>(x − mean) / standard deviation.</summary>
    public SeriesNode ZScore(SeriesNode x, int bars) => graph.Divide(graph.Subtract(x, Mean(x, bars)), Deviation(x, bars));

    /// <summary>100 · (x − x before) / x before.</summary>
    public SeriesNode RateOfChange(SeriesNode x, int bars)
    {
        var before = graph.Lag(x, bars);
        return Percent(graph.Subtract(x, before), before);
    }

    /// <summary>100 · average gain / (average gain + average loss).</summary>
    public SeriesNode Rsi(SeriesNode x, int bars)
    {
        var change = graph.Subtract(x, graph.Lag(x, 1));
        var zero = graph.Constant(Rational.Zero);
        var gain = Wilder(graph.Maximum(change, zero), bars);
        var loss = Wilder(graph.Maximum(graph.Scale(change, s_minusOne), zero), bars);
        return Percent(gain, graph.Add(gain, loss));
    }

    /// <summary>Fast less slow exponential average.</summary>
    public SeriesNode Macd(SeriesNode x, int fast, int slow) => graph.Subtract(Ema(x, fast), Ema(x, slow));

    /// <summary>Exponential average of the MACD line.</summary>
    public SeriesNode MacdSignal(SeriesNode x, int fast, int slow, int signal) => Ema(Macd(x, fast, slow), signal);

    /// <summary>MACD line less its signal line.</summary>
    public SeriesNode MacdHistogram(SeriesNode x, int fast, int slow, int signal) =>
        graph.Subtract(Macd(x, fast, slow), MacdSignal(x, fast, slow, signal));

    /// <summary>Average + width · population standard deviation; a negative width gives the lower band.</summary>
    public SeriesNode Bollinger(SeriesNode x, int bars, Rational width) => graph.Add(Mean(x, bars), graph.Scale(Deviation(x, bars), width));

    /// <summary>Highest high.</summary>
    public SeriesNode DonchianUpper(int bars) => Highest(High, bars);

    /// <summary>Lowest low.</summary>
    public SeriesNode DonchianLower(int bars) => Lowest(Low, bars);

    /// <summary>Middle between highest high and lowest low.</summary>
    public SeriesNode DonchianMiddle(int bars) => graph.Scale(graph.Add(DonchianUpper(bars), DonchianLower(bars)), s_half);

    /// <summary>The largest of high − low and the distances of high and low from the close before; high − low on the first bar.</summary>
    public SeriesNode TrueRange() => graph.OrElse(TrueRangeAfterFirst(), graph.Subtract(High, Low));

    /// <summary>Wilder's average of the true range.</summary>
    public SeriesNode AverageTrueRange(int bars) => Wilder(TrueRange(), bars);

    /// <summary>+DI: 100 · average upward movement / average true range.</summary>
    public SeriesNode PlusDirection(int bars) => Direction(Up(), Down(), bars);

    /// <summary>−DI: 100 · average downward movement / average true range.</summary>
    public SeriesNode MinusDirection(int bars) => Direction(Down(), Up(), bars);

    /// <summary>ADX: Wilder's average of 100 · |+DI − −DI| / (+DI + −DI).</summary>
    public SeriesNode DirectionalIndex(int bars)
    {
        var (plus, minus) = (PlusDirection(bars), MinusDirection(bars));
        return Wilder(Percent(graph.Absolute(graph.Subtract(plus, minus)), graph.Add(plus, minus)), bars);
    }

    /// <summary>Fast %K: 100 · (close − lowest low) / (highest high − lowest low).</summary>
    public SeriesNode StochasticK(int bars)
    {
        var lowest = DonchianLower(bars);
        return Percent(graph.Subtract(Close, lowest), graph.Subtract(DonchianUpper(bars), lowest));
    }

    /// <summary>%D: simple average of fast %K.</summary>
    public SeriesNode StochasticD(int bars, int smoothing) => Mean(StochasticK(bars), smoothing);

    /// <summary>Volume added on a higher close, taken off on a lower one; 0 on the first bar.</summary>
    public SeriesNode OnBalanceVolume()
    {
        var before = graph.Lag(Close, 1);
        var zero = graph.Constant(Rational.Zero);
        var down = graph.Choose(graph.Compare(ConditionOperation.Less, Close, before), graph.Scale(Volume, s_minusOne), zero);
        var signed = graph.Choose(graph.Compare(ConditionOperation.Less, before, Close), Volume, down);
        return graph.RunningSum(graph.OrElse(signed, zero));
    }

    /// <summary>Sum of typical price × volume over the sum of volume.</summary>
    public SeriesNode VolumeWeightedPrice(int bars) => graph.Divide(
        graph.Window(SeriesOperation.Sum, graph.Multiply(TypicalPrice(), Volume), bars),
        graph.Window(SeriesOperation.Sum, Volume, bars));

    /// <summary>(high + low + close) / 3.</summary>
    public SeriesNode TypicalPrice() => graph.Scale(graph.Add(graph.Add(High, Low), Close), Rational.From(3).Invert());

    /// <summary>(high + low) / 2.</summary>
    public SeriesNode MedianPrice() => graph.Scale(graph.Add(High, Low), s_half);

    private SeriesNode Wilder(SeriesNode x, int bars) => graph.Window(SeriesOperation.Wilder, x, bars);

    private SeriesNode Percent(SeriesNode part, SeriesNode whole) => graph.Scale(graph.Divide(part, whole), s_hundred);

    private SeriesNode TrueRangeAfterFirst()
    {
        var before = graph.Lag(Close, 1);
        var gaps = graph.Maximum(graph.Absolute(graph.Subtract(High, before)), graph.Absolute(graph.Subtract(Low, before)));
        return graph.Maximum(graph.Subtract(High, Low), gaps);
    }

    private SeriesNode Up() => graph.Subtract(High, graph.Lag(High, 1));

    private SeriesNode Down() => graph.Subtract(graph.Lag(Low, 1), Low);

    // Movement counts in the direction in which it is larger, and not at all when both are equal or against it.
    private SeriesNode Direction(SeriesNode move, SeriesNode other, int bars)
    {
        var zero = graph.Constant(Rational.Zero);
        var counts = graph.And(
            graph.Compare(ConditionOperation.Less, other, move), graph.Compare(ConditionOperation.Less, zero, move));
        return Percent(Wilder(graph.Choose(counts, move, zero), bars), Wilder(TrueRangeAfterFirst(), bars));
    }
}
