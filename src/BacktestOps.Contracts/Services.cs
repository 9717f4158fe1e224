using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>Who answers a session's calls.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ConnectionKind>))]
public enum ConnectionKind : long
{
    /// <summary>The runner embedded in the session's own process.</summary>
    Embedded,

    /// <summary>A service over HTTP.</summary>
    Http,
}

/// <summary>Who answers a session's calls, and how it said it was.</summary>
public sealed record ServiceConnection
{
    /// <summary>Who answers.</summary>
    public required ConnectionKind Kind { get; init; }

    /// <summary>The service's address, or the home folder of the embedded runner.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The service's address; null for the embedded runner.</summary>
    public Uri? Uri { get; init; }

    /// <summary>What the service said of itself, <c>healthy</c> or <c>unhealthy</c>; <c>unreachable</c> when it did not answer.</summary>
    public required string Status { get; init; }

    /// <summary>The release that answered; null when nothing did.</summary>
    public string? Version { get; init; }

    /// <summary>The process that answered; null when nothing did.</summary>
    public int? ProcessId { get; init; }

    /// <summary>The log of the service, where it was started on this machine by Start-BacktestService; else null.</summary>
    public string? LogPath { get; init; }

    /// <summary>What the service said is wrong, or why it did not answer; empty when healthy.</summary>
    public IReadOnlyList<string> Problems { get; init => field = ReadableList.Of(value); } = ReadableList.Of<string>([]);
}

/// <summary>A service process on this machine that Start-BacktestService started.</summary>
public sealed record ServiceInstance
{
    /// <summary>The address it answers at.</summary>
    public required Uri Uri { get; init; }

    /// <summary>The port it listens on.</summary>
    public required int Port { get; init; }

    /// <summary>Its process id.</summary>
    public required int ProcessId { get; init; }

    /// <summary>When the process started, UTC, as it says itself.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>True when this very process was alive as this was written.</summary>
    public required bool IsRunning { get; init; }

    /// <summary>The release that it runs.</summary>
    public required string Version { get; init; }

    /// <summary>The folder of its runs, results and logs.</summary>
    public required string HomePath { get; init; }

    /// <summary>The folder of its CSV files; null for the bundled data.</summary>
    public string? DataPath { get; init; }

    /// <summary>The file that its output goes to.</summary>
    public required string LogPath { get; init; }
}
