using System.Numerics;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules.Language;

namespace BacktestOps.Engine.Tests.Rules;

/// <summary>
/// Reads a syntax tree bar by bar with fractions of big whole numbers, straight from the definitions and without any
/// sharing: the slow way, to hold the fast one against. It knows what stays exact: no square roots, no recursive averages.
/// </summary>
internal sealed class ReferenceEvaluator(BarSeries bars)
{
    /// <summary>A fraction; null where undefined.</summary>
    public Fraction? Number(Syntax syntax, int t) => t < 0 ? null : syntax switch
    {
        NumberSyntax number => Fraction.Parse(number.Text),
        NameSyntax name => Fraction.Of(Price(name.Name)[t]),
        LagSyntax lag => Number(lag.Series, t - (int)Number(lag.Bars, 0)!.Value.Numerator),
        UnarySyntax minus => Fraction.Of(0) - Number(minus.Operand, t),
        BinarySyntax { Operator: RuleToken.Plus } sum => Number(sum.Left, t) + Number(sum.Right, t),
        BinarySyntax { Operator: RuleToken.Minus } difference => Number(difference.Left, t) - Number(difference.Right, t),
        BinarySyntax { Operator: RuleToken.Times } product => Number(product.Left, t) * Number(product.Right, t),
        BinarySyntax { Operator: RuleToken.DividedBy } quotient => Number(quotient.Left, t) / Number(quotient.Right, t),
        CallSyntax call => Call(call, t),
        _ => throw new InvalidOperationException(syntax.ToString()),
    };

    /// <summary>True, false or null for undefined.</summary>
    public bool? Condition(Syntax syntax, int t)
    {
        switch (syntax)
        {
            case NameSyntax name:
                return name.Name == "true";
            case UnarySyntax not:
                return !Condition(not.Operand, t);
            case BinarySyntax { Operator: RuleToken.And } and:
                return Condition(and.Left, t) & Condition(and.Right, t);
            case BinarySyntax { Operator: RuleToken.Or } or:
                return Condition(or.Left, t) | Condition(or.Right, t);
            case BinarySyntax binary:
                return Holds(binary.Operator, Order(binary.Left, binary.Right, t));
            case CallSyntax crossing:
                var (a, b) = crossing.Name == "crossover" ? (0, 1) : (1, 0);
                var (now, before) = (Order(crossing.Arguments[a], crossing.Arguments[b], t), Order(crossing.Arguments[a], crossing.Arguments[b], t - 1));
                return now is null || before is null ? null : before <= 0 && now > 0;
            default:
                throw new InvalidOperationException(syntax.ToString());
        }
    }

    private int? Order(Syntax left, Syntax right, int t) =>
        Number(left, t) is { } a && Number(right, t) is { } b ? (a.Numerator * b.Denominator).CompareTo(b.Numerator * a.Denominator) : null;

    private static bool? Holds(RuleToken sign, int? order) => order is null ? null : sign switch
    {
        RuleToken.Less => order < 0,
        RuleToken.LessOrEqual => order <= 0,
        RuleToken.Greater => order > 0,
        RuleToken.GreaterOrEqual => order >= 0,
        RuleToken.Equal => order == 0,
        _ => order != 0,
    };

    private Fraction? Call(CallSyntax call, int t)
    {
        if (call.Name == "abs") return Number(call.Arguments[0], t) is { } value ? new Fraction(BigInteger.Abs(value.Numerator), value.Denominator) : null;
        if (call.Name is "min" or "max")
        {
            if (Number(call.Arguments[0], t) is not { } a || Number(call.Arguments[1], t) is not { } b) return null;
            return (a - b)!.Value.Numerator.Sign <= 0 == (call.Name == "min") ? a : b;
        }
        var window = (int)Number(call.Arguments[1], 0)!.Value.Numerator;
        if (t < window - 1) return null;
        var values = new List<Fraction>();
        for (var s = t - window + 1; s <= t; s++)
        {
            if (Number(call.Arguments[0], s) is not { } value) return null;
            values.Add(value);
        }
        return call.Name switch
        {
            "sma" => values.Aggregate(Fraction.Of(0), (sum, value) => (sum + value)!.Value) / Fraction.Of(window),
            "wma" => values.Select((value, i) => (value * Fraction.Of(i + 1))!.Value).Aggregate(Fraction.Of(0), (sum, value) => (sum + value)!.Value)
                / Fraction.Of(window * (window + 1) / 2),
            "highest" => values.Aggregate((a, b) => (a - b)!.Value.Numerator.Sign >= 0 ? a : b),
            "lowest" => values.Aggregate((a, b) => (a - b)!.Value.Numerator.Sign <= 0 ? a : b),
            _ => throw new InvalidOperationException(call.Name),
        };
    }

    private ReadOnlySpan<double> Price(string name) => name switch
    {
        "open" => bars.Open,
        "high" => bars.High,
        "low" => bars.Low,
        "close" => bars.Close,
        "volume" => bars.Volume,
        _ => throw new InvalidOperationException(name),
    };

    /// <summary>A fraction, not reduced.</summary>
    internal readonly record struct Fraction(BigInteger Numerator, BigInteger Denominator)
    {
        public static Fraction Of(double value) => Parse(((decimal)value).ToString(System.Globalization.CultureInfo.InvariantCulture));

        public static Fraction Parse(string text)
        {
            var value = decimal.Parse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture);
            var bits = decimal.GetBits(value);
            var digits = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
            return new(value < 0 ? -digits : digits, BigInteger.Pow(10, bits[3] >> 16 & 0xff));
        }

        public static Fraction? operator +(Fraction? a, Fraction? b) => a is { } x && b is { } y
            ? new Fraction(x.Numerator * y.Denominator + y.Numerator * x.Denominator, x.Denominator * y.Denominator) : null;

        public static Fraction? operator -(Fraction? a, Fraction? b) => a is { } x && b is { } y
            ? new Fraction(x.Numerator * y.Denominator - y.Numerator * x.Denominator, x.Denominator * y.Denominator) : null;

        public static Fraction? operator *(Fraction? a, Fraction? b) => a is { } x && b is { } y
            ? new Fraction(x.Numerator * y.Numerator, x.Denominator * y.Denominator) : null;

        public static Fraction? operator /(Fraction? a, Fraction? b) => a is { } x && b is { Numerator.IsZero: false } y
            ? new Fraction(x.Numerator * y.Denominator * y.Numerator.Sign, x.Denominator * BigInteger.Abs(y.Numerator)) : null;
    }
}
