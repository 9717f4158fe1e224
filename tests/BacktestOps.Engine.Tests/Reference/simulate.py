"""A second simulator, written from the conventions in the engine's README and not from its code, in decimals of 40 digits.

Standard library only. Prints one line a scenario: name, final equity, sum of the equity at all closes, closed trades, commission,
all costs. SimulationReferenceTests.cs holds the engine to these numbers.

    python3 simulate.py sp500-2008.csv FOLDER_OF_DAILY_FILES
"""
import csv
import datetime
import sys
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal as D, getcontext

getcontext().prec = 40
INF = D("Infinity")


def read(path, first="0000", last="9999"):
    with open(path, newline="") as file:
        rows = [row for row in csv.DictReader(file) if first <= row["date"] <= last]
    return {row["date"]: {name: D(row[name]) for name in ("open", "high", "low", "close", "volume")} for row in rows}


def mean(values):
    return sum(values) / len(values)


def sma(series, t, n, name="close"):
    return mean([bar[name] for bar in series[t - n + 1:t + 1]]) if t >= n - 1 else None


def cross(series, t, fast, slow):
    """1 where the fast average crosses above the slow one, -1 where below, else 0."""
    if t < slow:
        return 0
    before = sma(series, t - 1, fast) - sma(series, t - 1, slow)
    now = sma(series, t, fast) - sma(series, t, slow)
    return 1 if before <= 0 < now else -1 if before >= 0 > now else 0


@dataclass
class Terms:
    rate: D = D(0)
    per_share: D = D(0)
    least: D = D(0)
    most: D = INF
    bps: D = D(0)
    spread: D = D(0)
    of_range: D = D(0)
    impact: D = D(0)
    volume_limit: D = INF
    fractional: bool = False
    at_close: bool = False
    initial: D = D(1)
    maintenance: D = D("0.3")
    borrow: D = D(0)
    loan: D = D(0)

    def commission(self, money, shares):
        return min(max(self.rate * money + self.per_share * shares, self.least), self.most)

    def price(self, direction, price, shares, bar):
        share = min(D(1), shares / bar["volume"]) if bar["volume"] > 0 else D(0)
        off = price * (self.bps + self.spread / 2) / 10000 + (bar["high"] - bar["low"]) * self.of_range
        return max(D(0), price + direction * (off + price * self.impact * share * share))

    def whole(self, shares):
        return shares if self.fractional else shares.to_integral_value(ROUND_FLOOR)

    def most_shares(self, budget, side, price, bar, market):
        """The most shares whose money and costs a budget covers, by halving; costs weigh 1 / initial margin."""
        def cost(shares):
            paid = self.price(side, price, shares, bar) if market else price
            return shares * paid + self.commission(shares * paid, shares) / self.initial
        if budget <= 0 or cost(D("1e-30")) > budget:
            return D(0)
        least, above = D(0), budget / price * 4
        for _ in range(140):
            middle = (least + above) / 2
            least, above = (middle, above) if cost(middle) <= budget else (least, middle)
        return self.whole(least + D("1e-20"))


@dataclass
class Plan:
    """What a strategy says at the close of bar t: rules, orders, stops, size."""
    enter: object                      # (series, t) -> 1, -1 or 0
    leave: object                      # (series, t, side) -> bool
    order: object = None               # (series, t, side) -> (kind, price, bars)
    way_out: object = None             # the same for exits by rule
    stop: object = None                # (series, t, price, side) -> distance
    target: object = None
    trail: object = None
    size: object = None                # (series, t, equity) -> (money, shares)
    calendar: object = None            # date -> period


@dataclass
class Lot:
    side: int
    shares: D
    price: D
    commission: D
    asked_at: int
    best: D
    borrow: D = D(0)


@dataclass
class Desk:
    lot: Lot = None
    leaving: bool = False
    cut: bool = False                  # what leaves is the rest of an exit, which goes at an open
    market: tuple = None               # side, money, shares, t
    waiting: list = None               # side, kind, price, bars left, money, shares, t
    resize: D = None
    way_out: list = None               # kind, price, first bar, last bar


