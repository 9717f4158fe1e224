using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>What happened during a watch beside the figures.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<WatchIncidentKind>))]
public enum WatchIncidentKind : long
{
    /// <summary>The wall clock was set; the watch goes on by a clock that is never set.</summary>
    ClockStep,

    /// <summary>The machine slept.</summary>
    Suspended,

    /// <summary>Another process of the service answers than before.</summary>
    ServiceRestart,

    /// <summary>No process of the service lives.</summary>
    ServiceDown,

    /// <summary>A log went on in a new file; the old one was read to its end.</summary>
    LogRotated,

    /// <summary>A log became shorter than what had been read of it: lines may be lost.</summary>
    LogTruncated,

    /// <summary>A log that was read is gone, or can't be read any more: lines may be lost.</summary>
    LogLost,
}

/// <summary>How a watch ended.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<WatchEnding>))]
public enum WatchEnding : long
{
    /// <summary>Its last slot has passed.</summary>
    Completed,

    /// <summary>A rollback criterion was met, and the release was taken back.</summary>
    RolledBack,

    /// <summary>A rollback criterion was met, and the rollback did not succeed.</summary>
    RollbackFailed,

    /// <summary>It was interrupted and never taken up again: another watch began.</summary>
    Abandoned,
}

/// <summary>What was seen in one slot of a watch, or that nothing was.</summary>
public sealed record WatchSample
{
    /// <summary>The watch that it belongs to: when that began, <c>20260208T143000000Z</c>.</summary>
    public required string Watch { get; init; }

    /// <summary>The deployment that is watched; null where the root has none.</summary>
    public int? Deployment { get; init; }

    /// <summary>The version that is watched; null where none is live.</summary>
    public string? Version { get; init; }

    /// <summary>When the watch began, UTC: slot 0.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long the watch is, in seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>The time between two slots, in seconds.</summary>
    public required double IntervalSeconds { get; init; }

    /// <summary>The time between two record lines, in seconds.</summary>
    public required double RecordEverySeconds { get; init; }

    /// <summary>The slot, from 0.</summary>
    public required int Slot { get; init; }

    /// <summary>How many slots the watch has, the first and the last among them.</summary>
    public required int Slots { get; init; }

    /// <summary>When the slot was due: the begin and so many intervals.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>When it was seen by the wall clock, UTC; for a missed slot, when that was noticed.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>From the begin of the watch to this sample in seconds, by a clock that is never set.</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>True when nobody looked at that time. Nothing is known of such a slot, and no later look can tell.</summary>
    public bool IsMissed { get; init; }

    /// <summary>All checks taken together; <see cref="Verdict.Inconclusive"/> for a missed slot.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Each value beside its threshold.</summary>
    public IReadOnlyList<WatchCheck> Checks { get; init => field = ReadableList.Of(value); } = ReadableList.Of<WatchCheck>([]);

    /// <summary>The service's process and when it started, opaque; null where none lives. Another one is a restart.</summary>
    public string? Process { get; init; }

    /// <summary>How many errors there were: failed requests, and log lines of any class but warnings. Null for a missed slot.</summary>
    public int? Errors { get; init; }

    /// <summary>CPU, memory and disk; null for a missed slot, or where they could not be read.</summary>
    public ResourceUse? Resources { get; init; }

    /// <summary>How long answers took, by endpoint.</summary>
    public IReadOnlyList<EndpointLatency> Endpoints { get; init => field = ReadableList.Of(value); } = ReadableList.Of<EndpointLatency>([]);

    /// <summary>What the logs had since the sample before, by class.</summary>
    public IReadOnlyList<LogCount> Logs { get; init => field = ReadableList.Of(value); } = ReadableList.Of<LogCount>([]);

    /// <summary>How far each log was read.</summary>
    public IReadOnlyList<LogPosition> LogPositions { get; init => field = ReadableList.Of(value); } = ReadableList.Of<LogPosition>([]);

