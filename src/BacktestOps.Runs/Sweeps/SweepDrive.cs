using System.Runtime.ExceptionServices;
using BacktestOps.Engine.Sweeps;

namespace BacktestOps.Runs.Sweeps;

/// <summary>Runs the variants of a sweep on several threads and hands their figures on in order.</summary>
/// <param name="threads">How many threads.</param>
internal sealed class SweepDrive(int threads)
{
    /// <summary>Runs variants.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="from">The first variant that is run, from 0; a multiple of the size of a piece.</param>
    /// <param name="take">Takes a piece: its cells and their figures; in order, one call at a time, on any thread.</param>
    /// <param name="tick">Is told, on any thread, how many more variants were run.</param>
    /// <param name="pass">Is called, on any thread, before a few variants are run; may wait there for other runs.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Run(
        Sweep sweep, long from, Action<ReadOnlyMemory<long>, ReadOnlyMemory<VariantFigures>> take, Action<int> tick, Action<CancellationToken> pass,
        CancellationToken cancellationToken)
    {
        var cursor = sweep.OpenCursor();
        var skipped = new VariantPiece();
        for (var done = 0L; done < from; done += skipped.Read(cursor)) cancellationToken.ThrowIfCancellationRequested();

        var line = new PieceLine(cursor, threads, take);
        try
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, _ =>
                line.Work(sweep.CreateWorker(), tick, pass, cancellationToken));
        }
        catch (AggregateException faults)
        {
            // One fault says it: every thread runs the same rules over the same bars.
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }
    }
}

/// <summary>Pieces that threads fill in any order and hand on in theirs.</summary>
internal sealed class PieceLine
{
    // A piece that takes longer than others must not hold up the threads at once.
    private const int PiecesPerThread = 4;

    private readonly VariantCursor _cursor;
    private readonly Action<ReadOnlyMemory<long>, ReadOnlyMemory<VariantFigures>> _take;
    private readonly Queue<VariantPiece> _free = new();
    private readonly Dictionary<long, VariantPiece> _done = [];
    // Not a Lock: threads wait on it.
    private readonly object _lock = new();
    private long _given, _taken;
    private bool _isOver;

    /// <summary>Starts at the cursor.</summary>
    public PieceLine(VariantCursor cursor, int threads, Action<ReadOnlyMemory<long>, ReadOnlyMemory<VariantFigures>> take)
    {
        (_cursor, _take) = (cursor, take);
        for (var i = 0; i < threads * PiecesPerThread; i++) _free.Enqueue(new VariantPiece());
    }

    /// <summary>Runs pieces until there are none.</summary>
    public void Work(SweepWorker worker, Action<int> tick, Action<CancellationToken> pass, CancellationToken cancellationToken)
    {
        try
        {
            while (Next() is { } piece)
            {
                piece.Run(worker, tick, pass, cancellationToken);
                HandOn(piece);
            }
        }
        catch
        {
            // The others would wait for this thread's piece in vain.
            lock (_lock)
            {
                _isOver = true;
                Monitor.PulseAll(_lock);
            }
            throw;
        }
    }

    private VariantPiece? Next()
    {
        lock (_lock)
        {
            while (_free.Count == 0 && !_isOver) Monitor.Wait(_lock);
            if (_isOver) return null;
            var piece = _free.Dequeue();
            _isOver = piece.Read(_cursor) == 0;
            piece.Number = _given++;
            if (_isOver) Monitor.PulseAll(_lock);
            return _isOver ? null : piece;
        }
    }

    private void HandOn(VariantPiece piece)
    {
        lock (_lock)
        {
            _done.Add(piece.Number, piece);
            while (_done.Remove(_taken, out var next))
            {
                _taken++;
                _take(next.Cells, next.Figures);
                _free.Enqueue(next);
            }
            Monitor.PulseAll(_lock);
        }
    }
}

/// <summary>Variants that follow each other, with room for their figures.</summary>
internal sealed class VariantPiece
{
    // Variants of many stocks take a while each; whoever watches sees them go on.
    private const int PerTick = 32;

    private readonly long[] _cells = new long[VariantsWorkFile.PieceSize];
    private readonly VariantFigures[] _figures = new VariantFigures[VariantsWorkFile.PieceSize];
    private int _count;

    /// <summary>Its place among the pieces.</summary>
    public long Number { get; set; }

    /// <summary>The cells.</summary>
    public ReadOnlyMemory<long> Cells => _cells.AsMemory(0, _count);

    /// <summary>Their figures.</summary>
    public ReadOnlyMemory<VariantFigures> Figures => _figures.AsMemory(0, _count);

    /// <summary>Takes the next variants; gives how many.</summary>
    public int Read(VariantCursor cursor) => _count = cursor.Read(_cells);

    /// <summary>Runs them.</summary>
    public void Run(SweepWorker worker, Action<int> tick, Action<CancellationToken> pass, CancellationToken cancellationToken)
    {
        for (var first = 0; first < _count; first += PerTick)
        {
            pass(cancellationToken);
            var count = Math.Min(PerTick, _count - first);
            worker.Run(_cells.AsSpan(first, count), _figures.AsSpan(first, count), cancellationToken);
            tick(count);
        }
    }
}
