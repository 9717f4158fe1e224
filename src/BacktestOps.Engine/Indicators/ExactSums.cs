using System.Numerics;
using System.Runtime.Intrinsics;

namespace BacktestOps.Engine.Indicators;

/// <summary>Running sums of a price series that compare two moving averages as exact arithmetic would.</summary>
/// <remarks>
/// <para>
/// Prices are decimals, so averages of them tie exactly now and then, and a sum of doubles breaks such ties by its rounding.
/// Here each price that is a decimal of up to eight places is held as a whole number of 10⁻⁸, and sums and the cross product
/// mean(a) ⋛ mean(b) ⇔ sum(a)·b ⋛ sum(b)·a are whole numbers, without rounding.
/// </para>
/// <para>
/// A price that is no such decimal (a scaled one, say) was rounded before it came here, so "equal" needs a bound: at most
/// five roundings (its own three factors, a division, a product) of u = 2⁻⁵³ each, one for turning the exact 64.64-bit sum into
/// a double and one for the product: 7u on each side. Two means within 8u of their sum count as equal.
/// </para>
/// <para>
/// Whether a price is a decimal is decided price by price, and which comparison is used by the prices inside the two
/// windows: nothing after bar t takes part in the comparison at t.
/// </para>
/// </remarks>
internal sealed class ExactSums
{
    /// <summary>The largest window: with prices below <see cref="MaxPrice"/> no sum can overflow.</summary>
    public const int MaxWindow = 4096;

    /// <summary>Prices must be below this, 2⁵⁰.</summary>
    public const double MaxPrice = 1L << 50;

    /// <summary>Parts that a price is counted in.</summary>
    public const double TicksPerPrice = 1e8;

    private const double MaxTicks = 1L << 50;
    private const double TwoTo64 = 18446744073709551616.0;
    private const double DecimalDoubt = 1.0 / (1L << 51);
    private const double BinaryDoubt = 1.0 / (1L << 50);

    // Element t is the sum before bar t. It may wrap around in a long series; the difference over a window is right all the same.
    private readonly long[] _ticks;
    private readonly double _ticksPerUnit;
    private readonly long _highBits;
    private readonly int[]? _undecimal;
    private readonly Int128[]? _binary;

    /// <summary>Sums the prices.</summary>
    /// <param name="prices">Numbers from 0 to below <see cref="MaxPrice"/>.</param>
    /// <param name="ticksPerUnit">Parts that a number is counted in; 1 for volumes.</param>
    /// <param name="ticks">An array for the sums, one longer than the prices, with anything in it; null for a new one.</param>
    public ExactSums(ReadOnlySpan<double> prices, double ticksPerUnit = TicksPerPrice, long[]? ticks = null)
    {
        _ticksPerUnit = ticksPerUnit;
        Count = prices.Length;
        _ticks = ticks ?? GC.AllocateUninitializedArray<long>(Count + 1);
        _ticks[0] = 0;
        var allDecimal = ReadTicks(prices, _ticks.AsSpan(1), out _highBits);
        var sum = 0L;
        foreach (ref var tick in _ticks.AsSpan(1)) tick = sum = unchecked(sum + tick);
        if (allDecimal) return;

        _undecimal = new int[Count + 1];
        _binary = new Int128[Count + 1];
        for (var t = 0; t < prices.Length; t++)
        {
            _undecimal[t + 1] = _undecimal[t] + (TryGetTicks(prices[t], out _) ? 0 : 1);
            _binary[t + 1] = unchecked(_binary[t] + (Int128)(prices[t] * TwoTo64));
        }
    }

    /// <summary>How many prices.</summary>
    public int Count { get; }

    /// <summary>Compares the means over two windows that end at one bar.</summary>
    /// <param name="t">The bar; both windows must have begun: t ≥ max(a, b) − 1.</param>
    /// <param name="a">Length of the first window, 1 to <see cref="MaxWindow"/>.</param>
    /// <param name="b">Length of the second window.</param>
    /// <returns>−1, 0 or 1 as the first mean is below, equal to or above the second.</returns>
    public int CompareMeans(int t, int a, int b)
    {
        var end = t + 1;
        if (_undecimal is not null && _undecimal[end] != _undecimal[end - Math.Max(a, b)])
            return CompareBinary(end, a, b);

        var sumA = unchecked(_ticks[end] - _ticks[end - a]);
        var sumB = unchecked(_ticks[end] - _ticks[end - b]);
        var left = (double)sumA * b;
        var right = (double)sumB * a;
        // Two roundings on each side can't turn around a difference above this; almost every bar ends here.
        if (Math.Abs(left - right) > (left + right) * DecimalDoubt) return left > right ? 1 : -1;
        return ((Int128)sumA * b).CompareTo((Int128)sumB * a);
    }