    /// <summary>Whether completed runs are still what they were; null where the plan does not say how runs are listed.</summary>
    public RunDataCheck? Runs { get; init; }

    /// <summary>What users said since the sample before, by channel; empty where the plan has no channels.</summary>
    public IReadOnlyList<FeedbackCount> Feedback { get; init => field = ReadableList.Of(value); } = ReadableList.Of<FeedbackCount>([]);

    /// <summary>What happened beside the figures.</summary>
    public IReadOnlyList<WatchIncident> Incidents { get; init => field = ReadableList.Of(value); } = ReadableList.Of<WatchIncident>([]);

    /// <summary>The line of the record, where this slot has one: <c>[14:30] CPU: 12%, Memory: 45MB, API Response: 45ms, Errors: 0</c>.</summary>
    public string? Record { get; init; }

    /// <summary>Why a slot was missed, or a part of it could not be seen.</summary>
    public string? Detail { get; init; }

    /// <summary>When the next sample is due, UTC; null for the last.</summary>
    public DateTimeOffset? NextAt { get; init; }
}

/// <summary>One value of a sample beside its threshold.</summary>
/// <param name="Name">What it is: <c>service CPU</c>, <c>API response</c>.</param>
/// <param name="Verdict">Whether it is below; without a value never a pass.</param>
/// <param name="Unit"><c>%</c>, <c>ms</c>, <c>count</c>.</param>
/// <param name="Value">What was seen, in the unit; null when nothing was.</param>
/// <param name="Limit">What it must be below, or for a count must not exceed; null where nothing is asked.</param>
/// <param name="Samples">How many observations it rests on.</param>
/// <param name="Detail">Why, where value and limit do not say it all.</param>
public sealed record WatchCheck(string Name, Verdict Verdict, string Unit, double? Value, double? Limit, int Samples, string? Detail = null);

/// <summary>What the service and the machine use. CPU is the mean since the sample before, never a moment's.</summary>
public sealed record ResourceUse
{
    /// <summary>How many processes the service has, children and re-parented ones among them.</summary>
    public required int Processes { get; init; }

    /// <summary>CPU time of these processes in percent of all the machine's processors; null where that can't be told.</summary>
    public double? CpuPercent { get; init; }

    /// <summary>CPU time of everything, in percent of all the machine's processors; null where that can't be told.</summary>
    public double? MachineCpuPercent { get; init; }

    /// <summary>The time that the CPU figures are the mean of, in seconds.</summary>
    public double CpuWindowSeconds { get; init; }

    /// <summary>Memory of these processes in bytes; shared pages are counted once where the kernel says how (<see cref="MemoryMeasure"/>).</summary>
    public long? MemoryBytes { get; init; }

    /// <summary><see cref="MemoryBytes"/> in percent of the machine's memory.</summary>
    public double? MemoryPercent { get; init; }

    /// <summary><c>pss</c>: proportional set size, shared pages divided; <c>rss</c>: resident set size, shared pages in each.</summary>
    public string? MemoryMeasure { get; init; }

    /// <summary>The machine's memory that is not available, in percent.</summary>
    public double? MachineMemoryPercent { get; init; }

    /// <summary>The root's file system: used in percent of used and available, as df counts (which rounds up).</summary>
    public double? DiskPercent { get; init; }

    /// <summary>What an ordinary user can still write there, in bytes.</summary>
    public long? DiskFreeBytes { get; init; }
}

/// <summary>How long the answers of one endpoint took, from the request to the last byte, on a clock that is never set.</summary>
public sealed record EndpointLatency
{
    /// <summary>Its name: <c>health</c>, <c>download</c>, or the plan's.</summary>
    public required string Name { get; init; }

    /// <summary>The address' path.</summary>
    public required string Path { get; init; }

    /// <summary>True for a file that users download: its threshold is another one.</summary>
    public bool IsDownload { get; init; }

    /// <summary>How many requests were sent.</summary>
    public required int Requests { get; init; }

