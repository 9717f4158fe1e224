using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BacktestOps.Engine.Indicators;

/// <summary>An operation on two numbers, and on four pairs at once with the same results to the bit.</summary>
internal interface IPairOperation
{
    /// <summary>The result for a pair.</summary>
    static abstract double Apply(double a, double b);

    /// <summary>The results for four pairs.</summary>
    static abstract Vector256<double> Apply(Vector256<double> a, Vector256<double> b);
}

/// <summary>Arithmetic bar by bar. A result larger than <see cref="Precision.Largest"/> in size is undefined.</summary>
internal static class Elementwise
{
    /// <summary>Applies the operation to two series.</summary>
    /// <param name="a">First numbers.</param>
    /// <param name="b">Second numbers, as many.</param>
    /// <param name="results">Takes the results; it may be one of the inputs.</param>
    public static void Apply<TOperation>(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> results)
        where TOperation : IPairOperation
    {
        var vectorsA = MemoryMarshal.Cast<double, Vector256<double>>(a);
        var vectorsB = MemoryMarshal.Cast<double, Vector256<double>>(b);
        var vectors = MemoryMarshal.Cast<double, Vector256<double>>(results);
        for (var i = 0; i < vectors.Length; i++) vectors[i] = Limit(TOperation.Apply(vectorsA[i], vectorsB[i]));
        for (var t = vectors.Length * Vector256<double>.Count; t < results.Length; t++) results[t] = Limit(TOperation.Apply(a[t], b[t]));
    }

    /// <summary>Applies the operation to a series and one number.</summary>
    /// <param name="a">First numbers.</param>
    /// <param name="b">The second number of every pair.</param>
    /// <param name="results">Takes the results; it may be the input.</param>
    public static void Apply<TOperation>(ReadOnlySpan<double> a, double b, Span<double> results)
        where TOperation : IPairOperation
    {
        var vectorsA = MemoryMarshal.Cast<double, Vector256<double>>(a);
        var vectors = MemoryMarshal.Cast<double, Vector256<double>>(results);
        var vectorB = Vector256.Create(b);
        for (var i = 0; i < vectors.Length; i++) vectors[i] = Limit(TOperation.Apply(vectorsA[i], vectorB));
        for (var t = vectors.Length * Vector256<double>.Count; t < results.Length; t++) results[t] = Limit(TOperation.Apply(a[t], b));
    }

    /// <summary>Makes numbers that are too large undefined.</summary>
    public static void Limit(Span<double> values) => Apply<First>(values, 0, values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Limit(double value) => Math.Abs(value) <= Precision.Largest ? value : double.NaN;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Limit(Vector256<double> value) => Vector256.ConditionalSelect(
        Vector256.LessThanOrEqual(Vector256.Abs(value), Vector256.Create(Precision.Largest)), value, Vector256.Create(double.NaN));

    private readonly struct First : IPairOperation
    {
        public static double Apply(double a, double b) => a;

        public static Vector256<double> Apply(Vector256<double> a, Vector256<double> b) => a;
    }
}

/// <summary>a + b.</summary>
internal readonly struct AddOperation : IPairOperation
{
    /// <inheritdoc/>
    public static double Apply(double a, double b) => a + b;

    /// <inheritdoc/>
    public static Vector256<double> Apply(Vector256<double> a, Vector256<double> b) => a + b;
}

/// <summary>a − b.</summary>
internal readonly struct SubtractOperation : IPairOperation
{
    /// <inheritdoc/>
    public static double Apply(double a, double b) => a - b;

    /// <inheritdoc/>
    public static Vector256<double> Apply(Vector256<double> a, Vector256<double> b) => a - b;
}

/// <summary>a × b.</summary>
internal readonly struct MultiplyOperation : IPairOperation
{
    /// <inheritdoc/>
    public static double Apply(double a, double b) => a * b;

    /// <inheritdoc/>
    public static Vector256<double> Apply(Vector256<double> a, Vector256<double> b) => a * b;
}

/// <summary>a / b; no number where b is 0.</summary>
internal readonly struct DivideOperation : IPairOperation
{
    /// <inheritdoc/>
    public static double Apply(double a, double b) => a / b;

    /// <inheritdoc/>
    public static Vector256<double> Apply(Vector256<double> a, Vector256<double> b) => a / b;
}

/// <summary>The smaller of two, undefined where one is.</summary>
internal readonly struct MinimumOperation : IPairOperation
{
    /// <inheritdoc/>
    public static double Apply(double a, double b) => Math.Min(a, b);

    /// <inheritdoc/>
    public static Vector256<double> Apply(Vector256<double> a, Vector256<double> b) => Vector256.Min(a, b);
}

/// <summary>The larger of two, undefined where one is.</summary>
internal readonly struct MaximumOperation : IPairOperation
{
    /// <inheritdoc/>
    public static double Apply(double a, double b) => Math.Max(a, b);

    /// <inheritdoc/>
    public static Vector256<double> Apply(Vector256<double> a, Vector256<double> b) => Vector256.Max(a, b);
}
