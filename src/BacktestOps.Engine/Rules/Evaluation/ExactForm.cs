using System.Numerics;
using BacktestOps.Engine.Indicators;
using BacktestOps.Engine.Rules.Language;

namespace BacktestOps.Engine.Rules.Evaluation;

/// <summary>How a series of decimals can be held without rounding: whole numbers over one denominator.</summary>
/// <remarks>
/// Prices are decimals; sums, differences, constant factors, averages and extremes of decimals are rational numbers with a
/// denominator that does not depend on the bar. Products and quotients of two series, square roots and recursive averages
/// have no such form. Nothing here depends on the data, so nothing after a bar can change what is said at it.
/// </remarks>
/// <param name="Bits">No numerator has more bits than this.</param>
/// <param name="Denominator">The denominator of all bars.</param>
/// <param name="Fields">The columns of the bars that take part, one bit each.</param>
/// <param name="LookBack">How many bars take part, up to the bar itself; <see cref="int.MaxValue"/> for all before it.</param>
internal sealed record ExactForm(int Bits, BigInteger Denominator, int Fields, int LookBack)
{
    /// <summary>What a signed 128-bit number holds, with a bit in hand for one more addition.</summary>
    public const int MaxBits = 126;

    private const int PriceBits = 50;

    /// <summary>The form of a column of the bars.</summary>
    public static ExactForm Price(PriceField field) => new(PriceBits, (BigInteger)TicksPerUnit(field), 1 << (int)field, 1);

    /// <summary>The form of a constant.</summary>
    public static ExactForm? Constant(Rational number) => Fit(new((int)number.Numerator.GetBitLength(), number.Denominator, 0, 0));

    /// <summary>Parts of a price or a volume that are counted as whole numbers.</summary>
    public static double TicksPerUnit(PriceField field) => field == PriceField.Volume ? 1 : ExactSums.TicksPerPrice;

    /// <summary>The form after multiplying by a number.</summary>
    public ExactForm? Times(Rational factor) =>
        Fit(this with { Bits = Bits + (int)factor.Numerator.GetBitLength(), Denominator = Denominator * factor.Denominator });

    /// <summary>The form of sums over a window, each value taken up to <paramref name="weight"/> times.</summary>
    public ExactForm? Over(int bars, int weight) =>
        Fit(this with { Bits = Bits + Log2(bars) + Log2(weight), LookBack = Saturate((long)LookBack + bars - 1) });

    /// <summary>The form some bars before.</summary>
    public ExactForm Before(int bars) => this with { LookBack = Saturate((long)LookBack + bars) };

    /// <summary>The form of sums from the first bar on.</summary>
    public ExactForm? Running() => Fit(this with { Bits = Bits + 31, LookBack = int.MaxValue });

    /// <summary>The form that holds values of both, or their sum.</summary>
    public static ExactForm? Join(ExactForm? a, ExactForm? b)
    {
        if (a is null || b is null) return null;
        var denominator = a.Denominator / BigInteger.GreatestCommonDivisor(a.Denominator, b.Denominator) * b.Denominator;
        var bits = Math.Max(
            a.Bits + (int)(denominator / a.Denominator).GetBitLength(),
            b.Bits + (int)(denominator / b.Denominator).GetBitLength());
        return Fit(new(bits + 1, denominator, a.Fields | b.Fields, Math.Max(a.LookBack, b.LookBack)));
    }

    private static ExactForm? Fit(ExactForm form) =>
        form.Bits <= MaxBits && form.Denominator.GetBitLength() <= MaxBits ? form : null;

    private static int Log2(int count) => BitOperations.Log2((uint)count) + 1;

    private static int Saturate(long bars) => (int)Math.Min(bars, int.MaxValue);
}
