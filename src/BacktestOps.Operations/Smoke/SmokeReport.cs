using BacktestOps.Contracts;
using BacktestOps.Operations.Smoke.Browser;

namespace BacktestOps.Operations.Smoke;

/// <summary>What a smoke test found.</summary>
/// <param name="Verdict">All checks taken together, as the plan weighs them.</param>
/// <param name="Checks">Every check, in the order in which it was made; <c>page: …</c> are those of the browser.</param>
public sealed record SmokeReport(Verdict Verdict, IReadOnlyList<CheckResult> Checks)
{
    /// <summary>The service that was tried.</summary>
    public required Uri Address { get; init; }

    /// <summary>The backtest that was started over HTTP; null when none was.</summary>
    public string? BacktestId { get; init; }

    /// <summary>The backtest that the page started; null when none was.</summary>
    public string? PageBacktestId { get; init; }

    /// <summary>Every request of the page, in order, as the browser's Network tab would list them.</summary>
    public IReadOnlyList<NetworkRecord> PageRequests { get; init; } = [];

    /// <summary>When the test began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The first check that is no pass, said in a line; null when all passed.</summary>
    public string? Reason =>
        (Checks.FirstOrDefault(check => check.Verdict == Verdict.Fail)
            ?? Checks.FirstOrDefault(check => check.Verdict != Verdict.Pass)) is { } check
            ? $"{check.Name}: {check.Detail ?? $"expected {check.Expected}, observed {check.Observed ?? "nothing"}"}"
            : null;
}