    /// <summary>Compares the means over two windows at every bar, as <see cref="CompareMeans"/> does.</summary>
    /// <param name="a">Length of the first window, 1 to <see cref="MaxWindow"/>.</param>
    /// <param name="b">Length of the second window.</param>
    /// <param name="less">Takes a bit a bar: where the first mean is below the second.</param>
    /// <param name="equal">Where they are equal.</param>
    /// <param name="greater">Where it is above.</param>
    /// <returns>False, and nothing is compared, where a price is no decimal or the products are too large for 64 bits.</returns>
    public bool TryCompareMeans(int a, int b, Span<ulong> less, Span<ulong> equal, Span<ulong> greater)
    {
        var shared = CommonDivisor(a, b);
        var (timesA, timesB) = ((long)(b / shared), (long)(a / shared));
        // No sum is above a · 2^bits, so no product above a · b / shared · 2^bits.
        if (_undecimal is not null || BitOperations.Log2((ulong)(a * timesA)) + 1 + BitOperations.Log2((ulong)_highBits) + 1 > 62) return false;
        less.Clear();
        equal.Clear();
        greater.Clear();
        for (var t = Math.Max(a, b) - 1; t < Count;)
        {
            // Whole bytes of the masks, so that no vector ends in the next word.
            if ((t & 7) == 0 && t <= Count - Vector512<long>.Count)
            {
                var end = Vector512.Create<long>(_ticks.AsSpan(t + 1));
                var left = (end - Vector512.Create<long>(_ticks.AsSpan(t + 1 - a))) * timesA;
                var right = (end - Vector512.Create<long>(_ticks.AsSpan(t + 1 - b))) * timesB;
                less[t >> 6] |= Vector512.LessThan(left, right).ExtractMostSignificantBits() << t;
                equal[t >> 6] |= Vector512.Equals(left, right).ExtractMostSignificantBits() << t;
                greater[t >> 6] |= Vector512.GreaterThan(left, right).ExtractMostSignificantBits() << t;
                t += Vector512<long>.Count;
                continue;
            }
            var sign = CompareMeans(t, a, b);
            (sign < 0 ? less : sign > 0 ? greater : equal)[t >> 6] |= 1UL << t++;
        }
        return true;
    }

    /// <summary>True when all of the last bars up to one are decimals, so that whole numbers stand for them.</summary>
    /// <param name="t">The bar.</param>
    /// <param name="lookBack">How many bars, 0 or more; those before the first do not count.</param>
    public bool AreDecimal(int t, int lookBack) =>
        _undecimal is null || _undecimal[t + 1] == _undecimal[Math.Max(0L, t + 1L - lookBack)];

    /// <summary>True when all numbers are decimals.</summary>
    public bool AllDecimal => _undecimal is null;

    /// <summary>How far the sum over a window of other numbers can lie below theirs, because each was cut to a multiple of 2⁻⁶⁴.</summary>
    /// <param name="n">Length of the window.</param>
    public static double Cut(int n) => n / TwoTo64;

    /// <summary>A decimal as a whole number of ticks.</summary>
    /// <param name="t">The bar; meaningless where <see cref="AreDecimal"/> is false.</param>
    public long Ticks(int t) => unchecked(_ticks[t + 1] - _ticks[t]);

    /// <summary>The sum over a window, within three roundings.</summary>
    /// <param name="t">The last bar of the window, n − 1 or later.</param>
    /// <param name="n">Its length, 1 to <see cref="MaxWindow"/>.</param>
    public double Sum(int t, int n)
    {
        var end = t + 1;
        return _undecimal is not null && _undecimal[end] != _undecimal[end - n]
            ? (double)unchecked(_binary![end] - _binary[end - n]) / TwoTo64
            : unchecked(_ticks[end] - _ticks[end - n]) / _ticksPerUnit;
    }

