using BacktestOps.Contracts;

namespace BacktestOps.Engine.Simulation;

/// <summary>Market orders that are due, and the entries of a moment.</summary>
internal sealed class DueOrders
{
    private readonly Book _book;
    private readonly Timeline _timeline;
    private readonly MarkRows _marks;
    private readonly Entries _entries;
    private readonly double[] _opens, _prices;
    private List<int> _due = [], _left = [];
    private bool _isOutOfOrder;

    /// <summary>Starts with nothing due.</summary>
    /// <param name="book">The books.</param>
    /// <param name="timeline">The dates.</param>
    /// <param name="marks">The closes.</param>
    public DueOrders(Book book, Timeline timeline, MarkRows marks)
    {
        (_book, _timeline, _marks, Fills) = (book, timeline, marks, new Fills(book));
        (_entries, _opens, _prices) = (new Entries(book, Fills), new double[book.Bars.Length], new double[book.Bars.Length]);
    }

    /// <summary>Fills orders.</summary>
    public Fills Fills { get; }

    /// <summary>True when nothing is due.</summary>
    public bool IsEmpty => _due.Count == 0;

    /// <summary>Notes that a symbol has something due.</summary>
    public void Add(int symbol)
    {
        if (_due.Count > 0 && _due[^1] >= symbol) _isOutOfOrder = true;
        _due.Add(symbol);
    }

    /// <summary>Fills the exits that are due, and brings positions down to their size.</summary>
    /// <param name="date">The date.</param>
    /// <param name="atClose">True at its close, false at its open.</param>
    /// <param name="filled">Is told each symbol and bar whose position changed.</param>
    public void LeaveAndResize(int date, bool atClose, Action<int, int> filled)
    {
        Sort();
        ReadPrices(date, atClose);
        foreach (var symbol in _due)
        {
            var bar = _timeline.BarAt(symbol, date);
            if (bar < 0) continue;
            ref var position = ref _book.Positions[symbol];
            var shares = _book.Shares[symbol];
            var order = new Filling(symbol, bar, _timeline.Dates[date], Math.Sign(shares), _prices[symbol], IsMarket: true);
            if (position.ExitDue is { } reason)
            {
                if (atClose && position.IsRest) continue;
                // A reversal whose exit was cut does not enter: the other side is still held.
                if (Fills.Leave(order, Math.Abs(shares), reason))
                {
                    position.ExitDue = null;
                }
                else
                {
                    position.IsRest = true;
                    position.CancelEntries();
                }
                filled(symbol, bar);
            }
            else if (position.ResizeDue)
            {
                Resize(order, ref position, Math.Abs(shares));
                filled(symbol, bar);
            }
            else if (!position.IsDue)
            {
                // A margin call took the order back: the rules are read anew.
                filled(symbol, bar);
            }
        }
    }

    /// <summary>Takes in an entry of this moment that waited for its price.</summary>
    public void AddEntry(in Filling order, double money, double mostShares) => _entries.Add(order, money, mostShares);

    /// <summary>Takes back what was taken in for a position that has left since.</summary>
    public void TakeBackEntry(int symbol) => _entries.TakeBack(symbol);

    /// <summary>Fills the entries that are due, together with those that were taken in.</summary>
    public void Enter(int date, bool atClose, Action<int, int> filled)
    {
        if (_due.Count == 0 && _entries.IsEmpty) return;
        Sort();
        _left.Clear();
        foreach (var symbol in _due)
        {
            ref var position = ref _book.Positions[symbol];
            if (_timeline.BarAt(symbol, date) is >= 0 and var bar && position is { ExitDue: null, EntryDue: not 0 })
            {
                // Read when exits were looked at: nothing is ordered between the two.
                _entries.Add(new Filling(symbol, bar, _timeline.Dates[date], position.EntryDue, _prices[symbol], IsMarket: true), position.Money, position.MostShares);
                position.EntryDue = 0;
            }
            if (position.IsDue) _left.Add(symbol);
        }
        (_due, _left) = (_left, _due);
        FillEntries(date, atClose ? EntryMoment.Before : EntryMoment.Open, filled);
    }

    /// <summary>Fills the entries that were taken in.</summary>
    /// <param name="date">The date.</param>
    /// <param name="moment">When on their bar they fill; that of each order where it is <see cref="EntryMoment.Limit"/>.</param>
    /// <param name="filled">As above.</param>
    public void FillEntries(int date, EntryMoment moment, Action<int, int> filled)
    {
        if (_entries.IsEmpty) return;
        var marks = moment == EntryMoment.Before ? _marks.At(date) : Opens(date);
        _entries.Fill(_entries.Available(marks), moment, filled);
    }

    // One after the other with nothing between: each lies elsewhere in memory, and what does not wait for a fill is waited for together.
    private void ReadPrices(int date, bool atClose)
    {
        foreach (var symbol in _due)
        {
            if (_timeline.BarAt(symbol, date) is >= 0 and var bar) _prices[symbol] = atClose ? _book.Bars[symbol].Close[bar] : _book.Bars[symbol].Open[bar];
        }
    }

    private void Resize(in Filling order, ref Position position, double shares)
    {
        position.ResizeDue = false;
        if (shares == 0) return;
        // A size in shares; without one, in money.
        var isShares = double.IsFinite(position.MostShares);
        var over = isShares ? (shares - position.MostShares) * order.Price : shares * order.Price - position.Money;
        if (over < 0) _entries.Add(order, isShares ? position.Money : -over, isShares ? position.MostShares - shares : position.MostShares);
        else if (_book.Rules.Costs.Whole(over / order.Price) is > 0 and var less && IsWorthIt(order, less)) Fills.Leave(order, Math.Min(less, shares), ExitReason.Rebalance);
    }

    // A part whose commission is more than its money is not sold to put a size right.
    private bool IsWorthIt(in Filling order, double shares) => _book.Rules.Costs.Commission(shares * order.Price, shares) < shares * order.Price;

    // What is held is worth its open, where it has one on this date. Read only where something is owed.
    private double[] Opens(int date)
    {
        if (_book.IsFreeOfDebt) return _opens;
        var last = date == 0 ? default : _marks.At(date - 1);
        for (var i = 0; i < _opens.Length; i++)
            _opens[i] = _timeline.BarAt(i, date) is >= 0 and var bar ? _book.Bars[i].Open[bar] : last.IsEmpty ? 0 : last[i];
        return _opens;
    }

    // Symbols are in their order, so that nothing depends on when each was ordered.
    private void Sort()
    {
        if (!_isOutOfOrder) return;
        _due = [.. _due.Distinct().Order()];
        _isOutOfOrder = false;
    }
}
