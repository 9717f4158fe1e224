using BacktestOps.Engine.Indicators;
using BacktestOps.Engine.Rules.Language;

namespace BacktestOps.Engine.Rules.Evaluation;

/// <summary>Arithmetic on series, bar by bar, and what it does to their error bounds.</summary>
internal static class ColumnArithmetic
{
    private const double Rounding = Precision.Rounding;

    /// <summary>
    /// How far a price can lie from the price that was meant: a decimal is one rounding away, a price that was scaled before
    /// it came here up to five (its own three factors, a division, a product).
    /// </summary>
    public const double PriceDoubt = 5 * Rounding;

    /// <summary>The value some bars before.</summary>
    public static Column Lag(Column x, int bars) => new(Shift(x.Values, bars), x.Errors with { Absolute = Shift(x.Errors.Absolute, bars) });

    /// <summary>x × factor.</summary>
    /// <param name="x">The series.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="values">An array for the answer, with anything in it.</param>
    public static Column Scale(Column x, Rational factor, double[] values)
    {
        var size = Math.Abs(factor.ToDouble());
        var error = x.Errors.Relative + 4 * Rounding;
        // A quotient by a whole number rounds once, a product with its inverse twice.
        if (factor.Numerator.IsOne && factor.Denominator.GetBitLength() <= 53)
            Elementwise.Apply<DivideOperation>(x.Values, (double)factor.Denominator, values);
        else
            Elementwise.Apply<MultiplyOperation>(x.Values, factor.ToDouble(), values);
        return new(values, new(error, Scaled(x.Errors.Absolute, size * (1 + 8 * Rounding))));
    }

    /// <summary>|x|.</summary>
    public static Column Absolute(Column x)
    {
        var values = new double[x.Values.Length];
        for (var t = 0; t < values.Length; t++) values[t] = Math.Abs(x.Values[t]);
        return x with { Values = values };
    }

    /// <summary>a + b.</summary>
    /// <param name="a">The first series.</param>
    /// <param name="b">The second series.</param>
    /// <param name="areNonNegative">True when no number of either can be below 0, so that nothing cancels.</param>
    public static Column Add(Column a, Column b, bool areNonNegative)
    {
        var values = Apply<AddOperation>(a, b);
        var errors = areNonNegative && a.Errors.Absolute is null && b.Errors.Absolute is null
            ? new ErrorBound(Math.Max(a.Errors.Relative, b.Errors.Relative) + Rounding)
            : new ErrorBound(Rounding, Errors(a, b, static (left, leftError, right, rightError) => leftError + rightError));
        return new(values, errors);
    }

    /// <summary>a − b.</summary>
    public static Column Subtract(Column a, Column b) => new(
        Apply<SubtractOperation>(a, b),
        new(Rounding, Errors(a, b, static (left, leftError, right, rightError) => leftError + rightError)));

    /// <summary>a × b.</summary>
    public static Column Multiply(Column a, Column b) => new(
        Apply<MultiplyOperation>(a, b),
        a.Errors.Absolute is null && b.Errors.Absolute is null
            ? new(a.Errors.Relative + b.Errors.Relative + 2 * Rounding)
            : new(Rounding, Errors(a, b, static (left, leftError, right, rightError) =>
                Math.Abs(left) * rightError + Math.Abs(right) * leftError + leftError * rightError)));

    /// <summary>a / b, undefined where b can't be told from 0.</summary>
    public static Column Divide(Column a, Column b)
    {
        var divisors = (double[])b.Values.Clone();
        for (var t = 0; t < divisors.Length; t++)
        {
            if (Math.Abs(divisors[t]) <= b.Errors.At(t, divisors[t])) divisors[t] = double.NaN;
        }
        var values = new double[divisors.Length];
        Elementwise.Apply<DivideOperation>(a.Values, divisors, values);
        if (a.Errors.Absolute is null && b.Errors.Absolute is null)
            return new(values, new(a.Errors.Relative + b.Errors.Relative + 2 * Rounding));
        return new(values, new(2 * Rounding, Errors(a, b, static (left, leftError, right, rightError) =>
            (leftError + Math.Abs(left / right) * rightError) / (Math.Abs(right) - rightError))));
    }

    /// <summary>The smaller or the larger one.</summary>
    public static Column Extreme<TOperation>(Column a, Column b)
        where TOperation : IPairOperation =>
        new(Apply<TOperation>(a, b), Larger(a, b));

    /// <summary>a where the condition holds, b where it fails.</summary>
    public static Column Choose(ConditionColumn condition, Column a, Column b)
    {
        var values = new double[a.Values.Length];
        for (var t = 0; t < values.Length; t++)
            values[t] = condition.HoldsAt(t) ? a.Values[t] : condition.FailsAt(t) ? b.Values[t] : double.NaN;
        return new(values, Larger(a, b));
    }

    /// <summary>a where it is defined, else b.</summary>
    public static Column OrElse(Column a, Column b)
    {
        var values = new double[a.Values.Length];
        for (var t = 0; t < values.Length; t++) values[t] = double.IsNaN(a.Values[t]) ? b.Values[t] : a.Values[t];
        return new(values, Larger(a, b));
    }

    // What is chosen is one of the two, or lies within both bounds of them.
    private static ErrorBound Larger(Column a, Column b)
    {
        var relative = Math.Max(a.Errors.Relative, b.Errors.Relative);
        if (a.Errors.Absolute is null && b.Errors.Absolute is null) return new(relative);
        return new(0, Errors(a, b, static (left, leftError, right, rightError) =>
            double.IsNaN(left) ? rightError : double.IsNaN(right) ? leftError : Math.Max(leftError, rightError)));
    }

    private static double[] Apply<TOperation>(Column a, Column b)
        where TOperation : IPairOperation
    {
        var values = new double[a.Values.Length];
        Elementwise.Apply<TOperation>(a.Values, b.Values, values);
        return values;
    }

    private static double[] Errors(Column a, Column b, Func<double, double, double, double, double> bound)
    {
        var errors = new double[a.Values.Length];
        for (var t = 0; t < errors.Length; t++)
        {
            var (left, right) = (a.Values[t], b.Values[t]);
            errors[t] = bound(left, a.Errors.At(t, left), right, b.Errors.At(t, right));
        }
        return errors;
    }

    private static double[]? Scaled(double[]? errors, double factor)
    {
        if (errors is null) return null;
        var scaled = new double[errors.Length];
        for (var t = 0; t < scaled.Length; t++) scaled[t] = errors[t] * factor;
        return scaled;
    }

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(values))]
    private static double[]? Shift(double[]? values, int bars)
    {
        if (values is null) return null;
        var shifted = new double[values.Length];
        bars = Math.Min(bars, values.Length);
        Array.Fill(shifted, double.NaN, 0, bars);
        Array.Copy(values, 0, shifted, bars, values.Length - bars);
        return shifted;
    }
}
