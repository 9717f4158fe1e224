using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;

namespace BacktestOps.Engine.Simulation;

/// <summary>Turns the signals of one symbol with its own cash into fills, trades and an equity curve: the plain case, fast.</summary>
/// <remarks>
/// Long only, market orders at the next open, all the cash, commission and no other cost; see <see cref="TradingRules.IsPlain"/>.
/// <see cref="AccountSimulator"/> does all cases, and a test holds this one against it, to the bit.
/// At each bar, in this order: what was ordered at the close before fills at the open; the position is marked at the close;
/// the rules are read at that close and order for the next open. An order of the last bar fills nothing.
/// </remarks>
internal sealed class SleeveSimulator
{
    private readonly BarSeries _bars;
    private readonly Costs _costs;
    private readonly List<Trade> _trades = [];
    private double _cash;
    private double _shares;
    private double _entryCommission;
    private int _entryBar;
    private double _commissionPaid;
    private Occurrences _unaffordable;

    private SleeveSimulator(BarSeries bars, double cash, Costs costs) => (_bars, _cash, _costs) = (bars, cash, costs);

    /// <summary>Simulates one symbol.</summary>
    /// <param name="bars">Its bars, cut to the range; at least one.</param>
    /// <param name="signals">What the rules say at each of them.</param>
    /// <param name="cash">Cash at the first bar.</param>
    /// <param name="costs">What fills cost.</param>
    public static Sleeve Run(BarSeries bars, Signals signals, double cash, Costs costs) =>
        new SleeveSimulator(bars, cash, costs).Run(signals);

    private Sleeve Run(Signals signals)
    {
        var initialCash = _cash;
        var close = _bars.Close;
        var (entry, exit) = (signals.Entry, signals.Exit);
        var equity = new double[_bars.Count];
        var (entryDue, exitDue) = (false, false);
        for (var t = 0; t < equity.Length; t++)
        {
            if (exitDue) Sell(t);
            if (entryDue) Buy(t);
            equity[t] = _cash + _shares * close[t];
            entryDue = _shares == 0 && entry[t];
            exitDue = _shares != 0 && exit[t];
        }
        return new Sleeve
        {
            Bars = [_bars],
            InitialCash = initialCash,
            Equity = equity,
            Trades = _trades,
            Open = Open(),
            CommissionPaid = _commissionPaid,
            Notes = [new SymbolNotes { Unaffordable = _unaffordable }],
        };
    }

    private void Buy(int t)
    {
        var price = _bars.Open[t];
        var shares = _costs.Affordable(_cash, price);
        if (shares == 0)
        {
            _unaffordable = _unaffordable.And(_bars.Dates[t]);
            return;
        }
        var money = shares * price;
        _entryCommission = _costs.Commission(money, shares);
        _entryBar = t;
        _shares = shares;
        // The last rounding of a purchase with everything must not leave a debt.
        _cash = Math.Max(0, _cash - money - _entryCommission);
        _commissionPaid += _entryCommission;
    }

    private void Sell(int t)
    {
        var entryPrice = _bars.Open[_entryBar];
        var exitPrice = _bars.Open[t];
        var entryMoney = _shares * entryPrice;
        var exitMoney = _shares * exitPrice;
        // A minimum above everything there is takes everything: a long position can't end in debt.
        var exitCommission = Math.Min(_costs.Commission(exitMoney, _shares), _cash + exitMoney);
        var commission = _entryCommission + exitCommission;
        var profit = Trades.Profit(1, entryMoney, exitMoney, commission);
        _trades.Add(new Trade
        {
            Symbol = _bars.Symbol,
            Quantity = _shares,
            EntryDate = _bars.Dates[_entryBar],
            EntryPrice = entryPrice,
            ExitDate = _bars.Dates[t],
            ExitPrice = exitPrice,
            Commission = commission,
            ExitReason = ExitReason.Rule,
            Profit = profit,
            Return = profit / entryMoney,
        });
        _cash = _cash + exitMoney - exitCommission;
        _shares = 0;
        _commissionPaid += exitCommission;
    }

    private OpenPosition[] Open()
    {
        if (_shares == 0) return [];
        var entryPrice = _bars.Open[_entryBar];
        var lastPrice = _bars.Close[^1];
        return
        [
            new OpenPosition
            {
                Symbol = _bars.Symbol,
                Quantity = _shares,
                EntryDate = _bars.Dates[_entryBar],
                EntryPrice = entryPrice,
                LastPrice = lastPrice,
                Commission = _entryCommission,
                UnrealizedProfit = (lastPrice - entryPrice) * _shares - _entryCommission,
            },
        ];
    }
}
