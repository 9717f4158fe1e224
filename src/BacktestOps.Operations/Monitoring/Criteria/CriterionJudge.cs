using BacktestOps.Contracts;
using BacktestOps.Operations.Monitoring.Statistics;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Monitoring.Criteria;

/// <summary>Answers the rollback criteria of a plan, from evidence and nothing else.</summary>
/// <param name="plan">The criteria.</param>
/// <param name="evidence">The evidence.</param>
/// <param name="at">When it is answered, UTC.</param>
internal sealed class CriterionJudge(CriteriaPlan plan, CriterionEvidence evidence, DateTimeOffset at)
{
    /// <summary>The answers, in the plan's order.</summary>
    public IReadOnlyList<RollbackCriterion> Judge() => [.. plan.Criteria.Select(Judge)];

    /// <summary>The answer of one criterion.</summary>
    public RollbackCriterion Judge(string criterion) => criterion switch
    {
        CriteriaPlan.DownloadNotFound => DownloadNotFound(),
        CriteriaPlan.FeatureBroken => FeatureBroken(),
        CriteriaPlan.SevereSlowdown => new SlowdownJudge(plan.Slowdown, evidence).Judge(Answer(criterion, "answers take no much longer than before the deployment")),
        CriteriaPlan.DataLoss => DataLoss(),
        _ => throw new ArgumentException($"There is no criterion '{criterion}'.", nameof(criterion)),
    };

    private RollbackCriterion DownloadNotFound()
    {
        var answer = Answer(CriteriaPlan.DownloadNotFound, "no download answers 404");
        var downloads = evidence.Samples.Select(recorded => (recorded, Asked: recorded.Sample.Endpoints.Where(endpoint => endpoint.IsDownload).ToList(), Logged: Logged(recorded.Sample))).ToList();
        var asked = downloads.Sum(seen => seen.Asked.Sum(endpoint => endpoint.Requests));
        var notFound = downloads.Sum(seen => seen.Asked.Sum(endpoint => endpoint.NotFound));
        var logged = downloads.Sum(seen => seen.Logged);
        // Every class counts the same requests.
        var requests = evidence.Samples.Sum(recorded => recorded.Sample.Logs.Select(count => count.Requests).FirstOrDefault());
        var unknown = evidence.Samples.Sum(recorded => recorded.Sample.Logs.Sum(count => count.Unknown));
        var observed = FormattableString.Invariant($"{notFound} of {asked} own downloads answered 404; the logs tell of {logged} among {requests} requests")
            + (unknown == 0 ? "" : FormattableString.Invariant($", and of {unknown} for runs that were never given out"));
        if (notFound + logged > 0)
        {
            var bad = downloads.Where(seen => seen.Logged > 0 || seen.Asked.Any(endpoint => endpoint.NotFound > 0));
            return answer with { Verdict = Verdict.Fail, Observed = observed, Samples = asked, Evidence = CriterionEvidence.Numbers(bad.Select(seen => seen.recorded)) };
        }

        return asked == 0
            ? answer with { Detail = "nothing was downloaded while this deployment was watched" }
            : Clean(answer, observed, asked, downloads.Where(seen => seen.Asked.Count > 0).Select(seen => seen.recorded));
    }

    private static int Logged(WatchSample sample) => sample.Logs.Where(count => count.Class == LogPatterns.DownloadNotFound).Sum(count => count.Matches - count.Unknown);

