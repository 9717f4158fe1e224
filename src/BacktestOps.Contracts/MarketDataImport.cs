namespace BacktestOps.Contracts;

/// <summary>A symbol that was imported into a data folder.</summary>
public sealed record MarketDataImport
{
    /// <summary>The symbol.</summary>
    public required string Symbol { get; init; }

    /// <summary>The file that was written, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>The file of splits and dividends that was written beside it, absolute; null where the data had none.</summary>
    public string? ActionsPath { get; init; }

    /// <summary>What the files were recognised as: <c>Yahoo</c>, <c>Stooq</c>, <c>Alpha Vantage</c>, <c>LEAN</c>, <c>Parquet</c>, <c>CSV</c>.</summary>
    public required string Format { get; init; }

    /// <summary>How many files it was made of.</summary>
    public required int Files { get; init; }

    /// <summary>Its first bar.</summary>
    public required DateTime First { get; init; }

    /// <summary>Its last bar.</summary>
    public required DateTime Last { get; init; }

    /// <summary>How many bars it has.</summary>
    public required int Bars { get; init; }

    /// <summary>True when it has an adjusted close, of its own or made of splits and dividends.</summary>
    public required bool HasAdjustedClose { get; init; }

    /// <summary>What was done to the data on the way, in sentences; empty when it was taken as it is.</summary>
    public required IReadOnlyList<string> Notes { get; init => field = ReadableList.Of(value); }

    /// <summary>What was found in the data, as <c>Test-MarketData</c> finds it; lines are of the file that was written.</summary>
    public required IReadOnlyList<MarketDataFinding> Findings { get; init => field = ReadableList.Of(value); }
}
