namespace BacktestOps.Engine.Sweeps;

/// <summary>Gives the variants of a sweep in their order, without keeping them.</summary>
public sealed class VariantCursor
{
    private readonly SweepGrid _grid;
    private readonly int[] _at;
    private readonly bool _draws;
    private ulong _random;
    private long _cell, _left, _wanted;

    /// <summary>Stands before the first variant.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="variants">How many of its cells are variants.</param>
    /// <param name="sample">How many of them to draw; as many or more gives all.</param>
    /// <param name="seed">Seed of the draw.</param>
    internal VariantCursor(SweepGrid grid, long variants, long sample, long seed)
    {
        _grid = grid;
        _at = new int[grid.Dimensions];
        (_left, _wanted, _random) = (variants, Math.Min(sample, variants), unchecked((ulong)seed));
        _draws = _wanted < variants;
    }

    /// <summary>Gives the next variants.</summary>
    /// <param name="cells">Takes their cells, ascending.</param>
    /// <returns>How many; fewer than there is room for only at the end.</returns>
    public int Read(Span<long> cells)
    {
        var count = 0;
        while (count < cells.Length && _wanted > 0)
        {
            if (_grid.IsVariant(_at) && IsDrawn()) cells[count++] = _cell;
            _grid.Advance(_at);
            _cell++;
        }
        return count;
    }

    // Knuth, The Art of Computer Programming, vol. 2, 3.4.2, algorithm S: each variant with the chance needed / left, so that
    // every set of the size wanted is as likely as any other, and nothing is kept.
    private bool IsDrawn()
    {
        var drawn = !_draws || (long)(UInt128.CreateTruncating(Next()) * (ulong)_left >> 64) < _wanted;
        _left--;
        if (drawn) _wanted--;
        return drawn;
    }

    // Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014: SplitMix64.
    private ulong Next()
    {
        unchecked
        {
            var z = _random += 0x9E3779B97F4A7C15;
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
            z = (z ^ z >> 27) * 0x94D049BB133111EB;
            return z ^ z >> 31;
        }
    }
}
