namespace BacktestOps.Engine.Simulation;

/// <summary>The entries of one moment, which share the cash there is.</summary>
/// <remarks>
/// Where it does not suffice for all, each gets the same part of what it asks for: no symbol comes first by its name.
/// </remarks>
/// <param name="book">The books.</param>
/// <param name="fills">Fills the entries.</param>
internal sealed class Entries(Book book, Fills fills)
{
    private const double Dust = 1e-11;

    private readonly List<(Filling Order, double Money, double MostShares)> _orders = [];

    /// <summary>True when there is none.</summary>
    public bool IsEmpty => _orders.Count == 0;

    /// <summary>Takes an entry in.</summary>
    /// <param name="order">The order.</param>
    /// <param name="money">What it asks for, costs included; infinite for all there is.</param>
    /// <param name="mostShares">The most shares; infinite for no such limit.</param>
    public void Add(in Filling order, double money, double mostShares) => _orders.Add((order, money, mostShares));

    /// <summary>Takes the entry of a symbol back.</summary>
    public void TakeBack(int symbol) => _orders.RemoveAll(entry => entry.Order.Symbol == symbol);

    /// <summary>What can go into new positions: the equity that is not bound as margin, over the initial margin.</summary>
    /// <param name="marks">A price for each symbol now; read only where something is owed or can be.</param>
    public double Available(ReadOnlySpan<double> marks)
    {
        if (book.Held == 0 && book.IsFreeOfDebt) return book.Cash;
        var available = book.IsFreeOfDebt ? book.Cash : book.Equity(marks) / book.Rules.Margin.Initial - book.Gross(marks);
        // What the rounding of earlier purchases left over buys nothing.
        return available > book.LastEquity * Dust ? available : Math.Min(available, 0);
    }

    /// <summary>Fills all entries.</summary>
    /// <param name="available">Money there is for them.</param>
    /// <param name="moment">When on their bar they fill; limit or stop, as each waited, where it is <see cref="EntryMoment.Limit"/>.</param>
    /// <param name="filled">Is told the symbol and bar of every entry, also of one that bought nothing: the rules are read anew.</param>
    public void Fill(double available, EntryMoment moment, Action<int, int> filled)
    {
        var part = 1.0;
        if (_orders.Count > 1)
        {
            var asked = 0.0;
            foreach (var (order, money, mostShares) in _orders) asked += Asked(order, money, mostShares);
            if (asked > available) part = Math.Max(0, available / asked);
        }
        foreach (var (order, money, mostShares) in _orders)
        {
            var budget = part == 1 ? Math.Min(money, available) : Asked(order, money, mostShares) * part;
            if (fills.Enter(order, budget, mostShares, isShort: IsShort(budget, money)))
            {
                ref var position = ref book.Positions[order.Symbol];
                position.Moment = moment == EntryMoment.Limit && position.WaitsForStop ? EntryMoment.Stop : moment;
            }
            filled(order.Symbol, order.Bar);
        }
        _orders.Clear();
    }

    // A size that was computed from the cash may differ from it by a rounding.
    private static bool IsShort(double budget, double money) => double.IsFinite(money) && budget < money * (1 - 1e-9);

    private double Asked(in Filling order, double money, double mostShares) =>
        double.IsFinite(mostShares) ? Math.Min(money, fills.Cost(order, mostShares)) : money;
}
