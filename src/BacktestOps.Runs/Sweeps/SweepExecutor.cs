using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Engine;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Sweeps;
using BacktestOps.Runs.Execution;
using BacktestOps.Runs.Stores;

namespace BacktestOps.Runs.Sweeps;

/// <summary>What a sweep gives beside the figures of one run.</summary>
/// <param name="Outcome">The best variant's run, or that of the walk-forward.</param>
/// <param name="Result">What the sweep found.</param>
/// <param name="VariantsPath">The file with every variant, under its temporary name.</param>
internal sealed record SweepOutcome(BacktestOutcome Outcome, SweepResult Result, string VariantsPath);

/// <summary>Executes a sweep: runs its variants, chooses, judges. Memory does not grow with the number of variants.</summary>
/// <remarks>
/// The figures go to a work file piece by piece; an execution that follows a death goes on after the last whole piece. What is
/// published is made from that file in the order of the variants, so that it is the same to the byte, however often the sweep
/// was interrupted and on however many threads it ran.
/// </remarks>
internal sealed class SweepExecutor(EngineCalls engine, SweepFiles work, ResultFiles results, LiveRuns live, int threads, string owner, TimeProvider clock)
{
    private readonly SweepDrive _drive = new(threads);

    /// <summary>Executes a sweep.</summary>
    /// <param name="run">The run.</param>
    /// <param name="request">Its request, with a sweep.</param>
    /// <param name="universe">The bars of its symbols, in the order of the request.</param>
    /// <param name="benchmark">The bars of the benchmark; null for none.</param>
    /// <param name="fingerprints">Of all of them.</param>
    /// <param name="share">The percents between which it may tell how far it is.</param>
    /// <param name="pass">Is called between pieces of the work, on any thread; may wait there for other runs.</param>
    /// <param name="cancellationToken">Stops it; what has been run is kept for the next execution.</param>
    public SweepOutcome Execute(
        RunRecord run, BacktestRequest request, BarSeries[] universe, BarSeries? benchmark, IEnumerable<string> fingerprints,
        (double From, double To) share, Action<CancellationToken> pass, CancellationToken cancellationToken)
    {
        live.Report(run.Id, share.From, "preparing the sweep");
        var sweep = Sweep.Prepare(request, universe, cancellationToken);
        var walk = request.Sweep!.WalkForward is null ? null : new WalkForward(request, universe);
        var stretches = walk?.Stretches.Count ?? 0;
        var watch = new SweepWatch(clock, sweep.Variants * (1 + stretches), (fraction, activity, progress) =>
            live.Report(run.Id, share.From + (share.To - share.From) * fraction, activity, progress));

        using var file = work.Open(run.Id, run.RequestJson, fingerprints, sweep.Variants);
        watch.Skip(file.Done);
        _drive.Run(sweep, file.Done, (_, figures) => file.Append(figures.Span), count => watch.Advance(count), pass, cancellationToken);

        var chosen = walk is null ? null : Choose(walk, watch, pass, cancellationToken);
        live.Report(run.Id, share.To, "looking at the variants");
        var path = results.TemporaryVariantsPathOf(run.Id, owner);
        var (tally, evidence, variants) = SumUp(run.Id, sweep, file, path, universe, pass, cancellationToken);
        pass(cancellationToken);
        var best = Run(sweep, tally.BestCell ?? FirstCell(sweep), universe, benchmark, cancellationToken);
        pass(cancellationToken);
        var statistics = evidence.Describe(tally, tally.BestCell is null ? null : best, cancellationToken);
        var top = tally.BestVariants;
        var result = new SweepResult
        {
            Objective = request.Sweep.Objective,
            Combinations = sweep.GridCells,
            LeftOut = sweep.GridCells - sweep.GridVariants,
            Variants = sweep.Variants,
            Best = top.Count == 0 ? null : top[0],
            Top = top,
            Statistics = statistics,
            Heatmap = tally.Heatmap,
            File = variants,
        };
        if (walk is null) return new(WithWarning(best, Hindsight(result)), result, path);
        pass(cancellationToken);
        var stitched = walk.Stitch([.. chosen!.Select(choice => choice?.Values)], benchmark, cancellationToken);
        return new(WithWarning(stitched, Unchosen(chosen!)), result with { Windows = Windows(walk, chosen!, stitched) }, path);
    }

    /// <summary>Removes what a run that has ended left to go on from.</summary>
    public void Discard(string backtestId) => work.Discard(backtestId);

