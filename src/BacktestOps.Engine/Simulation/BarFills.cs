using BacktestOps.Contracts;

namespace BacktestOps.Engine.Simulation;

/// <summary>What a bar's prices fill: stops, targets, and orders that wait for their price.</summary>
/// <param name="book">The books.</param>
/// <param name="timeline">The dates.</param>
/// <param name="due">The orders that are due, and the entries of a moment.</param>
internal sealed class BarFills(Book book, Timeline timeline, DueOrders due)
{
    private readonly bool[] _hasLevels = [.. book.Signals.Select(said => said.HasLevels)];

    /// <summary>Fills the stops, targets and exits that the open is beyond, and takes in the entries whose price it is beyond.</summary>
    /// <param name="date">The date.</param>
    /// <param name="filled">Is told each symbol and bar whose position changed.</param>
    public void AtOpen(int date, Action<int, int> filled)
    {
        for (var i = 0; i < book.Shares.Length; i++)
        {
            var bar = timeline.BarAt(i, date);
            if (bar < 0) continue;
            ref var position = ref book.Positions[i];
            var open = book.Bars[i].Open[bar];
            if (book.Shares[i] != 0)
            {
                if (_hasLevels[i] && position.ExitDue is null && StopLevels.AtOpen(book.Signals[i], position, Math.Sign(book.Shares[i]), book.Bars[i], bar) is { } exit)
                    Leave(i, bar, exit, filled);
            }
            else if (position.Waiting != 0 && IsReached(position, open))
            {
                TakeIn(i, bar, open, ref position);
            }
        }
    }

    /// <summary>Fills what is reached after the open: entries first, from the cash there is before anything within the bar is sold.</summary>
    public void Within(int date, Action<int, int> filled)
    {
        for (var i = 0; i < book.Shares.Length; i++)
        {
            ref var position = ref book.Positions[i];
            if (position.Waiting == 0 || book.Shares[i] != 0 || timeline.BarAt(i, date) is not (>= 0 and var bar)) continue;
            var price = IsBelow(position) ? StopLevels.Lowest(book.Bars[i], bar) : StopLevels.Highest(book.Bars[i], bar);
            if (IsReached(position, price)) TakeIn(i, bar, position.WaitingPrice, ref position);
            else if (--position.WaitingBars == 0) position.Waiting = 0;
        }
        due.FillEntries(date, EntryMoment.Limit, filled);
        for (var i = 0; i < book.Shares.Length; i++)
        {
            // What is on its way out was cut by its bar's volume: there is no more to be had from it.
            if (!_hasLevels[i] || book.Shares[i] == 0 || book.Positions[i].ExitDue is not null || timeline.BarAt(i, date) is not (>= 0 and var bar)) continue;
            ref var position = ref book.Positions[i];
            var side = Math.Sign(book.Shares[i]);
            if (StopLevels.Within(book.Signals[i], position, side, book.Bars[i], bar) is { } exit) Leave(i, bar, exit, filled);
            position.Best = StopLevels.BestAfter(position, side, book.Bars[i], bar);
            position.Moment = EntryMoment.Before;
        }
    }

    // A limit to buy and a stop to sell wait for a lower price.
    private static bool IsBelow(in Position position) => position.WaitsForStop == position.Waiting < 0;

    private static bool IsReached(in Position position, double price) => StopLevels.Reaches(price, position.WaitingPrice, IsBelow(position) ? -1 : 1);

    private void TakeIn(int symbol, int bar, double price, ref Position position)
    {
        due.AddEntry(new Filling(symbol, bar, book.Bars[symbol].Dates[bar], position.Waiting, price, position.WaitsForStop), position.Money, position.MostShares);
        position.Waiting = 0;
    }

    private void Leave(int symbol, int bar, in LevelExit exit, Action<int, int> filled)
    {
        ref var position = ref book.Positions[symbol];
        var shares = book.Shares[symbol];
        var order = new Filling(symbol, bar, book.Bars[symbol].Dates[bar], Math.Sign(shares), exit.Price, IsMarket: !exit.IsLimit);
        if (due.Fills.Leave(order, Math.Abs(shares), exit.Reason))
        {
            // An order for the next fill was for a position that is gone.
            (position.ExitDue, position.ResizeDue) = (null, false);
        }
        else if (exit is { IsLimit: true, Reason: ExitReason.Rule })
        {
            // A limit is a limit for the rest as well, and fills once a bar.
            position.WaitingExit = position.WaitingExit with { First = bar + 1 };
        }
        else
        {
            (position.ExitDue, position.IsRest) = (exit.Reason, true);
            due.Add(symbol);
        }
        due.TakeBackEntry(symbol);
        filled(symbol, bar);
    }
}
