using System.Numerics;
using System.Runtime.Intrinsics;
using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;

namespace BacktestOps.Engine.Simulation;

/// <summary>Simulates symbols that share some cash: all that the rules of trading can ask for.</summary>
/// <remarks>
/// At each date, in this order: what is owed costs its interest; splits and dividends; at the open, exits that are due, stops that the open is
/// beyond, then entries; within the bar, entries that waited for their price, then stops, targets and exits that waited; at the close, the marks, the
/// rules, market orders where they fill at the close, and the margin. A symbol without a bar on a date keeps its last mark,
/// and its orders wait for its next bar. Nothing depends on the order of the symbols.
/// </remarks>
internal sealed class AccountSimulator
{
    private readonly Book _book;
    private readonly Timeline _timeline;
    private readonly MarkRows _marks;
    private readonly Decisions _decisions;
    private readonly BarFills _barFills;
    private readonly DueOrders _due;
    private readonly Financing _financing;
    private readonly CorporateEvents _events;
    private readonly bool _isIntrabar;
    private readonly Action<int, int> _filled, _filledAtClose;
    private readonly int[] _nextEvent;
    private readonly double[] _equity;
    private readonly double _initialCash;
    private readonly int _start;
    private int _next;

    private AccountSimulator(
        BarSeries[] bars, Signals[] signals, TradingRules rules, double cash, AccountState? state)
    {
        _book = new Book(bars, signals, rules, state?.Cash ?? cash);
        _timeline = new Timeline(bars);
        _marks = new MarkRows(bars, _timeline);
        _decisions = new Decisions(_book, new Sizes(_book, _timeline));
        _due = new DueOrders(_book, _timeline, _marks);
        _barFills = new BarFills(_book, _timeline, _due);
        _financing = new Financing(_book, _timeline, _marks);
        _events = new CorporateEvents(_book, _timeline);
        _isIntrabar = signals.Any(said => (said.EntryOrder ?? said.ShortEntryOrder) is not null || said.HasLevels);
        (_filled, _filledAtClose) = (Filled, FilledAtClose);
        _initialCash = cash;
        _nextEvent = new int[(bars.Length + Vector512<int>.Count - 1) / Vector512<int>.Count * Vector512<int>.Count];
        Array.Fill(_nextEvent, int.MaxValue);
        (_start, _next) = (state?.NextDate ?? 0, state?.NextDate ?? 0);
        _equity = new double[_timeline.Dates.Length - _start];
        if (state is not null) Restore(state);
        for (var i = 0; i < bars.Length; i++) Expect(i, FirstBarFrom(i, _start));
    }

    /// <summary>Simulates to the end.</summary>
    /// <param name="bars">The symbols in ordinal order, cut to the range; at least one, each with a bar.</param>
    /// <param name="signals">What the rules say of each.</param>
    /// <param name="cash">Cash at the first bar.</param>
    /// <param name="rules">The rules of trading.</param>
    /// <param name="progress">Told the fraction done now and then; null for nobody.</param>
    /// <param name="cancellationToken">Stops it between two dates.</param>
    public static Sleeve Run(
        BarSeries[] bars, Signals[] signals, double cash, TradingRules rules,
        Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var simulator = new AccountSimulator(bars, signals, rules, cash, null);
        simulator.Advance(int.MaxValue, progress, cancellationToken);
        return simulator.ToSleeve();
    }

    /// <summary>Simulates some of the dates, from the beginning or from where another simulation stood.</summary>
    /// <param name="bars">As above; all of them, also when a simulation goes on.</param>
    /// <param name="signals">As above.</param>
    /// <param name="cash">As above.</param>
    /// <param name="rules">As above.</param>
    /// <param name="from">Where it stood; null for the beginning.</param>
    /// <param name="dates">How many dates.</param>
    /// <returns>Equity and trades of these dates, and where it stands after them.</returns>
    public static (double[] Equity, IReadOnlyList<Trade> Trades, AccountState State) RunPart(
        BarSeries[] bars, Signals[] signals, double cash, TradingRules rules, AccountState? from, int dates)
    {
        var simulator = new AccountSimulator(bars, signals, rules, cash, from);
        simulator.Advance(dates, null, default);
        var book = simulator._book;
        return (simulator._equity[..(simulator._next - simulator._start)], book.Trades,
            new AccountState(simulator._next, book.Cash, book.LastEquity, [.. book.Shares], [.. book.Positions]));
    }

    private void Advance(int dates, Action<double>? progress, CancellationToken cancellationToken)
    {
        var end = (int)Math.Min(_timeline.Dates.Length, (long)_next + dates);
        for (; _next < end; _next++)
        {
            if (_next % 64 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Invoke((double)_next / _timeline.Dates.Length);
            }
            Step(_next);
        }
    }

