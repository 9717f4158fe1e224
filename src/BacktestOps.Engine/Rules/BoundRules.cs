using BacktestOps.Contracts;
using BacktestOps.Engine.Rules.Evaluation;

namespace BacktestOps.Engine.Rules;

/// <summary>Rules whose parameters have values.</summary>
/// <param name="Entry">Buys.</param>
/// <param name="Exit">Sells.</param>
internal sealed record BoundRules(ConditionNode Entry, ConditionNode Exit)
{
    /// <summary>Sells short; null for never.</summary>
    public ConditionNode? ShortEntry { get; init; }

    /// <summary>Buys back; null for never by a rule of its own.</summary>
    public ConditionNode? ShortExit { get; init; }

    /// <summary>The order of an entry to the long side; null for a market order.</summary>
    public BoundOrder? EntryOrder { get; init; }

    /// <summary>The order of an entry to the short side; null for a market order.</summary>
    public BoundOrder? ShortEntryOrder { get; init; }

    /// <summary>The order of an exit from the long side; null for a market order.</summary>
    public BoundOrder? ExitOrder { get; init; }

    /// <summary>The order of an exit from the short side; null for a market order.</summary>
    public BoundOrder? ShortExitOrder { get; init; }

    /// <summary>Distance from the entry price, against the position; null for no such stop.</summary>
    public BoundDistance? StopLoss { get; init; }

    /// <summary>Distance from the entry price, with the position; null for no target.</summary>
    public BoundDistance? TakeProfit { get; init; }

    /// <summary>Distance from the best price, against the position; null for no such stop.</summary>
    public BoundDistance? TrailingStop { get; init; }

    /// <summary>True when something can fill within a bar.</summary>
    public bool IsIntrabar => (EntryOrder ?? ShortEntryOrder ?? ExitOrder ?? ShortExitOrder) is not null
        || (StopLoss ?? TakeProfit ?? TrailingStop) is not null;

    /// <summary>True for market orders to the long side alone.</summary>
    public bool IsPlain => ShortEntry is null && !IsIntrabar;

    /// <summary>The first bar at which an entry rule can hold.</summary>
    public int FirstBar => Math.Min(Entry.Warmup, ShortEntry?.Warmup ?? int.MaxValue);

    /// <summary>The columns of the bars that the rules and their orders read.</summary>
    public PriceFields Fields => Entry.Fields | Exit.Fields | (ShortEntry?.Fields ?? 0) | (ShortExit?.Fields ?? 0)
        | (EntryOrder?.Price.Fields ?? 0) | (ShortEntryOrder?.Price.Fields ?? 0)
        | (ExitOrder?.Price.Fields ?? 0) | (ShortExitOrder?.Price.Fields ?? 0)
        | (StopLoss?.Series?.Fields ?? 0) | (TakeProfit?.Series?.Fields ?? 0) | (TrailingStop?.Series?.Fields ?? 0)
        | (IsIntrabar ? PriceFields.High | PriceFields.Low : 0);
}

/// <summary>A distance of a stop: a part of a price, or money.</summary>
/// <param name="Fraction">The part; 0 where there is a series.</param>
/// <param name="Series">Money, read at the close at which the entry is ordered; null for a part.</param>
internal sealed record BoundDistance(double Fraction, SeriesNode? Series);

/// <summary>An order that waits for its price.</summary>
/// <param name="Kind">Limit or stop.</param>
/// <param name="Price">Its price, read at the close at which it is ordered.</param>
/// <param name="Bars">For how many bars of the symbol it can fill.</param>
internal sealed record BoundOrder(OrderKind Kind, SeriesNode Price, int Bars);
