"""Long while the fast simple moving average of the closes has crossed above the slow one, else flat.

The engine's own SmaCross in Python, trade for trade. Put this file into the folder that the service was started with
(--python-strategies DIR) and ask for the strategy py:sma_cross.
"""
from fractions import Fraction

PARAMETERS = {
    "fast": {"default": 10, "min": 1, "max": 4096, "description": "Bars in the fast average; below slow."},
    "slow": {"default": 20, "min": 2, "max": 4096, "description": "Bars in the slow average; above fast."},
}


def signals(bars, fast, slow):
    """One target for each bar: 1 is long with all the cash of the symbol, 0 is flat."""
    if fast >= slow:
        raise ValueError(f"fast must be below slow, and {fast} is not below {slow}")
    # Prices are decimals, and averages of them tie now and then: sums of floats would let rounding decide those trades.
    # repr gives the shortest decimal that is this float, which is the price as it was written.
    closes = [Fraction(repr(float(close))) for close in bars.close]

    targets = []
    target = 0
    fast_sum = slow_sum = Fraction(0)
    before = None  # -1, 0 or 1: how the fast average stood to the slow one at the bar before
    for t, close in enumerate(closes):
        fast_sum += close - (closes[t - fast] if t >= fast else 0)
        slow_sum += close - (closes[t - slow] if t >= slow else 0)
        if t >= slow - 1:
            a, b = fast_sum * slow, slow_sum * fast
            now = (a > b) - (a < b)
            if now == 1 and before in (0, -1):
                target = 1
            elif now == -1 and before in (0, 1):
                target = 0
            before = now
        targets.append(target)
    return targets