    private void Step(int date)
    {
        _financing.Accrue(date);
        _events.Apply(date);
        if (!_due.IsEmpty) _due.LeaveAndResize(date, atClose: false, _filled);
        if (_isIntrabar) _barFills.AtOpen(date, _filled);
        _due.Enter(date, atClose: false, _filled);
        if (_isIntrabar) _barFills.Within(date, _filled);

        var marks = _marks.At(date);
        var equity = _book.Equity(marks);
        if (Decide(date, equity) && _book.Rules.FillsAtClose)
        {
            _due.LeaveAndResize(date, atClose: true, _filledAtClose);
            _due.Enter(date, atClose: true, _filledAtClose);
            equity = _book.Equity(marks);
        }
        _financing.CheckMargin(date, equity, marks, _due);
        _equity[date - _start] = _book.LastEquity = equity;
    }

    // True when an order was given.
    private bool Decide(int date, double equity)
    {
        if (_book.Rules.Rebalance is { } calendar)
            return RebalanceCalendar.IsDue(calendar.Every, _timeline.Dates, date) && Rebalance(date, equity);
        var isAny = false;
        for (var first = 0; first < _nextEvent.Length; first += Vector512<int>.Count)
        {
            var now = Vector512.Equals(Vector512.Create<int>(_nextEvent.AsSpan(first)), Vector512.Create(date)).ExtractMostSignificantBits();
            for (; now != 0; now &= now - 1)
            {
                isAny = true;
                Decide(first + BitOperations.TrailingZeroCount(now), date);
            }
        }
        if (isAny) _decisions.SizeEntries(date, equity, _book.Bars.Length, _filledAtClose);
        return isAny;
    }

    private void Decide(int symbol, int date)
    {
        var bar = _timeline.BarAt(symbol, date);
        if (_decisions.Decide(symbol, bar))
        {
            // Asked again when it has filled.
            _due.Add(symbol);
            _nextEvent[symbol] = int.MaxValue;
        }
        else
        {
            Expect(symbol, bar + 1);
        }
    }

    private bool Rebalance(int date, double equity)
    {
        var wanted = 0;
        for (var i = 0; i < _book.Bars.Length; i++)
        {
            if (_timeline.BarAt(i, date) is >= 0 and var bar) _decisions.Decide(i, bar);
            ref var position = ref _book.Positions[i];
            if (position.EntryDue != 0 || position.Waiting != 0 || (_book.Shares[i] != 0 && position.ExitDue is null)) wanted++;
        }
        _decisions.SizeEntries(date, equity, wanted, _filledAtClose);
        for (var i = 0; i < _book.Bars.Length; i++)
        {
            ref var position = ref _book.Positions[i];
            if (_book.Shares[i] != 0 && position.ExitDue is null && _timeline.BarAt(i, date) is >= 0 and var bar)
                _decisions.Resize(i, bar, date, equity, wanted);
            if (position.IsDue) _due.Add(i);
        }
        return true;
    }

    // What is held has changed: the rules are asked about something else, from the close of this bar on.
    private void Filled(int symbol, int bar) => Expect(symbol, bar);

    private void FilledAtClose(int symbol, int bar) => Expect(symbol, bar + 1);

    private void Expect(int symbol, int bar)
    {
        if (_book.Rules.Rebalance is not null) return;
        var next = _decisions.NextEvent(symbol, bar);
        _nextEvent[symbol] = next < _book.Bars[symbol].Count ? _timeline.DateOf(symbol, next) : int.MaxValue;
    }

    private int FirstBarFrom(int symbol, int date)
    {
        for (; date < _timeline.Dates.Length; date++)
        {
            if (_timeline.BarAt(symbol, date) is >= 0 and var bar) return bar;
        }
        return _book.Bars[symbol].Count;
    }

    private void Restore(AccountState state)
    {
        _book.LastEquity = state.Equity;
        state.Shares.CopyTo(_book.Shares, 0);
        state.Positions.CopyTo(_book.Positions, 0);
        _book.Held = state.Shares.Count(shares => shares != 0);
        _book.Shorts = state.Shares.Count(shares => shares < 0);
        for (var i = 0; i < state.Positions.Length; i++)
        {
            if (state.Positions[i].IsDue) _due.Add(i);
        }
    }

    private Sleeve ToSleeve() => new()
    {
        Bars = _book.Bars,
        UnionOfDates = _timeline.Dates,
        InitialCash = _initialCash,
        Equity = _equity,
        Trades = _book.Trades,
        Open = [.. Enumerable.Range(0, _book.Bars.Length).Where(i => _book.Shares[i] != 0).Select(Open)],
        CommissionPaid = _book.CommissionPaid,
        OtherCosts = _book.OtherCosts,
        Notes = _book.Notes,
        MarginCalls = _financing.MarginCalls,
        Ruin = _financing.Ruin,
    };

    private OpenPosition Open(int symbol)
    {
        var (position, shares, last) = (_book.Positions[symbol], _book.Shares[symbol], _book.Bars[symbol].Close[^1]);
        return new OpenPosition
        {
            Symbol = _book.Bars[symbol].Symbol,
            Quantity = shares,
            EntryDate = position.EntryDate,
            EntryPrice = position.EntryPrice,
            LastPrice = last,
            Commission = position.EntryCommission,
            BorrowCost = position.BorrowCost,
            UnrealizedProfit = (last - position.EntryPrice) * shares - position.EntryCommission - position.BorrowCost,
        };
    }
}
