using BacktestOps.Engine.Tests.Rules;

namespace BacktestOps.Engine.Tests.Indicators;

/// <summary>
/// The S&amp;P 500 of 2008 (Reference/sp500-2008.csv) by a Python program on pandas 1.5.3, written from the definitions and run once:
/// rolling means, sums and extremes, <c>ewm(span=n, adjust=False, min_periods=n)</c>, <c>std(ddof=0)</c>, and Wilder's average as
/// <c>ewm(alpha=1/n, adjust=False)</c> behind the mean of the first n. Bars from 0; the values there, at bar 120 and at the last.
/// </summary>
public class PandasTests
{
    [Theory]
    [InlineData("sma(close, 20)", 19, 1378.7744934, 1359.61251225, 882.06699825)]
    [InlineData("ema(close, 20)", 19, 1374.0584810203927, 1352.9227194061593, 881.2854638885176)]
    [InlineData("wma(close, 10)", 9, 1406.4188987272728, 1332.100750272727, 881.1465454545454)]
    [InlineData("rsi(close, 14)", 14, 29.48601326670709, 33.48264619194971, 53.733549646615955)]
    [InlineData("macd(close, 12, 26)", 25, -17.917683693942763, -17.53604678910142, -1.7321483140785858)]
    [InlineData("macd_signal(close, 12, 26, 9)", 33, -13.926977230238677, -12.598876400258984, -5.132708399073938)]
    [InlineData("macd_histogram(close, 12, 26, 9)", 33, 3.6746255920993605, -4.937170388842436, 3.4005600849953526)]
    [InlineData("bollinger_upper(close, 20, 2)", 19, 1459.0393106961951, 1413.9336207962021, 916.1946136040887)]
    [InlineData("bollinger_lower(close, 20, 2)", 19, 1298.5096761038048, 1305.2914037037979, 847.9393828959113)]
    [InlineData("stddev(close, 20)", 19, 40.13240864809756, 27.160554273101045, 17.063807677044327)]
    [InlineData("zscore(close, 20)", 19, -0.5722166990116274, -1.668687346888424, 1.2413994666909647)]
    [InlineData("atr(14)", 13, 31.919285285714295, 19.119644173229325, 31.209637542399186)]
    [InlineData("plus_di(14)", 14, 7.589320945803876, 11.7920317650831, 23.03009453233724)]
    [InlineData("minus_di(14)", 14, 39.927231459942625, 31.635414302892155, 24.294774317010983)]
    [InlineData("adx(14)", 27, 42.71435117968159, 24.466819321774377, 20.493491417018777)]
    [InlineData("stochastic_k(14)", 13, 18.336016044076906, 9.9066491063611, 76.88892444444448)]
    [InlineData("stochastic_d(14, 3)", 15, 34.06384181900012, 5.910440915532226, 53.95559012345678)]
    [InlineData("donchian_upper(20)", 19, 1471.77002, 1406.319946, 918.849976)]
    [InlineData("donchian_middle(20)", 19, 1370.9100345, 1355.369995, 868.6299745)]
    [InlineData("donchian_lower(20)", 19, 1270.050049, 1304.420044, 818.409973)]
    [InlineData("roc(close, 10)", 10, -5.110705192401676, -3.2500444566949116, -1.0874080768433991)]
    [InlineData("obv()", 0, 0.0, 5817650000.0, -15175810000.0)]
    [InlineData("vwap(20)", 19, 1375.627008213889, 1359.1858550772645, 881.7570429836416)]
    [InlineData("true_range()", 0, 29.70007399999986, 21.59997599999997, 20.65002400000003)]
    public void An_indicator_is_that_of_pandas(string text, int first, double atFirst, double at120, double atLast)
    {
        var values = RuleBench.Series(text, RealPrices.Sp500In2008());

        Assert.Equal(first, Array.FindIndex(values, double.IsFinite));
        AssertClose(atFirst, values[first]);
        AssertClose(at120, values[120]);
        AssertClose(atLast, values[^1]);
    }

    // pandas keeps running sums of doubles, which err by some 1e-13 of the prices; a difference of prices shows it larger.
    private static void AssertClose(double expected, double actual) => Assert.Equal(expected, actual, 1e-9 * Math.Max(1, Math.Abs(expected)));
}
