using BacktestOps.Contracts;

namespace BacktestOps.Engine.Simulation;

/// <summary>An order that fills now.</summary>
/// <param name="Symbol">The symbol's place in the book.</param>
/// <param name="Bar">Its bar.</param>
/// <param name="Date">The date of the bar.</param>
/// <param name="Side">1 for long, −1 for short: the side of the position, not of the order.</param>
/// <param name="Price">The price of the bar.</param>
/// <param name="IsMarket">True when slippage is paid: market and stop orders.</param>
internal readonly record struct Filling(int Symbol, int Bar, DateTime Date, int Side, double Price, bool IsMarket);

/// <summary>Fills orders: moves shares and cash, and keeps the trades.</summary>
/// <param name="book">The books.</param>
internal sealed class Fills(Book book)
{
    private const int Halvings = 52;

    private readonly TradingRules _rules = book.Rules;
    private readonly bool _readsBar = book.Rules.Fields != 0;

    /// <summary>Enters a position or adds to it, with no more than a budget.</summary>
    /// <param name="order">The order.</param>
    /// <param name="budget">Money for shares and commission.</param>
    /// <param name="mostShares">The most shares; infinite for no such limit.</param>
    /// <param name="isShort">True when the budget is less than the size asks for.</param>
    /// <returns>True when any share was bought or sold short.</returns>
    public bool Enter(in Filling order, double budget, double mostShares, bool isShort)
    {
        var bar = BarOf(order);
        var wanted = double.IsFinite(mostShares) ? _rules.Costs.Whole(mostShares) : mostShares;
        var shares = Math.Min(Buyable(order, budget, bar), wanted);
        if (shares > 0)
        {
            if (isShort || (double.IsFinite(wanted) && shares < wanted)) NoteShort(order);
            shares = WithinVolume(order, shares, bar);
        }
        else if (book.Shares[order.Symbol] == 0) book.Notes[order.Symbol].Unaffordable = book.Notes[order.Symbol].Unaffordable.And(order.Date);
        if (!(shares > 0)) return false;

        var price = FillPrice(order, order.Side, shares, bar);
        // Nothing is sold short for nothing.
        if (!(price > 0)) return false;
        var money = shares * price;
        var commission = _rules.Costs.Commission(money, shares);
        Hold(order, shares, price, commission);
        var cash = order.Side > 0 ? book.Cash - money - commission : book.Cash + money - commission;
        // The last rounding of a purchase with everything must not leave a debt.
        book.Cash = book.IsFreeOfDebt ? Math.Max(0, cash) : cash;
        Pay(commission, shares, price - order.Price);
        return true;
    }

    /// <summary>The money that an entry of so many shares takes, costs included.</summary>
    public double Cost(in Filling order, double shares) => Cost(order, shares, BarOf(order), 1 / _rules.Margin.Initial);

    /// <summary>Closes a position or a part of it.</summary>
    /// <param name="order">The order.</param>
    /// <param name="shares">How many shares, at most those held.</param>
    /// <param name="reason">Why.</param>
    /// <returns>True when all of these shares were sold or bought back.</returns>
    public bool Leave(in Filling order, double shares, ExitReason reason)
    {
        var bar = BarOf(order);
        var wanted = shares;
        shares = WithinVolume(order, shares, bar);
        if (!(shares > 0)) return false;
        ref var position = ref book.Positions[order.Symbol];
        var held = Math.Abs(book.Shares[order.Symbol]);
        var part = shares == held ? 1 : shares / held;
        var price = FillPrice(order, -order.Side, shares, bar);
        var (entryMoney, exitMoney) = (shares * position.EntryPrice, shares * price);
        var exitCommission = _rules.Costs.Commission(exitMoney, shares);
        // A minimum above everything there is takes everything: without credit a long position can't end in debt. Among several
        // symbols that is what the sale brings in: the cash may stem from another sale of this moment, and none comes first.
        if (book.IsFreeOfDebt) exitCommission = Math.Min(exitCommission, book.Bars.Length == 1 ? book.Cash + exitMoney : exitMoney);
        var (entryCommission, borrow) = (position.EntryCommission * part, position.BorrowCost * part);
        var commission = entryCommission + exitCommission;
        var profit = Simulation.Trades.Profit(order.Side, entryMoney, exitMoney, commission + borrow);
        book.Trades.Add(new Trade
        {
            Symbol = book.Bars[order.Symbol].Symbol,
            Quantity = order.Side * shares,
            EntryDate = position.EntryDate,
            EntryPrice = position.EntryPrice,
            ExitDate = order.Date,
            ExitPrice = price,
            Commission = commission,
            BorrowCost = borrow,
            ExitReason = reason,
            Profit = profit,
            Return = profit / entryMoney,
        });
        book.Cash = order.Side > 0 ? book.Cash + exitMoney - exitCommission : book.Cash - exitMoney - exitCommission;
        Pay(exitCommission, shares, price - order.Price);
        Release(order, ref position, held - shares, entryCommission, borrow);
        return shares == wanted;
    }

