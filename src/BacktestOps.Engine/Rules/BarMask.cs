using System.Numerics;
using BacktestOps.Engine.Rules.Evaluation;

namespace BacktestOps.Engine.Rules;

/// <summary>Some of the bars of a series, a bit each: bit t % 64 of word t / 64 belongs to bar t.</summary>
/// <remarks>An eighth of what a Boolean a bar takes, so that what the rules say of hundreds of symbols stays near the processor.</remarks>
/// <param name="words">The bits; none is set beyond the last bar. Kept, not copied.</param>
/// <param name="count">How many bars.</param>
internal readonly struct BarMask(ulong[] words, int count)
{
    // Null in the default: a mask of no bar, as of a side that is never traded.
    private readonly ulong[]? _words = words;

    /// <summary>How many bars.</summary>
    public int Count { get; } = count;

    /// <summary>True when a bar is among them.</summary>
    public bool this[int bar] => _words is not null && (_words[bar >> 6] >> bar & 1) != 0;

    /// <summary>The bars that are true.</summary>
    public static BarMask Of(ReadOnlySpan<bool> bars)
    {
        var words = new ulong[ConditionColumn.Words(bars.Length)];
        for (var t = 0; t < bars.Length; t++)
        {
            if (bars[t]) words[t >> 6] |= 1UL << t;
        }
        return new(words, bars.Length);
    }

    /// <summary>How many are among them.</summary>
    public int CountSet()
    {
        var set = 0;
        foreach (var word in _words ?? []) set += BitOperations.PopCount(word);
        return set;
    }

    /// <summary>The first of them from one bar on; <see cref="int.MaxValue"/> where there is none.</summary>
    public int Next(int bar)
    {
        var found = ConditionColumn.Next(_words, bar, Count);
        return found < Count ? found : int.MaxValue;
    }

    /// <summary>True for those that are among them, one element a bar.</summary>
    public bool[] ToArray()
    {
        var bars = new bool[Count];
        for (var t = Next(0); t < Count; t = Next(t + 1)) bars[t] = true;
        return bars;
    }
}
