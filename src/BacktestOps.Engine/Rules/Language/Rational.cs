using System.Globalization;
using System.Numerics;

namespace BacktestOps.Engine.Rules.Language;

/// <summary>An exact number: a constant or a parameter of a rule, and what arithmetic makes of them.</summary>
/// <remarks>In lowest terms, the denominator above 0, so that equal numbers are equal records.</remarks>
internal readonly record struct Rational : IComparable<Rational>
{
    /// <summary>The most bits that numerator or denominator may have; arithmetic beyond it gives null.</summary>
    public const int MaxBits = 1024;

    private readonly BigInteger _denominatorLessOne;

    private Rational(BigInteger numerator, BigInteger denominator)
    {
        Numerator = numerator;
        _denominatorLessOne = denominator - 1;
    }

    /// <summary>The numerator, with the sign.</summary>
    public BigInteger Numerator { get; }

    /// <summary>The denominator, 1 or more. The default of the struct is 0/1.</summary>
    public BigInteger Denominator => _denominatorLessOne + 1;

    /// <summary>0.</summary>
    public static Rational Zero => default;

    /// <summary>1.</summary>
    public static Rational One { get; } = new(1, 1);

    /// <summary>True for a number without a fraction.</summary>
    public bool IsInteger => _denominatorLessOne.IsZero;

    /// <summary>True for 0.</summary>
    public bool IsZero => Numerator.IsZero;

    /// <summary>−1, 0 or 1.</summary>
    public int Sign => Numerator.Sign;

    /// <summary>numerator / denominator.</summary>
    /// <param name="numerator">Any whole number.</param>
    /// <param name="denominator">Any whole number but 0.</param>
    /// <returns>The quotient in lowest terms; null when it needs more than <see cref="MaxBits"/>.</returns>
    public static Rational? Create(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsOne && numerator.GetBitLength() <= MaxBits) return new Rational(numerator, denominator);
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        if (denominator.Sign < 0) divisor = -divisor;
        (numerator, denominator) = (numerator / divisor, denominator / divisor);
        return numerator.GetBitLength() > MaxBits || denominator.GetBitLength() > MaxBits ? null : new Rational(numerator, denominator);
    }

    /// <summary>The whole number.</summary>
    public static Rational From(int value) => new(value, 1);

    /// <summary>The decimal that the shortest text of a double names: 0.1 is one tenth.</summary>
    /// <param name="value">A finite number.</param>
    /// <returns>The number; null when it needs more than <see cref="MaxBits"/>.</returns>
    public static Rational? From(double value) => Parse(value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Reads digits, an optional fraction and an optional exponent.</summary>
    /// <param name="text"><c>-12.5e-3</c>, <c>1E+20</c>.</param>
    /// <returns>The number; null when it needs more than <see cref="MaxBits"/> or is no number.</returns>
    public static Rational? Parse(ReadOnlySpan<char> text)
    {
        var exponent = 0;
        var mark = text.IndexOfAny('e', 'E');
        if (mark >= 0)
        {
            if (!int.TryParse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)) return null;
            text = text[..mark];
        }
        var point = text.IndexOf('.');
        var digits = point < 0 ? text.ToString() : string.Concat(text[..point], text[(point + 1)..]);
        if (!BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return null;
        if (point >= 0) exponent -= text.Length - point - 1;
        if (Math.Abs((long)exponent) > MaxBits) return whole.IsZero ? Zero : null;
        return exponent >= 0 ? Create(whole * BigInteger.Pow(10, exponent), 1) : Create(whole, BigInteger.Pow(10, -exponent));
    }

    /// <summary>a + b, or null where it needs too many bits.</summary>
    public static Rational? Add(Rational a, Rational b) =>
        Create(a.Numerator * b.Denominator + b.Numerator * a.Denominator, a.Denominator * b.Denominator);

    /// <summary>a × b, or null where it needs too many bits.</summary>
    public static Rational? Multiply(Rational a, Rational b) => Create(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    /// <summary>1 / this; this must not be 0.</summary>
    public Rational Invert() => Numerator.Sign < 0 ? new(-Denominator, -Numerator) : new(Denominator, Numerator);

    /// <summary>−this.</summary>
    public Rational Negate() => new(-Numerator, Denominator);

    /// <inheritdoc/>
    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <summary>The nearest double, within two units of 2⁻⁵³ of its size.</summary>
    public double ToDouble()
    {
        var denominator = Denominator;
        // Both exact as doubles: the quotient is the nearest double.
        if (Numerator.GetBitLength() <= 53 && denominator.GetBitLength() <= 53) return (double)Numerator / (double)denominator;
        var shift = (int)(64 - Numerator.GetBitLength() + denominator.GetBitLength());
        var quotient = shift >= 0 ? (Numerator << shift) / denominator : Numerator / (denominator << -shift);
        return Math.ScaleB((double)quotient, -shift);
    }

    /// <inheritdoc/>
    public override string ToString() => ToDouble().ToString(CultureInfo.InvariantCulture);
}
