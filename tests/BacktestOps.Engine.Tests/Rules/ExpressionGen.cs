using CsCheck;

namespace BacktestOps.Engine.Tests.Rules;

/// <summary>Random rules that have no fault.</summary>
internal static class ExpressionGen
{
    private static readonly Gen<string> s_price = Gen.OneOf("open", "high", "low", "close", "close", "volume");

    private static readonly Gen<string> s_number = Gen.OneOf("0", "1", "10", "0.1", "0.05", "10.2", "2.5", "500", "0.333");

    private static readonly Gen<int> s_window = Gen.Int[1, 6];

    private static readonly Gen<string> s_sign = Gen.OneOf("<", "<=", ">", ">=", "==", "!=");

    /// <summary>Series that stay fractions: sums, differences, constant factors, averages, extremes, lags.</summary>
    public static readonly Gen<string> ExactSeries = Exact(3);

    /// <summary>Conditions on series that stay fractions.</summary>
    public static readonly Gen<string> ExactRule = Rule(ExactSeries, 2);

    /// <summary>Any series: every function of the language inside each other.</summary>
    public static readonly Gen<string> AnySeries = Any(3);

    /// <summary>Any condition.</summary>
    public static readonly Gen<string> AnyRule = Rule(AnySeries, 2);

    private static Gen<string> Exact(int depth)
    {
        var leaf = Gen.OneOf(s_price, s_price, s_number);
        if (depth == 0) return leaf;
        var inner = Exact(depth - 1);
        return Gen.OneOf(
            leaf,
            Gen.Select(inner, Gen.OneOf("+", "-"), inner, (a, sign, b) => $"({a} {sign} {b})"),
            Gen.Select(inner, s_number, (a, number) => $"({a} * {number})"),
            Gen.Select(inner, s_window, (a, number) => $"({a} / {number})"),
            Gen.Select(inner, s_window, (a, lag) => $"({a})[{lag}]"),
            Gen.Select(Gen.OneOf("sma", "wma", "highest", "lowest"), inner, s_window, (name, a, window) => $"{name}({a}, {window})"),
            Gen.Select(Gen.OneOf("min", "max"), inner, inner, (name, a, b) => $"{name}({a}, {b})"),
            inner.Select(a => $"abs({a})"),
            inner.Select(a => $"-({a})"));
    }

    private static Gen<string> Any(int depth)
    {
        var leaf = Gen.OneOf(
            s_price, s_number, Gen.OneOf("obv()", "true_range()", "hl2", "hlc3"),
            Gen.Select(Gen.OneOf("atr", "adx", "plus_di", "minus_di", "stochastic_k", "vwap", "donchian_upper", "donchian_middle", "donchian_lower"), s_window, (name, n) => $"{name}({n})"),
            Gen.Select(s_window, s_window, (n, m) => $"stochastic_d({n}, {m})"));
        if (depth == 0) return leaf;
        var inner = Any(depth - 1);
        return Gen.OneOf(
            leaf,
            Gen.Select(inner, Gen.OneOf("+", "-", "*", "/"), inner, (a, sign, b) => b.All(letter => letter is '0' or '-' or '(' or ')') ? a : $"({a} {sign} ({b} + close))"),
            Gen.Select(inner, s_window, (a, lag) => $"({a})[{lag}]"),
            Gen.Select(Gen.OneOf("sma", "ema", "wma", "rsi", "stddev", "zscore", "roc", "highest", "lowest", "bollinger_middle"), inner, s_window, (name, a, n) => $"{name}({a}, {n})"),
            Gen.Select(Gen.OneOf("bollinger_upper", "bollinger_lower"), inner, s_window, (name, a, n) => $"{name}({a}, {n}, 1.5)"),
            Gen.Select(inner, s_window, s_window, (a, n, m) => $"macd({a}, {n}, {m})"),
            Gen.Select(Gen.OneOf("macd_signal", "macd_histogram"), inner, s_window, s_window, (name, a, n, m) => $"{name}({a}, {n}, {m}, 3)"),
            Gen.Select(Gen.OneOf("min", "max"), inner, inner, (name, a, b) => $"{name}({a}, {b})"),
            inner.Select(a => $"abs({a})"));
    }

    private static Gen<string> Rule(Gen<string> series, int depth)
    {
        var comparison = Gen.Select(series, s_sign, series, (a, sign, b) => $"{a} {sign} {b}");
        var crossing = Gen.Select(Gen.OneOf("crossover", "crossunder"), series, series, (name, a, b) => $"{name}({a}, {b})");
        if (depth == 0) return Gen.OneOf(comparison, crossing);
        var inner = Rule(series, depth - 1);
        return Gen.OneOf(
            comparison, comparison, crossing,
            Gen.Select(inner, Gen.OneOf("and", "or"), inner, (a, word, b) => $"({a}) {word} ({b})"),
            inner.Select(a => $"not ({a})"));
    }
}
