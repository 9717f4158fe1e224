using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BacktestOps.Engine.Rules.Evaluation;

namespace BacktestOps.Engine.Sweeps;

/// <summary>Reads the masks of entry and exit for one variant after the other; one for each thread.</summary>
internal sealed class MaskReader
{
    // Words before the first, so that a step may look at the word before: zero, always.
    private const int Margin = 8;

    // Of comparisons that many variants share, so many words are kept: more would not stay near the processor.
    private const long MostKept = 1 << 17;

    private readonly MaskPlan _plan;
    private readonly PlanColumns _columns;
    private readonly int[] _places;
    private readonly ulong[] _masks;
    private readonly int[] _begins;
    private readonly Kept?[] _kept;
    private readonly int _words, _stride;

    /// <summary>Makes room.</summary>
    public MaskReader(MaskPlan plan, PlanColumns columns)
    {
        (_plan, _columns) = (plan, columns);
        _places = new int[plan.Slots.Count];
        _words = ConditionColumn.Words(columns.Count);
        _stride = Margin + (_words + 7) / 8 * 8;
        _begins = [.. Enumerable.Range(0, plan.Masks).Select(mask => mask * _stride + Margin)];
        _kept = new Kept?[plan.Pairs.Count];
        var words = (long)plan.Masks * _stride;
        for (var pair = 0; pair < _kept.Length; pair++)
        {
            var room = (MostKept + (long)plan.Masks * _stride - words) / (3 * _stride);
            if (plan.PlacesOf(pair, room) is not { } places) continue;
            _kept[pair] = new Kept(places, (int)words, new bool[places.Count]);
            words += places.Count * 3 * _stride;
        }
        _masks = new ulong[Math.Max(_stride, words)];
    }

    /// <summary>The bars at which the entry rule holds, after <see cref="Read"/>.</summary>
    public ReadOnlySpan<ulong> Entry => Mask(_plan.Entry);

    /// <summary>The bars at which the exit rule holds, after <see cref="Read"/>.</summary>
    public ReadOnlySpan<ulong> Exit => Mask(_plan.Exit);

    /// <summary>Reads both rules for a variant.</summary>
    /// <param name="at">For each swept parameter the number of its value.</param>
    public void Read(ReadOnlySpan<int> at)
    {
        for (var slot = 0; slot < _places.Length; slot++) _places[slot] = _plan.Slots[slot].Places.Of(at);
        var steps = _plan.Steps;
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            switch (step.Operation)
            {
                case MaskOperation.Compare:
                    Compare(step, at);
                    break;
                case MaskOperation.Test:
                    Constant(Mask(step.Target), _plan.Tests[step.A].Holds(at));
                    break;
                default:
                    Combine(step);
                    break;
            }
        }
    }

    private Span<ulong> Mask(int mask) => _masks.AsSpan(_begins[mask], _words);

    private void Compare(MaskStep step, ReadOnlySpan<int> at)
    {
        var (kept, place) = (_kept[step.A], 0);
        if (kept is not null)
        {
            place = kept.Places.Of(at);
            var begin = kept.First + place * 3 * _stride + Margin;
            (_begins[step.Target], _begins[step.Target + 1], _begins[step.Target + 2]) = (begin, begin + _stride, begin + 2 * _stride);
            if (kept.IsMade[place]) return;
        }
        _columns.Compare(step.A, _places, Mask(step.Target), Mask(step.Target + 1), Mask(step.Target + 2));
        if (kept is not null) kept.IsMade[place] = true;
    }

    private void Constant(Span<ulong> mask, bool value)
    {
        mask.Fill(value ? ulong.MaxValue : 0);
        if (value && (_columns.Count & 63) != 0) mask[^1] = (1UL << (_columns.Count & 63)) - 1;
    }

    private void Combine(MaskStep step)
    {
        ref var a = ref _masks[_begins[step.A]];
        ref var b = ref _masks[_begins[step.B]];
        ref var target = ref _masks[_begins[step.Target]];
        for (nuint i = 0; i < (nuint)_words; i += 8)
        {
            var x = Vector512.LoadUnsafe(ref a, i);
            var y = Vector512.LoadUnsafe(ref b, i);
            var made = step.Operation switch
            {
                MaskOperation.And => x & y,
                MaskOperation.Or => x | y,
                MaskOperation.AndNot => Vector512.AndNot(x, y),
                MaskOperation.Cross => x & Before(ref a, ref b, i, Vector512.AndNot(y, x)),
                _ => (Vector512.AndNot(y, x) & Earlier(ref b, i, y)) | (x & Earlier(ref a, i, x)),
            };
            made.StoreUnsafe(ref target, i);
        }
    }

    // Defined and not above at the bar before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Before(ref ulong above, ref ulong defined, nuint i, Vector512<ulong> now)
    {
        ref var wordBefore = ref Unsafe.Subtract(ref above, 1);
        ref var definedBefore = ref Unsafe.Subtract(ref defined, 1);
        var before = Vector512.AndNot(Vector512.LoadUnsafe(ref definedBefore, i), Vector512.LoadUnsafe(ref wordBefore, i));
        return now << 1 | before >>> 63;
    }

    // The same at the bar before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Earlier(ref ulong mask, nuint i, Vector512<ulong> now) =>
        now << 1 | Vector512.LoadUnsafe(ref Unsafe.Subtract(ref mask, 1), i) >>> 63;

    // What a pair's comparisons gave: three masks for each that differs, from a word on.
    private sealed record Kept(SweptPlaces Places, int First, bool[] IsMade);
}
