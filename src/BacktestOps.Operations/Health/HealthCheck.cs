using BacktestOps.Contracts;

namespace BacktestOps.Operations.Health;

/// <summary>Asks a service for its health once and judges the answer, assertion by assertion.</summary>
/// <remarks>
/// A field that is not there is a fail. Where no document was seen at all, its fields are inconclusive: nothing can be
/// said of them, and nothing is.
/// </remarks>
public sealed class HealthCheck : IDisposable
{
    private readonly HealthProbe _probe;
    private readonly TimeProvider _clock;

    /// <summary>Creates a check.</summary>
    /// <param name="handler">What sends the requests; null for the default: no proxy, no redirects. It is disposed with the check.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    public HealthCheck(HttpMessageHandler? handler = null, TimeProvider? clock = null)
    {
        _clock = clock ?? TimeProvider.System;
        _probe = new HealthProbe(handler, _clock);
    }

    /// <summary>Asks once and judges.</summary>
    /// <param name="expectation">What a healthy service answers.</param>
    /// <param name="cancellationToken">Gives up; no report is made then.</param>
    public async Task<HealthReport> RunAsync(HealthExpectation expectation, CancellationToken cancellationToken = default)
    {
        var address = new Uri(expectation.Address, expectation.Path);
        var answer = await _probe.AskAsync(address, expectation.Timeout, cancellationToken).ConfigureAwait(false);
        var judge = new HealthJudge(address.ToString(), answer, _clock.GetUtcNow());
        var checks = new List<CheckResult> { judge.Status(expectation.StatusCode) };
        if (expectation.MaxLatency is { } limit) checks.Add(judge.Latency(limit));
        if (expectation.Fields.Count > 0)
        {
            using var document = judge.Document(out var problem);
            if (problem is not null) checks.Add(problem);
            checks.AddRange(expectation.Fields.Select(field => judge.Field(field, document)));
        }

        return new HealthReport(address, Verdicts.Combine(checks.Select(check => check.Verdict)), checks, answer.Latency);
    }

    /// <inheritdoc/>
    public void Dispose() => _probe.Dispose();
}
