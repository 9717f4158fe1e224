namespace BacktestOps.Contracts;

/// <summary>The answer of GET /api/health.</summary>
public sealed record HealthDocument
{
    /// <summary><c>healthy</c> with 200, or <c>unhealthy</c> with 503 where a needed part is down.</summary>
    public required string Status { get; init; }

    /// <summary>The release that answers.</summary>
    public required string Version { get; init; }

    /// <summary>The parts and how each is.</summary>
    public required HealthServices Services { get; init; }

    /// <summary>The process that answers, so that an old process can't be taken for a new one.</summary>
    public required HealthProcess Process { get; init; }

    /// <summary>Runs that wait or are being executed.</summary>
    public int ActiveBacktests { get; init; }

    /// <summary>When this was answered, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Why it is unhealthy, one entry a part; empty when healthy.</summary>
    // set, not init: see BacktestRequest.
    public IReadOnlyList<string> Problems { get; set; } = [];
}

/// <summary>The parts of the service.</summary>
/// <param name="Database"><c>connected</c>, or what is wrong.</param>
/// <param name="PythonWorker"><c>ready</c>, <c>disabled</c> when none is configured, or <c>failed</c>.</param>
/// <param name="MarketData"><c>ready</c>, or what is wrong.</param>
/// <param name="ResultStore"><c>writable</c>, or what is wrong.</param>
public sealed record HealthServices(string Database, string PythonWorker, string MarketData, string ResultStore);

/// <summary>A process, told apart from a later one that got the same id.</summary>
/// <param name="Id">The process id.</param>
/// <param name="StartedAt">When it started, UTC.</param>
public sealed record HealthProcess(int Id, DateTimeOffset StartedAt);
