namespace BacktestOps.Engine.Sweeps;

/// <summary>Runs variants of one sweep, one after the other. One for each thread.</summary>
public sealed class SweepWorker
{
    private readonly Sweep _sweep;
    private readonly SharedSeries? _shared;
    private readonly MaskReader? _masks;
    private readonly int[] _at;
    private readonly int[] _signals;

    internal SweepWorker(Sweep sweep, SharedSeries? shared)
    {
        (_sweep, _shared) = (sweep, shared);
        _at = new int[sweep.Parameters.Count];
        _masks = shared is null ? null : new MaskReader(shared.Plan, shared.Columns);
        _signals = new int[shared is null ? 0 : shared.Bars.Count + 1];
    }

    /// <summary>Runs variants.</summary>
    /// <param name="cells">Their cells, as a <see cref="VariantCursor"/> gives them.</param>
    /// <param name="figures">Takes the figures of each.</param>
    /// <param name="cancellationToken">Stops between two variants.</param>
    public void Run(ReadOnlySpan<long> cells, Span<VariantFigures> figures, CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if ((i & 63) == 0) cancellationToken.ThrowIfCancellationRequested();
            figures[i] = Run(cells[i]);
        }
    }

    private VariantFigures Run(long cell)
    {
        if (_shared is null || _masks is null) return _sweep.RunSingle(cell);
        _sweep.Locate(cell, _at);
        _masks.Read(_at);
        if (_shared.Sparse is not { } sparse)
            return _shared.Dense!.TryRun(_masks.Entry, _masks.Exit, _at, out var marked) ? marked : _sweep.RunSingle(cell);
        var count = PositionScan.FindAll(_masks.Entry, _masks.Exit, _shared.Bars.Count - _shared.Delay, _signals);
        return sparse.TryRun(_signals.AsSpan(0, count), out var figures) ? figures : _sweep.RunSingle(cell);
    }
}