    /// <summary>The sums over a window at every bar, each as <see cref="Sum"/> gives it, to the bit.</summary>
    /// <param name="n">Length of the window, 1 to <see cref="MaxWindow"/>.</param>
    /// <param name="sums">Takes a number a bar; NaN before the first whole window.</param>
    public void Sums(int n, Span<double> sums)
    {
        sums[..Math.Min(n - 1, Count)].Fill(double.NaN);
        var t = n - 1;
        if (_undecimal is null)
        {
            var unit = Vector512.Create(_ticksPerUnit);
            for (; t + Vector512<long>.Count <= Count; t += Vector512<long>.Count)
                (Vector512.ConvertToDouble(Vector512.Create<long>(_ticks.AsSpan(t + 1)) - Vector512.Create<long>(_ticks.AsSpan(t + 1 - n))) / unit).CopyTo(sums[t..]);
        }
        for (; t < Count; t++) sums[t] = Sum(t, n);
    }

    /// <summary>The means over a window at every bar, in single precision: within 2⁻²³ of their size.</summary>
    /// <param name="n">Length of the window, 1 to <see cref="MaxWindow"/>.</param>
    /// <param name="means">Takes a number a bar; NaN before the first whole window.</param>
    public void Means(int n, Span<float> means)
    {
        means[..Math.Min(n - 1, Count)].Fill(float.NaN);
        var t = n - 1;
        if (_undecimal is null)
        {
            var scale = Vector512.Create(1 / (_ticksPerUnit * n));
            for (; t + 2 * Vector512<long>.Count <= Count; t += 2 * Vector512<long>.Count)
                Vector512.Narrow(Quotients(t, n, scale), Quotients(t + Vector512<long>.Count, n, scale)).CopyTo(means[t..]);
        }
        for (; t < Count; t++) means[t] = (float)(Sum(t, n) / n);
    }

    private Vector512<double> Quotients(int t, int n, Vector512<double> scale)
    {
        var sums = Vector512.Create<long>(_ticks.AsSpan(t + 1)) - Vector512.Create<long>(_ticks.AsSpan(t + 1 - n));
        return Vector512.ConvertToDouble(sums) * scale;
    }

    private static int CommonDivisor(int a, int b) => b == 0 ? a : CommonDivisor(b, a % b);

    private int CompareBinary(int end, int a, int b)
    {
        var left = (double)unchecked(_binary![end] - _binary[end - a]) * b;
        var right = (double)unchecked(_binary[end] - _binary[end - b]) * a;
        // Each price was cut to a multiple of 2⁻⁶⁴, which only prices below 2⁻¹¹ notice.
        var cut = 2.0 * a * b;
        if (Math.Abs(left - right) <= (left + right) * BinaryDoubt + cut) return 0;
        return left > right ? 1 : -1;
    }

    // The ticks of each price, 0 for those that are none, and all their bits in one number.
    private bool ReadTicks(ReadOnlySpan<double> prices, Span<long> ticks, out long bits)
    {
        var (t, allDecimal, all) = (0, true, Vector512<long>.Zero);
        var (unit, most) = (Vector512.Create(_ticksPerUnit), Vector512.Create(MaxTicks));
        for (; t <= prices.Length - Vector512<long>.Count; t += Vector512<long>.Count)
        {
            var price = Vector512.Create(prices[t..]);
            var whole = Vector512.Round(price * unit);
            var isTick = Vector512.LessThanOrEqual(whole, most) & Vector512.Equals(whole / unit, price);
            allDecimal &= isTick.ExtractMostSignificantBits() == 0xFF;
            var tick = Vector512.ConvertToInt64(whole & isTick);
            all |= tick;
            tick.CopyTo(ticks[t..]);
        }
        bits = 0;
        for (; t < prices.Length; t++)
        {
            allDecimal &= TryGetTicks(prices[t], out ticks[t]);
            bits |= ticks[t];
        }
        for (var lane = 0; lane < Vector512<long>.Count; lane++) bits |= all[lane];
        return allDecimal;
    }

    // Both numbers of the quotient are exact doubles, so it is the double nearest to the decimal: what parsing its text gives.
    private bool TryGetTicks(double price, out long ticks)
    {
        var whole = Math.Round(price * _ticksPerUnit);
        if (whole <= MaxTicks && whole / _ticksPerUnit == price)
        {
            ticks = (long)whole;
            return true;
        }
        ticks = 0;
        return false;
    }
}
