using BacktestOps.Engine.Bars;
using CsCheck;

namespace BacktestOps.Engine.Tests.Rules;

/// <summary>
/// What has no exact form carries a bound of its error: it is never exceeded (held against 28 digits of System.Decimal), and it
/// is so small that only numbers count as equal that are.
/// </summary>
public class ErrorBoundTests
{
    private const int N = 7;

    public static TheoryData<string> Indicators =>
        ["ema(close, 7)", "rsi(close, 7)", "macd_signal(close, 3, 7, 4)", "atr(7)", "stddev(close, 7)", "zscore(close, 7)", "bollinger_upper(close, 7, 2)", "vwap(7)", "roc(close, 7)", "stochastic_d(7, 3)"];

    [Theory]
    [MemberData(nameof(Indicators))]
    public void A_number_lies_within_its_bound_of_28_digits(string text)
    {
        var largest = 0.0;
        Market.Sample(
            bars =>
            {
                var column = RuleBench.Column(text, bars);
                var exact = Exact(text, bars);
                for (var t = 0; t < bars.Count; t++)
                {
                    Assert.Equal(exact[t] is null, double.IsNaN(column.Values[t]));
                    if (exact[t] is not { } value) continue;
                    var bound = column.Errors.At(t, column.Values[t]);
                    Assert.InRange((double)Math.Abs(value - ToDecimal(column.Values[t])), 0, bound + 1e-25);
                    largest = Math.Max(largest, bound / Math.Max(1, Math.Abs(column.Values[t])));
                }
            },
            iter: 60, threads: 1);

        Assert.InRange(largest, 1e-16, 1e-9);
    }

    [Theory]
    [InlineData("ema(close, 3) == close", "--TTTTTT")]
    [InlineData("macd(close, 2, 4) == 0", "---TTTTT")]
    [InlineData("stddev(close, 3) == 0", "--TTTTTT")]
    [InlineData("bollinger_lower(close, 3, 2) < close", "--FFFFFF")]
    [InlineData("rsi(close, 3) <= 50", "--------")]
    [InlineData("zscore(close, 3) <= 0", "--------")]
    [InlineData("stochastic_k(3) > 0", "--------")]
    [InlineData("adx(2) >= 0", "--------")]
    [InlineData("vwap(3) == close", "--TTTTTT")]
    [InlineData("roc(close, 2) == 0", "--TTTTTT")]
    [InlineData("atr(2) == 0", "-TTTTTTT")]
    public void Where_nothing_moves_equal_is_equal_and_nought_by_nought_is_undefined(string text, string expected)
    {
        foreach (var price in new[] { 0.1, 10.3, 1e-4, 12345.678, 1 / 3.0 })
            Assert.Equal(expected, RuleBench.Picture(text, Sample.Flat([.. Enumerable.Repeat(price, 8)])));
    }

    [Fact]
    public void An_rsi_that_is_exactly_at_its_threshold_does_not_cross_it()
    {
        // Gains and losses of 0.1 in turn: the first RSI is 50 in decimals, which the doubles of these differences miss.
        double[] prices = [10.2, 10.3, 10.2, 10.3, 10.2];

        Assert.Equal("----T", RuleBench.Picture("rsi(close, 4) == 50", Sample.Flat(prices)));
        Assert.Equal("----F", RuleBench.Picture("rsi(close, 4) > 50", Sample.Flat(prices)));
    }

    [Fact]
    public void Movements_that_tie_in_decimals_give_no_direction()
    {
        // The high rises by 0.1 and the low falls by 0.1: Wilder counts neither.
        var bars = RuleBench.Bars([10, 10, 10], [10.2, 10.3, 10.4], [5.1, 5.0, 4.9], [10, 10, 10]);

        Assert.Equal("-TT", RuleBench.Picture("plus_di(1) == 0 and minus_di(1) == 0", bars));
        Assert.NotEqual(bars.High[1] - bars.High[0], bars.Low[0] - bars.Low[1]);
    }

    private static readonly Gen<BarSeries> Market =
        from moves in Gen.Int[-30, 30].Array[60]
        from ranges in Gen.Int[1, 40].Array[60]
        select Build(moves, ranges);

    private static BarSeries Build(int[] moves, int[] ranges)
    {
        var close = new double[moves.Length];
        var level = 5000;
        for (var t = 0; t < close.Length; t++) close[t] = (double)((level += moves[t]) / 100m);
        return RuleBench.Bars(
            close, [.. close.Select((price, t) => (double)((decimal)price + ranges[t] / 100m))], [.. close.Select((price, t) => (double)((decimal)price - ranges[t] / 50m))], close,
            [.. ranges.Select(range => range * 100.0)]);
    }

