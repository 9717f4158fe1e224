using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>The state of one run at one moment: the answer to start, progress, list and cancel.</summary>
public sealed record BacktestProgress
{
    /// <summary>The id of the run, opaque to callers.</summary>
    public required string BacktestId { get; init; }

    /// <summary>Where the run stands.</summary>
    public required BacktestStatus Status { get; init; }

    /// <summary>Percent done, 0 to 100; it never falls, and is 100 only when the result can be read.</summary>
    public required double Progress { get; init; }

    /// <summary>What is being done now, for people: <c>loading AAPL</c>, <c>simulating</c>; null when nothing is.</summary>
    public string? Activity { get; init; }

    /// <summary>The strategy's name.</summary>
    public required string Strategy { get; init; }

    /// <summary>The symbols of the run.</summary>
    public required IReadOnlyList<string> Symbols { get; init => field = ReadableList.Of(value); }

    /// <summary>The strategy's parameters, defaults filled in, without those that a sweep varies: they tell runs of the same strategy apart.</summary>
    public IReadOnlyDictionary<string, double> Parameters { get; set => field = ReadableMap.Of(value); } = ReadableMap.Of(null);

    /// <summary>When the run was accepted, UTC.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>When its last execution began, UTC; null before that.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it became completed, failed or cancelled, UTC; null before that.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How many times its execution was begun; above 1 when a process died in the middle of it.</summary>
    public int Attempts { get; init; }

    /// <summary>Why it failed, for people: what was wrong, where, what to do next. Null unless failed.</summary>
    public string? Error { get; init; }

    /// <summary>File name of the result; null until completed.</summary>
    public string? ResultsFile { get; init; }

    /// <summary>SHA-256 of the result file, lower-case hex; null until completed.</summary>
    public string? ResultDigest { get; init; }

    /// <summary>How far the variants of a sweep are; null for one run, and while nothing is being run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepProgress? Sweep { get; init; }
}

/// <summary>Which runs to list. Newest first.</summary>
public sealed record BacktestQuery
{
    /// <summary>Only runs of this status; null for all.</summary>
    public BacktestStatus? Status { get; init; }

    /// <summary>Only runs of this strategy, by its catalogue name; null for all.</summary>
    public string? Strategy { get; init; }

    /// <summary>Only runs with this symbol, spelled as in the catalogue; null for all.</summary>
    public string? Symbol { get; init; }

    /// <summary>Only runs accepted before this one: the id of the last run of the page before; null for the first page.</summary>
    public string? After { get; init; }

    /// <summary>At most this many, 1 to 1000.</summary>
    public int Limit { get; init; } = 100;
}

/// <summary>One page of runs, newest first.</summary>
public sealed record BacktestList
{
    /// <summary>The runs.</summary>
    public required IReadOnlyList<BacktestProgress> Backtests { get; init => field = ReadableList.Of(value); }

    /// <summary>What <c>cursor</c> takes for the next page, opaque; null when this page is the last.</summary>
    public string? NextCursor { get; init; }
}
