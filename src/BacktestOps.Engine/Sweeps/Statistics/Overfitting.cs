using BacktestOps.Engine.Indicators;

namespace BacktestOps.Engine.Sweeps;

/// <summary>The probability of backtest overfitting, by combinatorially symmetric cross-validation.</summary>
/// <remarks>
/// Bailey, Borwein, López de Prado and Zhu, "The Probability of Backtest Overfitting", J. Computational Finance 20(4), 2017. The bars
/// are cut into an even number of blocks. For every half of the blocks the variant with the largest Sharpe ratio there is looked
/// up in the other half, where its relative rank is ω = rank / (N + 1); the probability is the share of the halves with
/// logit(ω) ≤ 0, that is ω ≤ ½. A Sharpe ratio needs only the sums of the returns and of their squares, which add up over blocks.
/// </remarks>
internal sealed class Overfitting
{
    /// <summary>Blocks, as in the paper's examples: 12,870 halves.</summary>
    public const int Blocks = 16;

    /// <summary>The most variants that are looked at.</summary>
    public const int MaxVariants = 500;

    private readonly List<double[]> _sums = [];
    private readonly List<double[]> _squares = [];
    private readonly int[] _counts;

    /// <summary>Prepares for curves of a length.</summary>
    /// <param name="returns">Returns of each variant.</param>
    /// <param name="blocks">An even number of blocks.</param>
    public Overfitting(int returns, int blocks = Blocks)
    {
        _counts = new int[blocks];
        for (var t = 0; t < returns; t++) _counts[BlockOf(t, returns)]++;
    }

    /// <summary>How many variants were added.</summary>
    public int Count => _sums.Count;

    /// <summary>True when each block has returns enough.</summary>
    public bool IsPossible => _counts.All(count => count >= 2);

    /// <summary>Adds a variant.</summary>
    /// <param name="returns">Its returns, as many as were announced.</param>
    public void Add(ReadOnlySpan<double> returns)
    {
        var (sums, squares) = (new double[_counts.Length], new double[_counts.Length]);
        for (var t = 0; t < returns.Length; t++)
        {
            var block = BlockOf(t, returns.Length);
            sums[block] += returns[t];
            squares[block] += returns[t] * returns[t];
        }
        _sums.Add(sums);
        _squares.Add(squares);
    }

    /// <summary>The probability; null with fewer than two variants or bars that are too few.</summary>
    public double? Probability(CancellationToken cancellationToken = default)
    {
        if (Count < 2 || !IsPossible) return null;
        var (sums, squares) = (Turn(_sums), Turn(_squares));
        var (one, other) = (new Half(Count), new Half(Count));
        var (halves, overfitted) = (0, 0);
        // Each way to halve the blocks is looked at from both sides; the block with the highest number tells them apart.
        for (var half = 0u; half < 1u << (_counts.Length - 1); half++)
        {
            if (System.Numerics.BitOperations.PopCount(half) != _counts.Length / 2) continue;
            if ((halves & 255) == 0) cancellationToken.ThrowIfCancellationRequested();
            one.Measure(half, sums, squares, _counts);
            other.Measure(~half, sums, squares, _counts);
            if (IsOverfitted(one.Ratios, other.Ratios)) overfitted++;
            if (IsOverfitted(other.Ratios, one.Ratios)) overfitted++;
            halves += 2;
        }
        return (double)overfitted / halves;
    }

    private static bool IsOverfitted(double[] inside, double[] outside)
    {
        var best = outside[Array.IndexOf(inside, inside.Max())];
        var (below, same) = (0, 0);
        foreach (var ratio in outside)
        {
            below += ratio < best ? 1 : 0;
            same += ratio == best ? 1 : 0;
        }
        // Equals share the ranks that they take; the one itself is among them.
        return (below + (same + 1) / 2.0) / (outside.Length + 1) <= 0.5;
    }

    // By block instead of by variant, so that a block of all variants is added at once.
    private double[][] Turn(List<double[]> byVariant) =>
        [.. Enumerable.Range(0, _counts.Length).Select(block => byVariant.Select(blocks => blocks[block]).ToArray())];

    private int BlockOf(int t, int returns) => (int)((long)t * _counts.Length / returns);

    /// <summary>Some of the blocks, for all variants.</summary>
    private sealed class Half(int variants)
    {
        private readonly double[] _sum = new double[variants], _squares = new double[variants];

        public double[] Ratios { get; } = new double[variants];

        // A variant that does nothing in these blocks ranks as zero, between those that win and those that lose.
        public void Measure(uint blocks, double[][] sums, double[][] squares, int[] counts)
        {
            Array.Clear(_sum);
            Array.Clear(_squares);
            var count = 0;
            for (var block = 0; block < counts.Length; block++)
            {
                if ((blocks >> block & 1) == 0) continue;
                count += counts[block];
                Elementwise.Apply<AddOperation>(_sum, sums[block], _sum);
                Elementwise.Apply<AddOperation>(_squares, squares[block], _squares);
            }
            for (var i = 0; i < Ratios.Length; i++)
            {
                var distances = _squares[i] - _sum[i] * _sum[i] / count;
                Ratios[i] = distances > 1e-12 * _squares[i] ? _sum[i] / count / Math.Sqrt(distances / (count - 1)) : 0;
            }
        }
    }
}
