using BacktestOps.Engine.Rules;

namespace BacktestOps.Engine.Simulation;

/// <summary>Reads the rules at a close and writes the orders down.</summary>
/// <param name="book">The books.</param>
/// <param name="sizes">How large positions are to be.</param>
internal sealed class Decisions(Book book, Sizes sizes)
{
    // A size is put right only by what is more than a rounding.
    private const double SizeDoubt = 1e-9;

    private readonly List<(int Symbol, int Bar)> _entries = [];

    /// <summary>The first bar, from one on, at which the rules say something to what is held.</summary>
    /// <returns>The bar; the number of bars where there is none.</returns>
    public int NextEvent(int symbol, int bar)
    {
        var signals = book.Signals[symbol];
        var waits = book.Positions[symbol].Waiting != 0;
        var next = int.MaxValue;
        switch (Math.Sign(book.Shares[symbol]))
        {
            case 0:
                next = Math.Min(signals.Entry.Next(bar), signals.ShortEntry.Next(bar));
                if (waits) next = Math.Min(next, Math.Min(signals.Exit.Next(bar), signals.ShortExit.Next(bar)));
                break;
            case > 0:
                next = Math.Min(signals.Exit.Next(bar), signals.ShortEntry.Next(bar));
                if (signals.Weights is not null) next = Math.Min(next, signals.Entry.Next(bar));
                break;
            default:
                next = Math.Min(signals.ShortExit.Next(bar), signals.Entry.Next(bar));
                if (signals.Weights is not null) next = Math.Min(next, signals.ShortEntry.Next(bar));
                break;
        }
        return Math.Min(next, signals.Entry.Count);
    }

    /// <summary>Reads the rules of one symbol.</summary>
    /// <returns>True when something was ordered that fills at the next fill.</returns>
    public bool Decide(int symbol, int bar)
    {
        ref var position = ref book.Positions[symbol];
        // What is on its way out is not asked again.
        if (position.ExitDue is not null) return true;
        var signals = book.Signals[symbol];
        var (entersLong, entersShort) = (signals.Entry[bar], signals.ShortEntry[bar]);
        var side = entersLong == entersShort ? 0 : entersLong ? 1 : -1;
        var held = Math.Sign(book.Shares[symbol]);
        if (held == 0)
        {
            if (position.Waiting != 0 && Exits(signals, position.Waiting, bar)) position.Waiting = 0;
            if (side != 0) Order(symbol, bar, side);
        }
        else if (side == -held)
        {
            position.ExitDue = Contracts.ExitReason.Reversal;
            Order(symbol, bar, side);
        }
        else if (Exits(signals, held, bar))
        {
            OrderExit(symbol, bar, held);
        }
        else if (side == held && signals.Weights is not null && book.Rules.Rebalance is null)
        {
            // A calendar brings all positions to their size by itself.
            position.ResizeDue = true;
            _entries.Add((symbol, bar));
        }
        return position.IsDue;
    }

    /// <summary>Gives the entries of a close their sizes.</summary>
    /// <param name="date">The date.</param>
    /// <param name="equity">Equity at the close.</param>
    /// <param name="symbols">Among how many symbols an equal weight is shared out.</param>
    /// <param name="cancelled">Is told the symbol and bar of every entry that has no size and is not made.</param>
    public void SizeEntries(int date, double equity, int symbols, Action<int, int> cancelled)
    {
        foreach (var (symbol, bar) in _entries)
        {
            ref var position = ref book.Positions[symbol];
            (position.Money, position.MostShares) = sizes.Of(symbol, bar, date, equity, symbols);
            if (position.Money > 0) continue;
            position.CancelEntries();
            var day = book.Bars[symbol].Dates[bar];
            if (double.IsNaN(position.Money)) book.Notes[symbol].Undefined = book.Notes[symbol].Undefined.And(day);
            else book.Notes[symbol].Unaffordable = book.Notes[symbol].Unaffordable.And(day);
            cancelled(symbol, bar);
        }
        _entries.Clear();
    }

    /// <summary>Orders that a position be brought to its size, where it is off by more than may be.</summary>
    /// <returns>True when it is.</returns>
    public bool Resize(int symbol, int bar, int date, double equity, int symbols)
    {
        ref var position = ref book.Positions[symbol];
        var (money, mostShares) = sizes.Of(symbol, bar, date, equity, symbols);
        if (book.Signals[symbol].Weights is not null && double.IsInfinity(money) && double.IsInfinity(mostShares)) money = equity;
        // All there is and a number of shares are what they are.
        if (!double.IsFinite(money) || double.IsFinite(mostShares)) return false;
        money = Math.Max(0, money);
        var off = Math.Abs(Math.Abs(book.Shares[symbol]) * book.Bars[symbol].Close[bar] - money);
        if (off <= Math.Max(book.Rules.Rebalance!.Drift * equity, money * SizeDoubt)) return false;
        (position.ResizeDue, position.Money, position.MostShares) = (true, money, mostShares);
        return true;
    }

    private void Order(int symbol, int bar, int side)
    {
        var signals = book.Signals[symbol];
        ref var position = ref book.Positions[symbol];
        var order = side > 0 ? signals.EntryOrder : signals.ShortEntryOrder;
        var price = order?.Prices[bar] ?? 1;
        if (!(price > 0 && AreStopsDefined(signals, bar)))
        {
            book.Notes[symbol].Undefined = book.Notes[symbol].Undefined.And(book.Bars[symbol].Dates[bar]);
            return;
        }
        position.EntryOrderedAt = bar;
        if (order is null) (position.EntryDue, position.Waiting) = (side, 0);
        else (position.Waiting, position.WaitingPrice, position.WaitsForStop, position.WaitingBars) = (side, price, order.IsStop, order.Bars);
        _entries.Add((symbol, bar));
    }

    private void OrderExit(int symbol, int bar, int held)
    {
        ref var position = ref book.Positions[symbol];
        if ((held > 0 ? book.Signals[symbol].ExitOrder : book.Signals[symbol].ShortExitOrder) is not { } order || order.Prices[bar] == OrderPrices.Market)
            position.ExitDue = Contracts.ExitReason.Rule;
        else if (order.Prices[bar] > 0)
            position.WaitingExit = new(order.Prices[bar], order.IsStop, bar + 1, bar + order.Bars);
        else
            book.Notes[symbol].UndefinedExits = book.Notes[symbol].UndefinedExits.And(book.Bars[symbol].Dates[bar]);
    }

    private static bool AreStopsDefined(Signals signals, int bar) =>
        signals.StopLoss?.IsDefined(bar) != false && signals.TakeProfit?.IsDefined(bar) != false && signals.TrailingStop?.IsDefined(bar) != false;

    private static bool Exits(Signals signals, int side, int bar) => side > 0 ? signals.Exit[bar] : signals.ShortExit[bar];
}