    /// <summary>How many were not answered whole with a status below 400.</summary>
    public required int Errors { get; init; }

    /// <summary>How many were answered with 404.</summary>
    public int NotFound { get; init; }

    /// <summary>The time of each answer in milliseconds, in the order of asking; requests without an answer are not among them.</summary>
    public IReadOnlyList<double> Milliseconds { get; init => field = ReadableList.Of(value); } = ReadableList.Of<double>([]);

    /// <summary>The median in milliseconds; null without an answer.</summary>
    public double? P50 { get; init; }

    /// <summary>The 95th percentile in milliseconds (nearest rank); null without an answer.</summary>
    public double? P95 { get; init; }

    /// <summary>The longest in milliseconds; null without an answer.</summary>
    public double? Max { get; init; }

    /// <summary>What the first error was; null when there was none.</summary>
    public string? Error { get; init; }
}

/// <summary>How often a class of lines stood in the logs, and out of how many.</summary>
/// <param name="Class"><c>404</c>, <c>download_404</c>, <c>backtest_error</c>, <c>api_error</c>, <c>warning</c>, or the plan's own.</param>
/// <param name="Matches">How many lines are of the class.</param>
/// <param name="Lines">How many lines were looked at.</param>
/// <param name="Requests">How many requests those lines tell of.</param>
/// <param name="First">The first line of the class, secrets taken out; null when there is none.</param>
/// <param name="Unknown">How many of the matches ask for a run that the service never gave out, as far as can be seen; they are held against nobody.</param>
public sealed record LogCount(string Class, int Matches, int Lines, int Requests, string? First = null, int Unknown = 0);

/// <summary>How far a log was read; it is the file itself that is followed, whatever it is called later.</summary>
/// <param name="Path">Its path when it was read.</param>
/// <param name="Device">The device that the file is on.</param>
/// <param name="Inode">The file on it.</param>
/// <param name="Offset">How many bytes were read, up to the end of the last whole line.</param>
public sealed record LogPosition(string Path, long Device, long Inode, long Offset);

/// <summary>Whether completed runs are still there with the bytes that they had.</summary>
public sealed record RunDataCheck
{
    /// <summary>How many completed runs are known from before.</summary>
    public required int Known { get; init; }

    /// <summary>How many runs the service lists now; null when it gave no list.</summary>
    public int? Listed { get; init; }

    /// <summary>How many results were read now and held against the digest from before.</summary>
    public required int Compared { get; init; }

    /// <summary>The runs that were completed and are gone.</summary>
    public IReadOnlyList<string> Vanished { get; init => field = ReadableList.Of(value); } = ReadableList.Of<string>([]);

    /// <summary>The runs whose result has other bytes than before.</summary>
    public IReadOnlyList<string> Changed { get; init => field = ReadableList.Of(value); } = ReadableList.Of<string>([]);

    /// <summary>SHA-256 of the catalogue of known runs with their digests, kept as an artifact; null while none is known.</summary>
    public string? Catalogue { get; init; }

    /// <summary>Why it could not be looked at whole; null when it could.</summary>
    public string? Detail { get; init; }
}

/// <summary>What users said in one channel.</summary>
/// <param name="Channel">The channel, as the plan names it.</param>
/// <param name="Verdict"><see cref="Verdict.Error"/> when it could not be read: the counts then mean nothing.</param>
/// <param name="Items">How many messages.</param>
/// <param name="Positive">How many praise.</param>
/// <param name="Negative">How many complain.</param>
/// <param name="BugReports">How many report something that does not work.</param>
/// <param name="Detail">Why it could not be read.</param>
public sealed record FeedbackCount(string Channel, Verdict Verdict, int Items, int Positive, int Negative, int BugReports, string? Detail = null);

/// <summary>Something that happened during a watch beside the figures.</summary>
/// <param name="Kind">What.</param>
/// <param name="Detail">For people, with the figures.</param>
public sealed record WatchIncident(WatchIncidentKind Kind, string Detail);