    private RollbackCriterion FeatureBroken()
    {
        var answer = Answer(CriteriaPlan.FeatureBroken, "every check of the last smoke journey passes, and every endpoint answers");
        var dead = evidence.Samples.TakeLast(2).ToList() is [var one, var two] && one.Sample.Watch == two.Sample.Watch
            ? Dead(one.Sample).Intersect(Dead(two.Sample)).ToList()
            : [];
        if (dead.Count > 0)
            return answer with
            {
                Verdict = Verdict.Fail,
                Observed = $"{string.Join(", ", dead)}: no request was answered well in the last two samples",
                Samples = evidence.Samples.TakeLast(2).Sum(recorded => recorded.Sample.Endpoints.Sum(endpoint => endpoint.Requests)),
                Evidence = CriterionEvidence.Numbers(evidence.Samples.TakeLast(2)),
            };
        // A check is known by its name: what a later journey found of the same thing counts.
        var last = evidence.Smoke.GroupBy(record => record.Subject.Split(" of ")[0]).Select(records => records.Last()).OrderBy(record => record.Sequence).ToList();
        if (last.Count == 0) return answer with { Detail = "no smoke journey through this deployment is in the ledger" };
        var failed = last.Where(record => record.Verdict == Verdict.Fail).ToList();
        var verdict = Verdicts.Combine(last.Select(record => record.Verdict));
        return answer with
        {
            // A journey that could not be made says nothing of the features.
            Verdict = verdict == Verdict.Error ? Verdict.Inconclusive : verdict,
            Observed = failed.Count == 0
                ? FormattableString.Invariant($"{last.Count(record => record.Verdict == Verdict.Pass)} of {last.Count} checks passed, the last at {last[^1].At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}")
                : string.Join("; ", failed.Select(record => $"{record.Subject}: {record.Observed ?? "nothing seen"}, expected {record.Expected}")),
            Samples = last.Count,
            Evidence = [.. (failed.Count > 0 ? failed : last).Select(record => record.Sequence)],
        };
    }

    private static IEnumerable<string> Dead(WatchSample sample) =>
        sample.Endpoints.Where(endpoint => endpoint.Requests > 0 && endpoint.Errors == endpoint.Requests).Select(endpoint => endpoint.Path);

    private RollbackCriterion DataLoss()
    {
        var answer = Answer(CriteriaPlan.DataLoss, "no completed run is gone, and none has other bytes");
        var looks = evidence.Samples.Where(recorded => recorded.Sample.Runs is not null).ToList();
        var bad = looks.Where(recorded => recorded.Sample.Runs is { Vanished.Count: > 0 } or { Changed.Count: > 0 }).ToList();
        var compared = looks.Sum(recorded => recorded.Sample.Runs!.Compared);
        if (bad.Count > 0)
        {
            var vanished = bad.SelectMany(recorded => recorded.Sample.Runs!.Vanished).Distinct().ToList();
            var changed = bad.SelectMany(recorded => recorded.Sample.Runs!.Changed).Distinct().ToList();
            return answer with
            {
                Verdict = Verdict.Fail,
                Observed = $"gone: {Name(vanished)}; changed: {Name(changed)}",
                Samples = compared,
                Evidence = CriterionEvidence.Numbers(bad),
            };
        }

        return compared == 0
            ? answer with { Detail = "no completed run was held against what it was while this deployment was watched" }
            : Clean(answer, FormattableString.Invariant($"{compared} results read again, all as they were; {looks[^1].Sample.Runs!.Known} runs known"), compared, looks.Where(look => look.Sample.Runs!.Compared > 0));
    }

    private static string Name(List<string> runs) =>
        runs.Count == 0 ? "none" : string.Join(", ", runs.Take(5)) + (runs.Count > 5 ? FormattableString.Invariant($" and {runs.Count - 5} more") : "");

    /// <summary>Nothing was found, and that is worth what so many observations are worth.</summary>
    private static RollbackCriterion Clean(RollbackCriterion answer, string observed, int observations, IEnumerable<RecordedSample> evidence)
    {
        var bound = UpperBound.OfClean(observations);
        return answer with
        {
            Verdict = Verdict.Pass,
            Observed = observed,
            Detail = FormattableString.Invariant($"so many clean observations leave up to {100 * bound:0.##} % of failures possible (95 %)"),
            Samples = observations,
            UpperBound = bound,
            Evidence = CriterionEvidence.Numbers(evidence),
        };
    }

    private RollbackCriterion Answer(string name, string expected) => new()
    {
        Name = name,
        Deployment = evidence.Deployment,
        Verdict = Verdict.Inconclusive,
        Expected = expected,
        Samples = 0,
        At = at,
    };
}
