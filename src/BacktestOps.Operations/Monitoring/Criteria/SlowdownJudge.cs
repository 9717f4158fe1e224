using BacktestOps.Contracts;
using BacktestOps.Operations.Monitoring.Statistics;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Monitoring.Criteria;

/// <summary>Whether the last answers take severely longer than those of the release before did, before the deployment.</summary>
/// <param name="plan">What severe is.</param>
/// <param name="evidence">The evidence.</param>
internal sealed class SlowdownJudge(SlowdownPlan plan, CriterionEvidence evidence)
{
    /// <summary>Whether a slowdown is severe: everything that the plan says of it holds.</summary>
    /// <param name="plan">What severe is.</param>
    /// <param name="test">The test of the times before and after.</param>
    /// <param name="was">The median before, in milliseconds.</param>
    /// <param name="now">The median after, in milliseconds.</param>
    public static bool IsSevere(SlowdownPlan plan, MannWhitneyResult test, double was, double now) =>
        test.P <= plan.Alpha && test.Effect >= plan.Effect && test.Ratio >= plan.Ratio && now - was >= plan.LongerBy.TotalMilliseconds;

    /// <summary>Completes the answer.</summary>
    /// <param name="answer">The answer, with nothing decided.</param>
    public RollbackCriterion Judge(RollbackCriterion answer)
    {
        answer = answer with
        {
            Expected = FormattableString.Invariant(
                $"not at once p ≤ {plan.Alpha:0.####}, effect A ≥ {plan.Effect:0.##}, {plan.Ratio:0.##} times as long and {plan.LongerBy.TotalMilliseconds:0.#} ms longer, of at least {plan.Samples} answers before and after"),
        };
        if (evidence.Baseline is not { } baseline) return answer with { Detail = "there is no baseline: nothing was live before this deployment, or it is a rollback" };
        var before = Usable(baseline.Times.Milliseconds);
        var (after, samples) = Latest(baseline.Times.Path, Math.Max(plan.Samples, MannWhitney.MostPairs / Math.Max(1, before.Count)));
        answer = answer with { Samples = after.Count, Before = before.Count, Evidence = [baseline.Sequence, .. CriterionEvidence.Numbers(samples)] };
        if (before.Count < plan.Samples || after.Count < plan.Samples)
            return answer with { Detail = FormattableString.Invariant($"{before.Count} answers of {baseline.Times.Path} before and {after.Count} after are too few; {plan.Samples} each are needed") };

        var test = MannWhitney.TestLarger(before, after);
        var (was, now) = (Median(before), Median(after));
        var isSevere = IsSevere(plan, test, was, now);
        return answer with
        {
            Verdict = isSevere ? Verdict.Fail : Verdict.Pass,
            Observed = FormattableString.Invariant(
                $"{baseline.Times.Path}: median {was:0.###} ms before (n {before.Count}), {now:0.###} ms in the last {after.Count} answers; p {test.P:0.####}, A {test.Effect:0.###}, {test.Ratio:0.##} times as long"),
            Detail = "exact one-sided Mann-Whitney test; A of Vargha and Delaney; ratio of Hodges and Lehmann",
            PValue = test.P,
            EffectSize = test.Effect,
            Ratio = test.Ratio,
        };
    }

    /// <summary>The last answers: as many samples as it takes for the wanted number, so that an early good hour hides no late bad quarter.</summary>
    private (List<double> Times, List<RecordedSample> Samples) Latest(string path, int most)
    {
        var (times, samples) = (new List<double>(), new List<RecordedSample>());
        foreach (var recorded in evidence.Samples.Reverse())
        {
            if (times.Count >= plan.Samples) break;
            var here = recorded.Sample.Endpoints.Where(endpoint => endpoint.Path == path).SelectMany(endpoint => Usable(endpoint.Milliseconds)).ToList();
            if (here.Count == 0) continue;
            times.InsertRange(0, here);
            samples.Insert(0, recorded);
        }

        return ([.. times.TakeLast(most)], samples);
    }

    /// <summary>Times that a ratio can be made of, in milliseconds: below the clock's own step one may read as nothing.</summary>
    internal static List<double> Usable(IEnumerable<double> times) => [.. times.Select(time => Math.Max(time, 1e-4))];

    /// <summary>The median of some times; at least one.</summary>
    internal static double Median(List<double> times) => EndpointProbe.Percentile(times, 0.5)!.Value;
}