@dataclass
class Broker:
    universe: dict
    plan: Plan
    terms: Terms
    cash: D
    trades: list = field(default_factory=list)
    fees: D = D(0)
    other: D = D(0)

    def run(self):
        dates = sorted(set().union(*self.universe.values()))
        self.names = sorted(self.universe)
        self.series = {name: [] for name in self.names}
        self.desks = {name: Desk() for name in self.names}
        curve, before, period = [], None, None
        for date in dates:
            self.pay_interest(before, date)
            self.today = {name: self.universe[name][date] for name in self.names if date in self.universe[name]}
            for name in self.today:
                self.series[name].append(self.today[name])
            self.bar = {name: len(self.series[name]) - 1 for name in self.names}
            self.at_open()
            self.within()
            now = self.plan.calendar(date) if self.plan.calendar else None
            if self.plan.calendar is None or now != period:
                self.decide(self.equity())
            period = now
            if self.terms.at_close:
                self.market_fills("close")
            curve.append(self.equity())
            self.margin_call(curve[-1])
            before = date
        return curve

    def mark(self, name, at="close"):
        if at == "open" and name in self.today:
            return self.today[name]["open"]
        # At the open the last bar of a symbol that trades today is today's; its mark then is its open.
        return self.series[name][-1]["close"] if self.series[name] else D(0)

    def equity(self, at="close"):
        return self.cash + sum(desk.lot.side * desk.lot.shares * self.mark(name, at) for name, desk in self.desks.items() if desk.lot)

    def gross(self, at="close"):
        return sum(desk.lot.shares * self.mark(name, at) for name, desk in self.desks.items() if desk.lot)

    def pay_interest(self, before, date):
        if before is None:
            return
        days = (datetime.date.fromisoformat(date) - datetime.date.fromisoformat(before)).days
        owed = max(D(0), -self.cash) * self.terms.loan * days / 365
        for name, desk in self.desks.items():
            if desk.lot and desk.lot.side < 0:
                cost = desk.lot.shares * self.series[name][-1]["close"] * self.terms.borrow * days / 365
                desk.lot.borrow += cost
                owed += cost
        self.cash -= owed
        self.other += owed

    def sell_out(self, name, price, market, shares=None):
        """Closes a lot or a part of it; False when the volume did not suffice."""
        desk, bar = self.desks[name], self.today[name]
        lot = desk.lot
        wanted = lot.shares if shares is None else shares
        shares = wanted
        if self.terms.volume_limit * bar["volume"] < wanted:
            shares = self.terms.whole(self.terms.volume_limit * bar["volume"])
        desk.cut = shares != wanted
        if shares <= 0:
            return False
        paid = self.terms.price(-lot.side, price, shares, bar) if market else price
        fee = self.terms.commission(shares * paid, shares)
        if self.terms.initial == 1 and all(other.lot is None or other.lot.side > 0 for other in self.desks.values()):
            fee = min(fee, shares * paid + (self.cash if len(self.names) == 1 else 0))
        part = shares / lot.shares
        profit = lot.side * shares * (paid - lot.price) - fee - lot.commission * part - lot.borrow * part
        self.trades.append(profit)
        self.cash += lot.side * shares * paid - fee
        self.fees += fee
        self.other += shares * abs(paid - price)
        lot.commission -= lot.commission * part
        lot.borrow -= lot.borrow * part
        lot.shares -= shares
        if lot.shares == 0:
            desk.lot = desk.way_out = None
        return shares == wanted

    def buy_in(self, wishes, at):
        """Fills entries of one moment; where the money does not suffice, each gets the same part of its wish."""
        available = self.equity(at) / self.terms.initial - self.gross(at)

        def asked(wish):
            name, side, price, market, money, shares, _, _ = wish
            if shares is None:
                return money
            paid = self.terms.price(side, price, shares, self.today[name]) if market else price
            return min(money, shares * paid + self.terms.commission(shares * paid, shares) / self.terms.initial)

        wishes = sorted(wishes, key=lambda wish: wish[0])
        total = sum(asked(wish) for wish in wishes) if len(wishes) > 1 else D(0)
        part = max(D(0), available / total) if total > available else D(1)
        for wish in wishes:
            name, side, price, market, money, most, t, how = wish
            bar, desk = self.today[name], self.desks[name]
            budget = min(asked(wish) * part if len(wishes) > 1 else money, available)
            shares = self.terms.most_shares(budget, side, price, bar, market)
            if most is not None:
                shares = min(shares, self.terms.whole(most))
            if self.terms.volume_limit * bar["volume"] < shares:
                shares = self.terms.whole(self.terms.volume_limit * bar["volume"])
            if shares <= 0:
                continue
            paid = self.terms.price(side, price, shares, bar) if market else price
            fee = self.terms.commission(shares * paid, shares)
            self.cash -= side * shares * paid + fee
            self.fees += fee
            self.other += shares * abs(paid - price)
            if desk.lot:
                lot = desk.lot
                lot.price = (lot.shares * lot.price + shares * paid) / (lot.shares + shares)
                lot.shares += shares
                lot.commission += fee
            else:
                desk.lot = Lot(side, shares, paid, fee, t, paid)
                desk.lot.how = how

    def market_fills(self, at, others=()):
        wishes = list(others)
        for name in [name for name in self.names if name in self.today]:
            desk, price = self.desks[name], self.today[name][at]
            if desk.leaving and desk.lot:
                if at == "close" and desk.cut:
                    continue
                desk.leaving = not self.sell_out(name, price, True)
                if desk.leaving:
                    desk.market = desk.waiting = None
            elif desk.resize is not None and desk.lot:
                over = desk.lot.shares * price - desk.resize
                less = self.terms.whole(max(D(0), over) / price)
                if less > 0 and self.terms.commission(less * price, less) < less * price:
                    self.sell_out(name, price, True, min(desk.lot.shares, less))
                elif over < 0:
                    wishes.append((name, desk.lot.side, price, True, -over, None, None, at))
            desk.resize = None
            if desk.market and not desk.leaving:
                side, money, shares, t = desk.market
                wishes.append((name, side, price, True, money, shares, t, at))
                desk.market = None
        if wishes:
            self.buy_in(wishes, at)

    def at_open(self):
        gaps = []
        for name in self.names:
            desk = self.desks[name]
            # What the rule ordered goes first; a stop has nothing left to do then.
            if name in self.today and desk.lot and not desk.leaving:
                stop, target, patient = self.levels(name)
                price, side = self.today[name]["open"], desk.lot.side
                if stop is not None and side * (price - stop) <= 0:
                    desk.leaving = not self.sell_out(name, price, True)
                    desk.resize = None
                elif target is not None and side * (price - target) >= 0:
                    self.take(name, price, patient)
        for name in self.today:
            desk = self.desks[name]
            if desk.waiting and (desk.lot is None or (desk.leaving and self.terms.volume_limit == INF)):
                side, kind, level, _, money, shares, t = desk.waiting
                price = self.today[name]["open"]
                if (side if kind == "stop" else -side) * (price - level) >= 0:
                    gaps.append((name, side, price, kind == "stop", money, shares, t, "open"))
                    desk.waiting = None
        self.market_fills("open", gaps)

    def take(self, name, price, patient):
        """Sells at a target or a limit; what the volume leaves of a limit order waits on."""
        desk = self.desks[name]
        left = not self.sell_out(name, price, False)
        desk.leaving, desk.resize = left and not patient, None
        if left and patient:
            desk.way_out[2] = self.bar[name] + 1

    def levels(self, name):
        desk, lot, series = self.desks[name], self.desks[name].lot, self.series[name]
        stop = target = None
        if self.plan.stop:
            stop = lot.price - lot.side * self.plan.stop(series, lot.asked_at, lot.price, lot.side)
        if self.plan.trail:
            trail = lot.best - lot.side * self.plan.trail(series, lot.asked_at, lot.best, lot.side)
            stop = trail if stop is None or lot.side * (trail - stop) > 0 else stop
        if self.plan.target:
            target = lot.price + lot.side * self.plan.target(series, lot.asked_at, lot.price, lot.side)
        patient = False
        if desk.way_out and desk.way_out[2] <= self.bar[name] <= desk.way_out[3]:
            kind, price = desk.way_out[:2]
            if kind == "stop":
                stop = price if stop is None or lot.side * (price - stop) > 0 else stop
            elif target is None or lot.side * (price - target) < 0:
                target, patient = price, True
        return stop, target, patient

    def within(self):
        wishes = []
        for name, bar in self.today.items():
            desk = self.desks[name]
            if not desk.waiting or desk.lot:
                continue
            side, kind, level, left, money, shares, t = desk.waiting
            up = (side > 0) == (kind == "stop")
            if (bar["high"] >= level) if up else (bar["low"] <= level):
                wishes.append((name, side, level, kind == "stop", money, shares, t, kind))
                desk.waiting = None
            else:
                desk.waiting = [side, kind, level, left - 1, money, shares, t] if left > 1 else None
        if wishes:
            self.buy_in(wishes, "open")
        for name, bar in self.today.items():
            desk = self.desks[name]
            if not desk.lot or desk.leaving:
                continue
            lot = desk.lot
            stop, target, patient = self.levels(name)
            worst, best = (bar["low"], bar["high"]) if lot.side > 0 else (bar["high"], bar["low"])
            how = getattr(lot, "how", None)
            reachable = bar["close"] if how == "limit" else best
            if stop is not None and lot.side * (worst - stop) <= 0:
                desk.leaving = not self.sell_out(name, stop, True)
                desk.resize = None
            elif target is not None and lot.side * (reachable - target) >= 0:
                self.take(name, target, patient)
            if desk.lot:
                seen = bar["close"] if how in ("limit", "stop") else best
                lot.best = max(lot.best, seen) if lot.side > 0 else min(lot.best, seen)
                lot.how = None

    def decide(self, equity):
        asked = []
        for name in [name for name in self.names if name in self.today]:
            desk, series, t = self.desks[name], self.series[name], self.bar[name]
            if desk.leaving:
                continue
            side = self.plan.enter(series, t)
            held = desk.lot.side if desk.lot else 0
            if held == 0 and desk.waiting and self.plan.leave(series, t, desk.waiting[0]):
                desk.waiting = None
            if held != 0 and side != -held:
                leaves = self.plan.leave(series, t, held)
                desk.leaving = leaves and self.plan.way_out is None
                if leaves and self.plan.way_out:
                    kind, price, bars = self.plan.way_out(series, t, held)
                    desk.way_out = [kind, price, t + 1, t + bars]
            elif side != 0 and side != held:
                desk.leaving = held != 0
                asked.append((name, side))
        wanted = len(asked) + sum(1 for name, desk in self.desks.items() if desk.lot and not desk.leaving)
        for name, side in asked:
            desk, series, t = self.desks[name], self.series[name], self.bar[name]
            money, shares = self.wish(series, t, equity, wanted)
            if money is None:
                continue
            if self.plan.order:
                kind, price, bars = self.plan.order(series, t, side)
                desk.waiting = [side, kind, price, bars, money, shares, t]
            else:
                desk.market, desk.waiting = (side, money, shares, t), None
        if self.plan.calendar:
            for name, desk in self.desks.items():
                if desk.lot and not desk.leaving and name in self.today:
                    money, _ = self.wish(self.series[name], self.bar[name], equity, wanted)
                    if abs(desk.lot.shares * self.mark(name) - money) > money * D("1e-9"):
                        desk.resize = money

    def wish(self, series, t, equity, wanted):
        if self.plan.size is None:
            return (INF, None) if len(self.names) == 1 else (equity / (wanted if self.plan.calendar else len(self.names)), None)
        return self.plan.size(series, t, equity)

    def margin_call(self, equity):
        lots = [desk.lot for desk in self.desks.values() if desk.lot]
        if not lots or (self.terms.initial == 1 and all(lot.side > 0 for lot in lots)):
            return
        if equity < self.gross() * self.terms.maintenance or equity <= 0:
            for desk in self.desks.values():
                desk.market = desk.waiting = desk.resize = None
                desk.leaving = desk.lot is not None


