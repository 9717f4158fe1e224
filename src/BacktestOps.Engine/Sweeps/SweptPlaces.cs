namespace BacktestOps.Engine.Sweeps;

/// <summary>Numbers the combinations of the swept parameters that a part of a rule names.</summary>
/// <param name="Strides">For each swept parameter what a step of its value is worth in the number of a combination; 0 where it is not named.</param>
/// <param name="Count">How many combinations.</param>
internal sealed record SweptPlaces(int[] Strides, long Count)
{
    /// <summary>Numbers the combinations of some of a grid's parameters; the last one varies fastest.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="isNamed">Whether a parameter, by its number, is one of them.</param>
    /// <param name="most">The most combinations.</param>
    /// <returns>Null where there are more.</returns>
    public static SweptPlaces? Of(SweepGrid grid, Func<int, bool> isNamed, long most)
    {
        var strides = new int[grid.Dimensions];
        var count = 1L;
        for (var i = grid.Dimensions - 1; i >= 0; i--)
        {
            if (!isNamed(i)) continue;
            strides[i] = (int)count;
            count *= grid.Values[i].Length;
            if (count > most) return null;
        }
        return new(strides, count);
    }

    /// <summary>The number of the combination of a cell.</summary>
    /// <param name="at">For each swept parameter the number of its value.</param>
    public int Of(ReadOnlySpan<int> at)
    {
        var place = 0;
        for (var i = 0; i < at.Length; i++) place += at[i] * Strides[i];
        return place;
    }
}
