using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>Where a run stands. <see cref="Completed"/>, <see cref="Failed"/> and <see cref="Cancelled"/> never change again.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<BacktestStatus>))]
public enum BacktestStatus : long
{
    /// <summary>Accepted and durable; not started yet.</summary>
    Queued,

    /// <summary>Being executed.</summary>
    Running,

    /// <summary>The process that executed it died; it waits to be executed again.</summary>
    Interrupted,

    /// <summary>Its result can be read.</summary>
    Completed,

    /// <summary>It ended without a result; the error says why.</summary>
    Failed,

    /// <summary>It was stopped on request.</summary>
    Cancelled,
}

/// <summary>Questions one asks of a status.</summary>
public static class BacktestStatusExtensions
{
    /// <summary>True when the status can never change again.</summary>
    /// <param name="status">The status asked about.</param>
    public static bool IsTerminal(this BacktestStatus status) =>
        status is BacktestStatus.Completed or BacktestStatus.Failed or BacktestStatus.Cancelled;
}
