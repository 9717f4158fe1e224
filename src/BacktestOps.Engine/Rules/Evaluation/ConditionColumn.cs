using System.Numerics;

namespace BacktestOps.Engine.Rules.Evaluation;

/// <summary>A condition at every bar as two bit masks: bit t % 64 of word t / 64 belongs to bar t.</summary>
/// <remarks>
/// A bar that is in neither mask is undefined: the condition rests on something that is not known there. Undefined is not
/// true, and neither is its negation (Kleene's three-valued logic), so that nothing that is not known ever gives a signal.
/// </remarks>
/// <param name="Holds">Bars at which it is true. Shared: never written after it is made.</param>
/// <param name="Fails">Bars at which it is false.</param>
/// <param name="Count">How many bars.</param>
internal sealed record ConditionColumn(ulong[] Holds, ulong[] Fails, int Count)
{
    /// <summary>Words for a number of bars.</summary>
    public static int Words(int count) => (count + 63) >> 6;

    /// <summary>True or false at every bar.</summary>
    public static ConditionColumn Constant(bool value, int count)
    {
        var all = new ulong[Words(count)];
        Array.Fill(all, ulong.MaxValue);
        if ((count & 63) != 0) all[^1] = (1UL << (count & 63)) - 1;
        var none = new ulong[all.Length];
        return value ? new(all, none, count) : new(none, all, count);
    }

    /// <summary>True where both are; false where one is.</summary>
    public static ConditionColumn And(ConditionColumn a, ConditionColumn b) =>
        new(Both(a.Holds, b.Holds), Either(a.Fails, b.Fails), a.Count);

    /// <summary>True where one is; false where both are.</summary>
    public static ConditionColumn Or(ConditionColumn a, ConditionColumn b) =>
        new(Either(a.Holds, b.Holds), Both(a.Fails, b.Fails), a.Count);

    /// <summary>True where it is false, false where it is true.</summary>
    public ConditionColumn Not() => new(Fails, Holds, Count);

    /// <summary>True when it holds at a bar.</summary>
    public bool HoldsAt(int t) => (Holds[t >> 6] >> (t & 63) & 1) != 0;

    /// <summary>True when it fails at a bar.</summary>
    public bool FailsAt(int t) => (Fails[t >> 6] >> (t & 63) & 1) != 0;

    /// <summary>The first bar from one on whose bit is set.</summary>
    /// <param name="mask">Bars.</param>
    /// <param name="from">The first bar looked at.</param>
    /// <param name="end">The bar after the last that is looked at.</param>
    /// <returns>The bar; the end where there is none.</returns>
    public static int Next(ReadOnlySpan<ulong> mask, int from, int end)
    {
        if (from >= end) return end;
        var word = from >> 6;
        var bits = mask[word] & ulong.MaxValue << (from & 63);
        while (bits == 0)
        {
            if (++word << 6 >= end) return end;
            bits = mask[word];
        }
        return Math.Min(end, (word << 6) + BitOperations.TrailingZeroCount(bits));
    }

    /// <summary>Bits that are set in both.</summary>
    public static ulong[] Both(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        var answer = new ulong[a.Length];
        for (var i = 0; i < answer.Length; i++) answer[i] = a[i] & b[i];
        return answer;
    }

    /// <summary>Bits that are set in one or the other.</summary>
    public static ulong[] Either(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        var answer = new ulong[a.Length];
        for (var i = 0; i < answer.Length; i++) answer[i] = a[i] | b[i];
        return answer;
    }
}
