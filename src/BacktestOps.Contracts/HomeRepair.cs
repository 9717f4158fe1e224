using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>What a home's database and results say of one run.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<HomeFinding>))]
public enum HomeFinding : long
{
    /// <summary>The database and the result agree.</summary>
    Sound,

    /// <summary>The database does not know the run: it is entered again as its result tells it.</summary>
    Unknown,

    /// <summary>The run completed, and its result is gone or was changed: the run is marked as failed.</summary>
    Lost,

    /// <summary>The file in the folder of results is no result that can be read; it is left alone.</summary>
    Unusable,
}

/// <summary>One run or file of a home that was looked at.</summary>
public sealed record HomeItem
{
    /// <summary>The run's id; null where the file does not tell it.</summary>
    public string? BacktestId { get; init; }

    /// <summary>The file, in the folder of results.</summary>
    public required string File { get; init; }

    /// <summary>What was found.</summary>
    public required HomeFinding Finding { get; init; }

    /// <summary>True when it was put right now.</summary>
    public bool IsRepaired { get; init; }

    /// <summary>What is wrong, in a sentence; null when nothing is.</summary>
    public string? Detail { get; init; }
}