    private void Hold(in Filling order, double shares, double price, double commission)
    {
        ref var position = ref book.Positions[order.Symbol];
        var held = Math.Abs(book.Shares[order.Symbol]);
        if (held == 0)
        {
            (position.EntryPrice, position.EntryDate, position.EntryCommission, position.BorrowCost) = (price, order.Date, commission, 0);
            (position.Best, position.OrderedAt) = (price, position.EntryOrderedAt);
            position.Growth = book.Bars[order.Symbol].GrowthBetween(position.EntryOrderedAt, order.Bar);
            book.Held++;
            if (order.Side < 0) book.Shorts++;
        }
        else
        {
            position.EntryPrice = (held * position.EntryPrice + shares * price) / (held + shares);
            position.EntryCommission += commission;
        }
        book.Shares[order.Symbol] = order.Side * (held + shares);
    }

    private void Release(in Filling order, ref Position position, double left, double entryCommission, double borrow)
    {
        book.Shares[order.Symbol] = order.Side * left;
        if (left == 0)
        {
            book.Held--;
            if (order.Side < 0) book.Shorts--;
            (position.WaitingExit, position.IsRest) = (default, false);
            return;
        }
        position.EntryCommission -= entryCommission;
        position.BorrowCost -= borrow;
    }

    private void Pay(double commission, double shares, double slippage)
    {
        book.CommissionPaid += commission;
        book.OtherCosts += shares * Math.Abs(slippage);
    }

    // A larger order fills at a worse price, so what can be bought is where budget and price meet: found by halving.
    private double Buyable(in Filling order, double budget, in FillBar bar)
    {
        var weight = 1 / _rules.Margin.Initial;
        var most = _rules.Costs.Affordable(budget, FillPrice(order, order.Side, 0, bar), weight);
        if (!order.IsMarket || !_rules.Slippage.DependsOnSize || most == 0) return most;
        if (IsBuyable(order, budget, bar, most, weight)) return most;
        var (least, above) = (0.0, most);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (least + above) / 2;
            if (IsBuyable(order, budget, bar, middle, weight)) least = middle;
            else above = middle;
        }
        return _rules.Costs.Whole(least);
    }

    private bool IsBuyable(in Filling order, double budget, in FillBar bar, double shares, double weight) => Cost(order, shares, bar, weight) <= budget;

    private double Cost(in Filling order, double shares, in FillBar bar, double weight)
    {
        // A short sale that moves the price brings in less, and binds no less.
        var money = shares * (order.Side > 0 ? FillPrice(order, 1, shares, bar) : order.Price);
        return money + _rules.Costs.Commission(money, shares) * weight;
    }

    // A volatility target and an equal weight take what there is by their definition: they ask for no size of their own.
    private void NoteShort(in Filling order)
    {
        if (_rules.Sizing?.Kind is SizingKind.PercentOfEquity or SizingKind.FixedCash or SizingKind.FixedShares)
            book.Notes[order.Symbol].Short = book.Notes[order.Symbol].Short.And(order.Date);
    }

    private double WithinVolume(in Filling order, double shares, in FillBar bar)
    {
        if (double.IsPositiveInfinity(_rules.VolumeLimit)) return shares;
        var most = bar.Volume * _rules.VolumeLimit;
        if (shares <= most) return shares;
        book.Notes[order.Symbol].Cut = book.Notes[order.Symbol].Cut.And(order.Date);
        return _rules.Costs.Whole(most);
    }

    private double FillPrice(in Filling order, int direction, double shares, in FillBar bar) =>
        order.IsMarket ? _rules.Slippage.Fill(direction, order.Price, shares, bar) : order.Price;

    private FillBar BarOf(in Filling order)
    {
        if (!_readsBar) return default;
        var bars = book.Bars[order.Symbol];
        return new(bars.High[order.Bar], bars.Low[order.Bar], bars.Volume[order.Bar]);
    }
}
