namespace BacktestOps.Engine.Indicators;

/// <summary>What doubles can and can't tell apart.</summary>
internal static class Precision
{
    /// <summary>Half the distance from 1 to the next double: the most that rounding moves a number, as part of its size.</summary>
    public const double Rounding = 1.0 / (1L << 53);

    /// <summary>A number larger than this in size is undefined, so that no sum or square of numbers overflows.</summary>
    public const double Largest = 1e100;

    /// <summary>Numbers closer than this count as equal: below it, rounding is no longer a part of the size.</summary>
    public const double Smallest = 1e-250;
}

/// <summary>How far the numbers of a series can lie from what exact arithmetic gives.</summary>
/// <param name="Relative">As part of the number's size.</param>
/// <param name="Absolute">To be added, one element a bar; null for 0.</param>
internal readonly record struct ErrorBound(double Relative, double[]? Absolute = null)
{
    /// <summary>The bound at one bar.</summary>
    /// <param name="t">The bar.</param>
    /// <param name="value">The number there.</param>
    public double At(int t, double value) => Absolute is null ? Relative * Math.Abs(value) : Relative * Math.Abs(value) + Absolute[t];
}