    private static BacktestOutcome WithWarning(BacktestOutcome outcome, string? warning) =>
        warning is null ? outcome : outcome with { Warnings = [warning, .. outcome.Warnings] };

    private static string? Hindsight(SweepResult result) => result.Best is null
        ? $"No variant has a value for {result.Objective}: the figures are those of the first one."
        : result.Variants == 1 ? null
        : string.Create(CultureInfo.InvariantCulture, $"These are the figures of the best of {result.Variants:N0} variants by {result.Objective}, chosen in hindsight: sweep.statistics says what that is worth.");

    private static string? Unchosen(IReadOnlyList<Choice?> choices) => choices.Count(choice => choice is null) is > 0 and var none
        ? string.Create(CultureInfo.InvariantCulture, $"In {none} of {choices.Count} stretches no variant had a value to be chosen by; nothing is traded there.") : null;

    private static long FirstCell(Sweep sweep)
    {
        var cells = new long[1];
        sweep.OpenCursor().Read(cells);
        return cells[0];
    }

    private BacktestOutcome Run(Sweep sweep, long cell, BarSeries[] universe, BarSeries? benchmark, CancellationToken cancellationToken) =>
        engine.Run(sweep.RequestOf(cell), universe, benchmark, null, cancellationToken);

    private (SweepTally Tally, SweepEvidence Evidence, SweepFile File) SumUp(
        string id, Sweep sweep, VariantsWorkFile file, string path, BarSeries[] universe, Action<CancellationToken> pass, CancellationToken cancellationToken)
    {
        var (tally, evidence, cursor) = (new SweepTally(sweep), new SweepEvidence(sweep), sweep.OpenCursor());
        var cells = new long[VariantsWorkFile.PieceSize];
        using var csv = new VariantsCsv(path, sweep);
        foreach (var figures in file.ReadAll())
        {
            cancellationToken.ThrowIfCancellationRequested();
            pass(cancellationToken);
            cursor.Read(cells.AsSpan(0, figures.Length));
            for (var i = 0; i < figures.Length; i++)
            {
                var one = figures.Span[i];
                tally.Add(cells[i], one);
                csv.Add(cells[i], one);
                if (!evidence.Wants(tally.Count)) continue;
                pass(cancellationToken);
                evidence.Add(RunPlain(sweep, cells[i], universe, cancellationToken));
            }
        }
        return (tally, evidence, csv.Finish(ResultFiles.VariantsNameOf(id), results.Flush));
    }

    private IReadOnlyList<EquityPoint> RunPlain(Sweep sweep, long cell, BarSeries[] universe, CancellationToken cancellationToken) =>
        engine.Run(sweep.RequestOf(cell) with { Benchmark = null }, universe, null, null, cancellationToken).EquityCurve;

    private List<Choice?> Choose(WalkForward walk, SweepWatch watch, Action<CancellationToken> pass, CancellationToken cancellationToken)
    {
        var choices = new List<Choice?>();
        foreach (var stretch in walk.Stretches)
        {
            pass(cancellationToken);
            var sweep = walk.InSample(stretch, cancellationToken);
            var tally = new SweepTally(sweep);
            _drive.Run(sweep, 0, (cells, figures) =>
            {
                for (var i = 0; i < cells.Length; i++) tally.Add(cells.Span[i], figures.Span[i]);
            }, count => watch.Advance(count), pass, cancellationToken);
            choices.Add(tally.BestCell is { } cell ? new(tally.BestVariants[0], sweep.RequestOf(cell).Parameters) : null);
        }
        return choices;
    }

    private static WalkForwardWindow[] Windows(WalkForward walk, List<Choice?> choices, BacktestOutcome stitched)
    {
        var windows = new WalkForwardWindow[choices.Count];
        var (before, next) = (stitched.Performance.InitialCash, 0);
        for (var i = 0; i < windows.Length; i++)
        {
            var stretch = walk.Stretches[i];
            var start = before;
            for (; next < stitched.EquityCurve.Count && stitched.EquityCurve[next].Date <= stretch.OutLast; next++) before = stitched.EquityCurve[next].Equity;
            windows[i] = new WalkForwardWindow
            {
                InSampleFirst = stretch.InFirst,
                InSampleLast = stretch.InLast,
                OutOfSampleFirst = stretch.OutFirst,
                OutOfSampleLast = stretch.OutLast,
                Chosen = choices[i]?.Variant,
                OutOfSampleReturn = before / start - 1,
            };
        }
        return windows;
    }

    private sealed record Choice(SweepVariant Variant, IReadOnlyDictionary<string, double> Values);
}
