using BacktestOps.Contracts;

namespace BacktestOps.Runs.Execution;

/// <summary>How long a run is, as far as the queue cares.</summary>
internal enum CostClass
{
    /// <summary>Somebody waits for it: it takes a moment.</summary>
    Short,

    /// <summary>Seconds.</summary>
    Medium,

    /// <summary>Longer.</summary>
    Long,
}

/// <summary>Estimates what a run costs from its request and the number of its bars.</summary>
/// <remarks>Only the order of magnitude counts. What a run really takes is measured, and one that was taken for too short is moved.</remarks>
internal static class RunCost
{
    // Seconds a bar on one core of an ordinary server, as tests/Benchmarks measures them.
    private const double Single = 25e-9, Shared = 15e-9, Python = 10e-6, Variant = 0.5e-9, PortfolioVariant = 150e-9;

    // Beside its variants a sweep runs its best ones in full, for its statistics.
    private const double FullRunsOfSweep = 50;

    private const double LongestShort = 0.1, LongestMedium = 10;

    /// <summary>Bars of a symbol where nobody has counted them: ten years by the day.</summary>
    public const int UsualBars = 2_520;

    /// <summary>Seconds.</summary>
    /// <param name="request">A request without faults.</param>
    /// <param name="bars">Bars of its symbols in its range.</param>
    /// <param name="isPython">Whether its strategy is in Python.</param>
    public static double Estimate(BacktestRequest request, long bars, bool isPython)
    {
        var isShared = request.Cash is not null || request.Sleeves is not null;
        var once = bars * (isPython ? Python : isShared ? Single + Shared : Single);
        if (request.Sweep is not { } sweep) return once;
        // A variant of several symbols is a run of the portfolio.
        var perVariant = bars * (isShared || request.Symbols.Count > 1 ? PortfolioVariant : Variant);
        var variants = sweep.Parameters.Values.Aggregate(1.0, (product, values) => product * values.Count);
        if (sweep.Sample is { } sample) variants = Math.Min(variants, sample);
        var stretches = 0.0;
        if (sweep.WalkForward is { } walk)
        {
            var each = (double)bars / Math.Max(1, request.Symbols.Count);
            stretches = Math.Max(0, (each - walk.InSample) / Math.Max(1, walk.OutOfSample)) * (walk.Anchored ? 0.5 : walk.InSample / Math.Max(1, each));
        }

        return once * FullRunsOfSweep + perVariant * variants * (1 + stretches);
    }

    /// <summary>Seconds that a stored run takes; estimated where the version that accepted it did not.</summary>
    public static double Of(Stores.RunRecord run)
    {
        if (run.Cost is { } cost) return cost;
        try
        {
            var request = run.ReadRequest();
            return Estimate(request, (long)request.Symbols.Count * UsualBars, run.StrategyFingerprint is not null);
        }
        catch (Exception fault) when (fault is System.Text.Json.JsonException or NotSupportedException)
        {
            // A row that can't be read fails as soon as it is executed.
            return 0;
        }
    }

    /// <summary>The class of so many seconds.</summary>
    public static CostClass ClassOf(double seconds) =>
        seconds <= LongestShort ? CostClass.Short : seconds <= LongestMedium ? CostClass.Medium : CostClass.Long;
}