def above(n):
    def enter(series, t):
        return 1 if t >= n and series[t]["close"] > sma(series, t, n) and series[t - 1]["close"] <= sma(series, t - 1, n) else 0
    return enter


def below_exit(n):
    def leave(series, t, side):
        return t >= n and series[t]["close"] < sma(series, t, n) and series[t - 1]["close"] >= sma(series, t - 1, n)
    return leave


def crossing(fast, slow, both=False):
    return lambda series, t: cross(series, t, fast, slow) if both else max(0, cross(series, t, fast, slow))


def crossing_exit(fast, slow):
    return lambda series, t, side: cross(series, t, fast, slow) == -side


def part(fraction):
    return lambda series, t, price, side: price * D(fraction)


def volatility(target, window, periods):
    def size(series, t, equity):
        if t < window:
            return None, None
        returns = [series[i]["close"] / series[i - 1]["close"] - 1 for i in range(t - window + 1, t + 1)]
        middle = mean(returns)
        deviation = (sum((value - middle) ** 2 for value in returns) / (window - 1)).sqrt()
        return equity * D(target) / (deviation * D(periods).sqrt()), None
    return size


def fraction(value):
    return lambda series, t, equity: (equity * D(value), None)


def dip(n):
    return lambda series, t: 1 if t >= n - 1 and series[t]["close"] < sma(series, t, n) else 0


