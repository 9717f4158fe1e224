using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData.Import;

/// <summary>The bars of one symbol as one file has them, in the file's order and not checked yet.</summary>
/// <param name="Source">The file, and what is inside it, for messages.</param>
/// <param name="Format">What the file was recognised as.</param>
/// <param name="Symbol">The symbol, where the content or the name says it.</param>
internal sealed record BarTable(string Source, string Format, string? Symbol)
{
    /// <summary>The rows.</summary>
    public List<ImportedBar> Rows { get; } = [];

    /// <summary>Rows without any price, which were left out: vendors write them for days without trade.</summary>
    public int Empty { get; set; }

    /// <summary>True when the volume stands there; else every volume is zero.</summary>
    public bool HasVolume { get; init; } = true;

    /// <summary>True when the adjusted close stands there.</summary>
    public bool HasAdjustedClose { get; init; }

    /// <summary>True when splits and dividends stand there, of prices as they were traded or with the splits in them.</summary>
    public bool HasActions { get; init; }

    /// <summary>What there is to say about columns that are not used; null for nothing.</summary>
    public string? Note { get; init; }
}

/// <summary>One bar on its way in.</summary>
/// <param name="Date">Exchange time.</param>
/// <param name="Open">First price.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Close">Last price.</param>
/// <param name="Volume">Shares.</param>
/// <param name="Adjusted">Adjusted close; the close where there is none.</param>
/// <param name="Line">Where in its source, 1-based.</param>
/// <param name="Source">Its source, for messages.</param>
/// <param name="Split">Shares after the bar's split for one before; 1 for none.</param>
/// <param name="Dividend">Cash for a share that goes ex with the bar.</param>
internal readonly record struct ImportedBar(
    DateTime Date, double Open, double High, double Low, double Close, double Volume, double Adjusted, int Line, string Source,
    double Split = 1, double Dividend = 0)
{
    /// <summary>True when both say the same of the same time.</summary>
    public bool SaysTheSameAs(ImportedBar other) => (Date, Open, High, Low, Close, Volume, Adjusted, Split, Dividend)
        == (other.Date, other.Open, other.High, other.Low, other.Close, other.Volume, other.Adjusted, other.Split, other.Dividend);

    /// <summary>The fault that this row is.</summary>
    public MarketDataException Fault(string detail) => new(Source, Line, detail);
}
