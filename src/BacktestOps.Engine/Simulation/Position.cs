using BacktestOps.Contracts;

namespace BacktestOps.Engine.Simulation;

/// <summary>How a position was entered on the bar that is being simulated.</summary>
internal enum EntryMoment
{
    /// <summary>On a bar before.</summary>
    Before,

    /// <summary>At the open: the whole bar comes after it.</summary>
    Open,

    /// <summary>By a limit order within the bar.</summary>
    Limit,

    /// <summary>By a stop order within the bar.</summary>
    Stop,
}

/// <summary>What is held of one symbol and what is ordered: all that a simulation remembers of it, beside the number of shares.</summary>
/// <remarks>A value: a copy is a snapshot from which the simulation can go on.</remarks>
internal record struct Position
{
    /// <summary>Mean price of the shares held, slippage included.</summary>
    public double EntryPrice { get; set; }

    /// <summary>The first bar that filled.</summary>
    public DateTime EntryDate { get; set; }

    /// <summary>Commission of the shares held.</summary>
    public double EntryCommission { get; set; }

    /// <summary>What borrowing the shares held has cost.</summary>
    public double BorrowCost { get; set; }

    /// <summary>The bar at whose close the position was ordered.</summary>
    public int OrderedAt { get; set; }

    /// <summary>The bar at whose close the entry that is due or waits was ordered.</summary>
    public int EntryOrderedAt { get; set; }

    /// <summary>The best price since the entry, up to the bar before.</summary>
    public double Best { get; set; }

    /// <summary>What a share has grown to since the entry was ordered, by splits and dividends of prices as traded; 1 without.</summary>
    public double Growth { get; set; }

    /// <summary>How it was entered on the bar that is being simulated.</summary>
    public EntryMoment Moment { get; set; }

    /// <summary>Why it is closed at the next fill; null when it is not.</summary>
    public ExitReason? ExitDue { get; set; }

    /// <summary>True when that is the rest of an exit that a bar's volume cut; it goes at an open.</summary>
    public bool IsRest { get; set; }

    /// <summary>The side of an entry by market order that is due: 1, −1, or 0 for none.</summary>
    public int EntryDue { get; set; }

    /// <summary>True when the position is brought to a size at the next fill.</summary>
    public bool ResizeDue { get; set; }

    /// <summary>The money of the entry or of the size that is due; infinite for all there is.</summary>
    public double Money { get; set; }

    /// <summary>The most shares of the entry; infinite for no such limit.</summary>
    public double MostShares { get; set; }

    /// <summary>The side of an entry that waits for its price: 1, −1, or 0 for none.</summary>
    public int Waiting { get; set; }

    /// <summary>Its price.</summary>
    public double WaitingPrice { get; set; }

    /// <summary>True for a stop order.</summary>
    public bool WaitsForStop { get; set; }

    /// <summary>For how many more bars it waits.</summary>
    public int WaitingBars { get; set; }

    /// <summary>The exit by rule that waits for its price; <c>default</c> for none.</summary>
    public WaitingExit WaitingExit { get; set; }

    /// <summary>True when something is due at the next fill.</summary>
    public readonly bool IsDue => ExitDue is not null || EntryDue != 0 || ResizeDue;

    /// <summary>Takes back every entry.</summary>
    public void CancelEntries() => (EntryDue, Waiting, ResizeDue) = (0, 0, false);
}