def rise(n):
    return lambda series, t, side: t >= n - 1 and series[t]["close"] > sma(series, t, n)


def behind(n):
    """A stop order at the worst price of the last bars."""
    def way_out(series, t, side):
        last = series[max(0, t - n + 1):t + 1]
        return "stop", min(bar["low"] for bar in last) if side > 0 else max(bar["high"] for bar in last), 1
    return way_out


def whenever(series, t, side):
    return True


def never(series, t, side):
    return False


def always(series, t):
    return 1


def main():
    index = {"SP500": read(sys.argv[1])}
    daily = sys.argv[2]
    three = {name: read(f"{daily}/{name}.csv", "2004-01-01", "2010-12-31") for name in ("AAPL", "GOOG", "IBM")}
    costs = Terms(rate=D("0.001"))
    scenarios = {
        "long and short": (index, Plan(crossing(5, 15, True), crossing_exit(5, 15)), costs, 100000),
        "stop and target": (index, Plan(above(10), below_exit(10), stop=part("0.03"), target=part("0.05")), costs, 100000),
        "trailing and money": (index, Plan(above(5), never, trail=part("0.04"),
                               stop=lambda series, t, price, side: (series[t]["high"] - series[t]["low"]) * D("1.5")), costs, 100000),
        "limit": (index, Plan(dip(10), never, order=lambda series, t, side: ("limit", series[t]["close"] * D("0.99"), 3),
                  stop=part("0.02"), target=part("0.02")), costs, 100000),
        "stop order": (index, Plan(dip(10), never, order=lambda series, t, side: ("stop", max(bar["high"] for bar in series[max(0, t - 4):t + 1]), 2),
                       stop=part("0.02"), target=part("0.02")), costs, 100000),
        "limit exit": (index, Plan(dip(10), rise(5), way_out=lambda series, t, side: ("limit", series[t]["close"] * D("1.015"), 3),
                       stop=part("0.03"), target=part("0.04")), Terms(rate=D("0.001"), bps=D(3)), 100000),
        "stop exit": (index, Plan(crossing(5, 15, True), whenever, way_out=behind(3), target=part("0.05"), trail=part("0.04")),
                      Terms(rate=D("0.0005"), bps=D(3), borrow=D("0.1")), 100000),
        "limit exit of a part": (index, Plan(crossing(3, 8), crossing_exit(3, 8), way_out=lambda series, t, side: ("limit", series[t]["close"], 6)),
                                 Terms(bps=D(2), volume_limit=D("0.1")), 10 ** 12),
        "short stops": (index, Plan(crossing(5, 15, True), crossing_exit(5, 15), stop=part("0.02"), target=part("0.04"), trail=part("0.03")),
                        Terms(borrow=D("0.1"), bps=D(3)), 100000),
        "close and costs": (index, Plan(crossing(3, 8), crossing_exit(3, 8)),
                            Terms(per_share=D("0.05"), least=D(1), most=D(20), bps=D(5), spread=D(4), of_range=D("0.05"), fractional=True, at_close=True), 100000),
        "volume": (index, Plan(crossing(3, 8), crossing_exit(3, 8)), Terms(impact=D("0.5"), volume_limit=D("0.1")), 10 ** 12),
        "volume at close": (index, Plan(crossing(3, 8), crossing_exit(3, 8), stop=part("0.02")), Terms(volume_limit=D("0.05"), at_close=True), 10 ** 12),
        "margin call": (index, Plan(crossing(3, 8, True), crossing_exit(3, 8), size=fraction("1.9")),
                        Terms(rate=D("0.0005"), initial=D("0.5"), maintenance=D("0.45"), borrow=D("0.08"), loan=D("0.06")), 100000),
        "shared half": (three, Plan(crossing(10, 30), crossing_exit(10, 30), size=fraction("0.5")), costs, 100000),
        "shared default": (three, Plan(crossing(5, 20), crossing_exit(5, 20), stop=part("0.05")), Terms(rate=D("0.001"), least=D(1), fractional=True), 100000),
        "rebalance": (three, Plan(always, never, calendar=lambda date: date[:7]), Terms(rate=D("0.0005")), 100000),
        "volatility": (three, Plan(crossing(10, 30), crossing_exit(10, 30), size=volatility("0.1", 20, 252)), costs, 100000),
        "fixed shares": (three, Plan(crossing(10, 30), crossing_exit(10, 30), size=lambda series, t, equity: (INF, D(300))), Terms(bps=D(2)), 100000),
    }
    for name, (universe, plan, terms, cash) in scenarios.items():
        broker = Broker(universe, plan, terms, D(cash))
        curve = broker.run()
        print(f"{name}: {curve[-1]:.10f} {sum(curve):.8f} {len(broker.trades)} {broker.fees:.10f} {broker.fees + broker.other:.10f}")


if __name__ == "__main__":
    main()
