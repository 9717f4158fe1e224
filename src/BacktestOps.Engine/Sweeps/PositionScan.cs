using BacktestOps.Engine.Rules.Evaluation;

namespace BacktestOps.Engine.Sweeps;

/// <summary>Finds the signals that change a position: while there is none the next entry, while there is one the next exit.</summary>
internal static class PositionScan
{
    /// <summary>Finds all of them where every entry that is due is filled.</summary>
    /// <param name="entry">Bars at which the entry rule holds.</param>
    /// <param name="exit">Bars at which the exit rule holds.</param>
    /// <param name="end">The bar after the last whose signal fills.</param>
    /// <param name="signals">Takes bars of entries and exits in turn; one a bar is enough room.</param>
    /// <returns>How many; an odd number leaves a position open.</returns>
    public static int FindAll(ReadOnlySpan<ulong> entry, ReadOnlySpan<ulong> exit, int end, Span<int> signals)
    {
        var (count, from) = (0, 0);
        while (true)
        {
            var bar = ConditionColumn.Next(entry, from, end);
            if (bar >= end) return count;
            signals[count++] = bar;
            bar = ConditionColumn.Next(exit, bar + 1, end);
            if (bar >= end) return count;
            signals[count++] = bar;
            from = bar + 1;
        }
    }
}
