using BacktestOps.Contracts;

namespace BacktestOps.Operations.Health;

/// <summary>What a healthy service answers.</summary>
public sealed record HealthExpectation
{
    /// <summary>The service's address, for example <c>http://127.0.0.1:3000</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>The path of its health document.</summary>
    public string Path { get; init; } = "/api/health";

    /// <summary>The HTTP status that it answers with.</summary>
    public int StatusCode { get; init; } = 200;

    /// <summary>The fields that the document must have, with their values.</summary>
    public IReadOnlyList<FieldExpectation> Fields { get; init; } = [];

    /// <summary>How long to wait for the whole answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest time that the answer may take; null when only the timeout counts.</summary>
    public TimeSpan? MaxLatency { get; init; }
}

/// <summary>What a health check found.</summary>
/// <param name="Address">The address that was asked.</param>
/// <param name="Verdict">All checks taken together.</param>
/// <param name="Checks">One entry an assertion, in the order of the expectation.</param>
/// <param name="Latency">From the request to the last byte; null when no answer came.</param>
public sealed record HealthReport(Uri Address, Verdict Verdict, IReadOnlyList<CheckResult> Checks, TimeSpan? Latency);
