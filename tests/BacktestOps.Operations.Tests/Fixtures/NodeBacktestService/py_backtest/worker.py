"""Stands where the worker stands that computes a backtest; reads a request, writes its figures."""

import json
import sys


def run(request):
    symbols = request["symbols"]
    return {
        "total_return": 0.125,
        "sharpe_ratio": 1.5,
        "max_drawdown": -0.0625,
        "total_trades": len(symbols),
        "win_rate": 0.5,
    }


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
