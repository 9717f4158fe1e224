using System.Numerics;
using BacktestOps.Engine.Indicators;
using BacktestOps.Engine.Rules;
using CsCheck;

namespace BacktestOps.Engine.Tests;

/// <summary>Averages that are equal in exact arithmetic compare equal, others don't, and rounding decides no trade.</summary>
public class EqualIsEqualTests
{
    private static readonly string[] Symbols = ["AAPL", "AIG", "BAC", "GOOG", "IBM", "IWM", "QQQ", "SPY"];

    [Theory]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(5, 20)]
    [InlineData(10, 20)]
    [InlineData(10, 30)]
    [InlineData(50, 200)]
    public void Every_comparison_on_eight_real_stocks_is_that_of_decimal_arithmetic(int fast, int slow)
    {
        foreach (var symbol in Symbols)
        {
            var expected = CompareInDecimal(RealPrices.SharedDecimalCloses(symbol), fast, slow);
            var sums = new ExactSums(RealPrices.Shared(symbol).Close);

            var actual = Enumerable.Range(slow - 1, sums.Count - slow + 1).Select(t => sums.CompareMeans(t, fast, slow));

            Assert.Equal(expected, actual);
        }
    }

    // How many crossings doubles get wrong was also counted by a Python program: BAC 10/20 has 2 exact ties, QQQ 10/20 has 2, AIG 3/8 has 3.
    [Theory]
    [InlineData("BAC", 10, 20, 2)]
    [InlineData("QQQ", 10, 20, 2)]
    [InlineData("AIG", 3, 8, 3)]
    [InlineData("BAC", 2, 4, 27)]
    public void On_real_prices_averages_in_doubles_give_other_signals_than_decimals_and_ours_do_not(string symbol, int fast, int slow, int ties)
    {
        var closes = RealPrices.SharedDecimalCloses(symbol);
        var exact = CompareInDecimal(closes, fast, slow);
        var naive = CompareInDoubles([.. closes.Select(close => (double)close)], fast, slow);
        Assert.Equal(ties, exact.Count(sign => sign == 0));
        Assert.NotEqual(Crossings(exact), Crossings(naive));

        var parameters = new Dictionary<string, double> { ["fast"] = fast, ["slow"] = slow };
        var signals = Signals.Read(StrategyCatalog.Find("SmaCross")!, parameters, RealPrices.Shared(symbol));

        var ours = signals.Entry.ToArray().Zip(signals.Exit.ToArray(), (up, down) => up ? 1 : down ? -1 : 0).Skip(slow);
        Assert.Equal(Crossings(exact), ours);
    }

    [Fact]
    public void Decimals_of_up_to_eight_places_compare_as_whole_numbers_do()
    {
        // Few distinct ticks, so that ties are frequent.
        var gen = Gen.Select(Gen.Int[0, 8], Gen.Int[1, 1_000_000], Gen.Int[1, 12].Array[2, 60], Gen.Int[1, 20], Gen.Int[1, 20]);
        gen.Sample((places, level, steps, a, b) =>
        {
            var scale = Math.Pow(10, places);
            var prices = steps.Select(step => (level + step) / scale).ToArray();
            var sums = new ExactSums(prices);
            for (var t = Math.Max(a, b) - 1; t < prices.Length; t++)
            {
                var meanA = steps[(t + 1 - a)..(t + 1)].Sum(step => (long)level + step) * b;
                var meanB = steps[(t + 1 - b)..(t + 1)].Sum(step => (long)level + step) * a;
                Assert.Equal(meanA.CompareTo(meanB), sums.CompareMeans(t, a, b));
            }
            AssertComparedAtOnce(sums, a, b);
        });
    }

    [Fact]
    public void Prices_whose_sums_no_double_can_hold_compare_as_whole_numbers_do()
    {
        // Millions with eight decimals: the cross products need up to 59 bits, and a mean can differ by one of them.
        Gen.Select(Gen.Int[1_000_000, 9_000_000], Gen.Int[1, 3].Array[20, 60], Gen.Int[1, 20], Gen.Int[1, 20]).Sample((level, steps, a, b) =>
        {
            var ticks = steps.Select(step => level * 100_000_000L + 12_345_677 + step).ToArray();
            var sums = new ExactSums([.. ticks.Select(tick => tick / 1e8)]);
            // A price that is no decimal before the windows must not make the comparison in them a coarser one.
            var later = new ExactSums([Math.PI, .. ticks.Select(tick => tick / 1e8)]);
            for (var t = Math.Max(a, b) - 1; t < ticks.Length; t++)
            {
                var left = (Int128)ticks[(t + 1 - a)..(t + 1)].Sum() * b;
                var right = (Int128)ticks[(t + 1 - b)..(t + 1)].Sum() * a;
                Assert.Equal(left.CompareTo(right), sums.CompareMeans(t, a, b));
                Assert.Equal(left.CompareTo(right), later.CompareMeans(t + 1, a, b));
            }
            AssertComparedAtOnce(sums, a, b);
            Assert.False(later.TryCompareMeans(a, b, [], [], []));
        });
    }

    [Fact]
    public void Averages_compared_many_bars_at_a_time_are_those_compared_one_by_one_over_whole_words_of_bars()
    {
        Gen.Select(Gen.Int[1, 3].Array[1, 400], Gen.Int[1, 130], Gen.Int[1, 130]).Sample((steps, a, b) =>
            AssertComparedAtOnce(new ExactSums([.. steps.Select(step => 10 + step / 100.0)]), a, b));
    }

    [Fact]
    public void Products_that_64_bits_may_not_hold_are_not_compared_at_once()
    {
        // 10⁷ with eight decimals is 10¹⁵ ticks, and two coprime windows of 4,096 bars and of 4,095 multiply that by 1.7 · 10⁷.
        var sums = new ExactSums([.. Enumerable.Repeat(1e7, 5000)]);

        Assert.False(sums.TryCompareMeans(4096, 4095, [], [], []));
        AssertComparedAtOnce(sums, 10, 20);
    }

    private static void AssertComparedAtOnce(ExactSums sums, int a, int b)
    {
        // What stood in the masks before must not show.
        var masks = Enumerable.Range(0, 3).Select(_ => Enumerable.Repeat(ulong.MaxValue, (sums.Count + 63) / 64).ToArray()).ToArray();
        Assert.True(sums.TryCompareMeans(a, b, masks[0], masks[1], masks[2]));
        for (var t = 0; t < masks[0].Length * 64; t++)
        {
            int? sign = t < Math.Max(a, b) - 1 || t >= sums.Count ? null : sums.CompareMeans(t, a, b);
            for (var i = 0; i < 3; i++) Assert.Equal(sign == i - 1, (masks[i][t >> 6] >> t & 1) != 0);
        }
    }

    [Fact]
    public void Prices_scaled_by_a_factor_that_is_no_decimal_tie_where_the_unscaled_prices_tie()
    {
        var gen = Gen.Select(Gen.Double[1e-6, 1e4], Gen.Int[1, 9].Array[8, 60], Gen.Int[1, 6], Gen.Int[1, 8]);
        gen.Sample((factor, steps, a, b) =>
        {
            var plain = new ExactSums([.. steps.Select(step => (double)(100 + step))]);
            var scaled = new ExactSums([.. steps.Select(step => (100 + step) / 3.0 * factor)]);
            for (var t = Math.Max(a, b) - 1; t < steps.Length; t++)
                Assert.Equal(plain.CompareMeans(t, a, b), scaled.CompareMeans(t, a, b));
        });
    }

    [Fact]
    public void Doubles_that_are_no_decimals_compare_as_exact_rationals_do_when_they_differ_by_more_than_rounding()
    {
        Gen.Select(Gen.Double[0.001, 1e6].Array[10, 40], Gen.Int[1, 6], Gen.Int[1, 10]).Sample((prices, a, b) =>
        {
            var sums = new ExactSums(prices);
            for (var t = Math.Max(a, b) - 1; t < prices.Length; t++)
            {
                var (left, right) = (ExactSum(prices, t, a) * b, ExactSum(prices, t, b) * a);
                var near = BigInteger.Abs(left - right) * (BigInteger.One << 50) <= left + right;
                Assert.Equal(near ? 0 : left.CompareTo(right), sums.CompareMeans(t, a, b));
            }
        });
    }

    [Fact]
    public void One_price_that_is_no_decimal_changes_no_comparison_of_windows_without_it()
    {
        double[] decimals = [10.01, 10.02, 10.03, 10.02, 10.02, 10.02, 10.01, 10.03];
        double[] mixed = [.. decimals, Math.PI, 10.01, 10.02];
        var (plain, with) = (new ExactSums(decimals), new ExactSums(mixed));

        for (var t = 3; t < decimals.Length; t++) Assert.Equal(plain.CompareMeans(t, 2, 4), with.CompareMeans(t, 2, 4));
    }

    [Fact]
    public void Sums_that_wrap_around_compare_right_all_the_same()
    {
        // 10,000 bars of 10 million are 10^19 ticks of 10^-8, above 2^63.
        var prices = Enumerable.Range(0, 10_000).Select(t => 1e7 + t % 2).ToArray();
        var sums = new ExactSums(prices);

        Assert.Equal(0, sums.CompareMeans(9_999, 2, 4));
        Assert.Equal(1, sums.CompareMeans(9_999, 1, 4000));
        Assert.Equal(-1, sums.CompareMeans(9_998, 1, 4000));
        Assert.Equal(0, sums.CompareMeans(9_999, 4096, 2));
    }

    private static int[] CompareInDecimal(decimal[] closes, int a, int b) =>
    [
        .. Enumerable.Range(b - 1, closes.Length - b + 1)
            .Select(t => (closes[(t + 1 - a)..(t + 1)].Sum() * b).CompareTo(closes[(t + 1 - b)..(t + 1)].Sum() * a)),
    ];

    // What engines commonly do: the mean of a slice, summed in doubles.
    private static int[] CompareInDoubles(double[] closes, int a, int b)
    {
        double Mean(int t, int n)
        {
            var sum = 0.0;
            for (var i = t + 1 - n; i <= t; i++) sum += closes[i];
            return sum / n;
        }
        return [.. Enumerable.Range(b - 1, closes.Length - b + 1).Select(t => Mean(t, a).CompareTo(Mean(t, b)))];
    }

    private static int[] Crossings(int[] signs) =>
        [.. signs.Skip(1).Zip(signs, (now, before) => now != 0 && now != Math.Sign(before) ? now : 0)];

    // Every double in the range is a multiple of 2^-100.
    private static BigInteger ExactSum(double[] prices, int t, int n)
    {
        var sum = BigInteger.Zero;
        for (var i = t + 1 - n; i <= t; i++) sum += new BigInteger(prices[i] * Math.Pow(2, 100));
        return sum;
    }
}