    private static decimal?[] Exact(string text, BarSeries bars)
    {
        decimal[] Prices(ReadOnlySpan<double> column) => [.. column.ToArray().Select(price => (decimal)price)];
        var (high, low, close, volume) = (Prices(bars.High), Prices(bars.Low), Prices(bars.Close), Prices(bars.Volume));
        decimal?[] Each(int from, Func<int, decimal?> value) => [.. Enumerable.Range(0, close.Length).Select(t => t < from ? null : value(t))];
        decimal Mean(int t) => close[(t - N + 1)..(t + 1)].Average();
        decimal Deviation(int t) => Sqrt(close[(t - N + 1)..(t + 1)].Select(price => (price - Mean(t)) * (price - Mean(t))).Average());
        decimal K(int t) => 100 * (close[t] - low[(t - N + 1)..(t + 1)].Min()) / (high[(t - N + 1)..(t + 1)].Max() - low[(t - N + 1)..(t + 1)].Min());
        switch (text[..text.IndexOf('(', StringComparison.Ordinal)])
        {
            case "ema":
                return Hide(Ema(close, N), N - 1);
            case "macd_signal":
                var (fast, slow) = (Ema(close, 3), Ema(close, N));
                var signal = Ema([.. fast.Zip(slow, (a, b) => a - b).Skip(N - 1)], 4);
                return [.. Enumerable.Repeat((decimal?)null, N - 1), .. Hide(signal, 3)];
            case "rsi":
                var changes = close.Skip(1).Zip(close, (now, before) => now - before).ToArray();
                var gains = Wilder([.. changes.Select(change => Math.Max(change, 0))]);
                var losses = Wilder([.. changes.Select(change => Math.Max(-change, 0))]);
                return Each(N, t => gains[t - 1] + losses[t - 1] == 0 ? null : 100 * gains[t - 1] / (gains[t - 1] + losses[t - 1]));
            case "atr":
                var ranges = high.Select((h, t) => t == 0 ? h - low[t] : Math.Max(h - low[t], Math.Max(Math.Abs(h - close[t - 1]), Math.Abs(low[t] - close[t - 1])))).ToArray();
                return Hide(Wilder(ranges), N - 1);
            case "stddev":
                return Each(N - 1, t => Deviation(t));
            case "zscore":
                return Each(N - 1, t => Deviation(t) == 0 ? null : (close[t] - Mean(t)) / Deviation(t));
            case "bollinger_upper":
                return Each(N - 1, t => Mean(t) + 2 * Deviation(t));
            case "vwap":
                return Each(N - 1, t => Enumerable.Range(t - N + 1, N).Sum(s => (high[s] + low[s] + close[s]) / 3 * volume[s]) / volume[(t - N + 1)..(t + 1)].Sum());
            case "roc":
                return Each(N, t => 100 * (close[t] - close[t - N]) / close[t - N]);
            case "stochastic_d":
                return Each(N + 1, t => (K(t) + K(t - 1) + K(t - 2)) / 3);
            default:
                throw new ArgumentException(text, nameof(text));
        }
    }

    private static decimal[] Ema(decimal[] values, int n)
    {
        var averages = (decimal[])values.Clone();
        for (var t = 1; t < averages.Length; t++) averages[t] = averages[t - 1] + (values[t] - averages[t - 1]) * 2 / (n + 1);
        return averages;
    }

    private static decimal[] Wilder(decimal[] values)
    {
        var averages = new decimal[values.Length];
        averages[N - 1] = values[..N].Average();
        for (var t = N; t < values.Length; t++) averages[t] = (averages[t - 1] * (N - 1) + values[t]) / N;
        return averages;
    }

    private static decimal?[] Hide(decimal[] values, int first) => [.. values.Select((value, t) => t < first ? (decimal?)null : value)];

    private static decimal Sqrt(decimal value)
    {
        if (value == 0) return 0;
        var root = (decimal)Math.Sqrt((double)value);
        for (var i = 0; i < 3; i++) root = (root + value / root) / 2;
        return root;
    }

    // The conversion of the framework rounds to 15 digits; a double has all of its digits in 17 and an exponent.
    private static decimal ToDecimal(double value) =>
        decimal.Parse(value.ToString("G17", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture);
}
