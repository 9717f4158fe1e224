using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BacktestOps.Engine.Indicators;

namespace BacktestOps.Engine.Rules.Evaluation;

/// <summary>The one comparison of rules: equal is what is equal in exact arithmetic.</summary>
/// <remarks>
/// Two doubles that lie further apart than their error bounds are in the order of the exact numbers. The others, next to
/// none, are in doubt: where both series can be held without rounding they are compared so, else they count as equal.
/// </remarks>
internal static class Comparison
{
    // The bounds themselves were rounded.
    private const double Slack = 1 + 1.0 / (1 << 20);

    /// <summary>Compares two series at every bar.</summary>
    /// <param name="a">The first series.</param>
    /// <param name="b">The second series, as long.</param>
    /// <param name="decide">Asked at a bar that is in doubt: the sign of first − second, 0 when that can't be told.</param>
    /// <param name="answer">Takes the answer.</param>
    public static void Compare(Column a, Column b, Func<int, int> decide, Ordering answer)
    {
        for (var word = 0; word < answer.Less.Length; word++)
            (answer.Less[word], answer.Equal[word], answer.Greater[word]) = CompareWord(a, b, word, decide);
    }

    /// <summary>Compares two series at 64 bars.</summary>
    /// <param name="a">The first series.</param>
    /// <param name="b">The second series, as long.</param>
    /// <param name="word">The number of the word: bars 64·word on.</param>
    /// <param name="decide">As above.</param>
    public static (ulong Less, ulong Equal, ulong Greater) CompareWord(Column a, Column b, int word, Func<int, int> decide)
    {
        var start = word << 6;
        ulong below, above, doubt, equal = 0;
        if (start + 64 <= a.Values.Length) CompareWord(a, b, start, out below, out above, out doubt);
        else CompareTail(a, b, start, out below, out above, out doubt);
        for (; doubt != 0; doubt &= doubt - 1)
        {
            var bit = doubt & (0 - doubt);
            var sign = decide(start + System.Numerics.BitOperations.TrailingZeroCount(doubt));
            if (sign < 0) below |= bit;
            else if (sign > 0) above |= bit;
            else equal |= bit;
        }
        return (below, equal, above);
    }

    private static void CompareWord(Column a, Column b, int start, out ulong below, out ulong above, out ulong doubt)
    {
        var left = Vectors(a.Values, start);
        var right = Vectors(b.Values, start);
        var leftErrors = Vectors(a.Errors.Absolute, start);
        var rightErrors = Vectors(b.Errors.Absolute, start);
        var leftRelative = Vector256.Create(a.Errors.Relative * Slack);
        var rightRelative = Vector256.Create(b.Errors.Relative * Slack);
        (below, above, doubt) = (0, 0, 0);
        for (var i = 0; i < left.Length; i++)
        {
            var apart = left[i] - right[i];
            // Added so that both orders of the two series round alike.
            var error = Vector256.Abs(left[i]) * leftRelative + Vector256.Abs(right[i]) * rightRelative + Vector256.Create(Precision.Smallest);
            var absolute = Vector256<double>.Zero;
            if (!leftErrors.IsEmpty) absolute += leftErrors[i] * Slack;
            if (!rightErrors.IsEmpty) absolute += rightErrors[i] * Slack;
            error += absolute;
            var shift = i * Vector256<double>.Count;
            below |= (ulong)Vector256.LessThan(apart, -error).ExtractMostSignificantBits() << shift;
            above |= (ulong)Vector256.GreaterThan(apart, error).ExtractMostSignificantBits() << shift;
            doubt |= (ulong)Vector256.LessThanOrEqual(Vector256.Abs(apart), error).ExtractMostSignificantBits() << shift;
        }
    }

    private static void CompareTail(Column a, Column b, int start, out ulong below, out ulong above, out ulong doubt)
    {
        (below, above, doubt) = (0, 0, 0);
        for (var t = start; t < a.Values.Length; t++)
        {
            var apart = a.Values[t] - b.Values[t];
            // In the very steps of the vectors: the end of a series must not decide otherwise than its middle.
            var error = Math.Abs(a.Values[t]) * (a.Errors.Relative * Slack) + Math.Abs(b.Values[t]) * (b.Errors.Relative * Slack) + Precision.Smallest;
            var absolute = 0.0;
            if (a.Errors.Absolute is not null) absolute += a.Errors.Absolute[t] * Slack;
            if (b.Errors.Absolute is not null) absolute += b.Errors.Absolute[t] * Slack;
            error += absolute;
            var bit = 1UL << (t - start);
            if (apart < -error) below |= bit;
            else if (apart > error) above |= bit;
            else if (Math.Abs(apart) <= error) doubt |= bit;
        }
    }

    private static ReadOnlySpan<Vector256<double>> Vectors(double[]? values, int start) =>
        values is null ? default : MemoryMarshal.Cast<double, Vector256<double>>(values.AsSpan(start, 64));
}
