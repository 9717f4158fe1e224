using BacktestOps.Engine.Tests.Rules;

namespace BacktestOps.Engine.Tests.Indicators;

/// <summary>
/// The S&amp;P 500 of 2000 to 2020 (the file that the module ships, 5,105 bars) by TA-Lib, the C library, 0.6.0-dev as in the npm package
/// talib 1.1.6, compiled and run once on 2026-11-26. Bars from 0; the first bar with a value, and the values there, at 1000, at 2500
/// and at the last.
/// </summary>
public class TaLibTests
{
    [Theory]
    [InlineData("sma(close, 20)", 19, 1425.5855041500001, 1075.057507350002, 1101.177496200002, 2613.104492150007)]
    [InlineData("wma(close, 10)", 9, 1440.9760121454547, 1089.879831818298, 1100.4925247631527, 2789.888933815818)]
    [InlineData("rsi(close, 14)", 14, 38.69065784389016, 68.06141244917818, 54.31097701837798, 57.36269599142575)]
    [InlineData("bollinger_upper(close, 20, 2)", 19, 1482.052885859728, 1100.4124236263267, 1116.2732957066312, 2958.1565984811664)]
    [InlineData("bollinger_middle(close, 20)", 19, 1425.5855041500001, 1075.057507350002, 1101.177496200002, 2613.104492150007)]
    [InlineData("bollinger_lower(close, 20, 2)", 19, 1369.1181224402724, 1049.7025910736772, 1086.0816966933728, 2268.0523858188476)]
    [InlineData("stddev(close, 20)", 19, 28.23369085486383, 12.677458138162347, 7.547899753314549, 172.52605316557967)]
    [InlineData("roc(close, 10)", 10, -0.005494427068997165, 2.30394179465625, -0.745525419151627, 13.758366792639176)]
    [InlineData("stochastic_k(14)", 13, 63.47683939144074, 94.27439057449185, 52.585414275749706, 98.92064202045766)]
    [InlineData("stochastic_d(14, 3)", 15, 40.81203844801038, 95.15175266900417, 36.752266611547185, 89.68291459224139)]
    [InlineData("sma(stochastic_d(14, 3), 3)", 17, 31.031019010916097, 96.45841652841484, 40.466458312228774, 89.73592532518457)]
    [InlineData("donchian_upper(20)", 19, 1478.0, 1098.469971, 1119.130005, 2879.219971)]
    [InlineData("donchian_middle(20)", 19, 1414.0700075, 1075.9400025, 1101.4349975, 2535.540039)]
    [InlineData("donchian_lower(20)", 19, 1350.140015, 1053.410034, 1083.73999, 2191.860107)]
    [InlineData("highest(close, 20)", 19, 1465.150024, 1096.02002, 1110.630005, 2874.560059)]
    [InlineData("hlc3", 0, 1457.1933186666665, 1096.1333416666666, 1102.4299723333334, 2861.553304333333)]
    [InlineData("hl2", 0, 1458.1799925, 1096.255005, 1102.4699705, 2855.049927)]
    // With TA_SetCompatibility(METASTOCK) its averages begin with the first price, as ours do.
    [InlineData("ema(close, 20)", 19, 1422.1321355657992, 1076.8596817935518, 1096.9126331307125, 2709.7699902178238)]
    [InlineData("macd(close, 12, 26)", 25, -5.4140597356331455, 11.380692028063777, 5.8006647328038525, 16.396015042466388)]
    public void An_indicator_is_that_of_TaLib(string text, int first, double atFirst, double at1000, double at2500, double atLast)
    {
        var values = RuleBench.Series(text, RealPrices.Sp500());

        Assert.Equal(first, Array.FindIndex(values, double.IsFinite));
        AssertClose(atFirst, values[first]);
        AssertClose(at1000, values[1000]);
        AssertClose(at2500, values[2500]);
        AssertClose(atLast, values[^1]);
    }

    // Its line and signal appear together at bar 33, both running since the first price.
    [Fact]
    public void A_macd_signal_is_that_of_TaLib()
    {
        var signal = RuleBench.Series("macd_signal(close, 12, 26, 9)", RealPrices.Sp500());
        var histogram = RuleBench.Series("macd_histogram(close, 12, 26, 9)", RealPrices.Sp500());

        Assert.Equal(33, Array.FindIndex(signal, double.IsFinite));
        AssertClose(-9.393564097744882, signal[33]);
        AssertClose(9.358046802531883, signal[1000]);
        AssertClose(-35.49092699158706, signal[^1]);
        AssertClose(-4.930140091283494, histogram[33]);
        AssertClose(51.88694203405345, histogram[^1]);
    }

    // Its default begins with the mean of the first n; the difference of two seeds shrinks by (n − 1)/(n + 1) a bar.
    [Fact]
    public void An_ema_differs_from_the_default_of_TaLib_by_its_seed_alone()
    {
        var ours = RuleBench.Series("ema(close, 20)", RealPrices.Sp500());

        var seed = 1425.5855041500001 - ours[19];
        Assert.True(Math.Abs(seed) > 1, "the seeds agree: the test says nothing about them");
        AssertClose(1458.249394410716, ours[60] + seed * Math.Pow(19 / 21.0, 41));
        AssertClose(1076.8596817935518, ours[1000]);
    }

    // It leaves out the true range of the first bar, which has no close before it, and begins at bar n; the difference shrinks by (n − 1)/n.
    [Fact]
    public void An_atr_differs_from_that_of_TaLib_by_its_seed_alone()
    {
        var ours = RuleBench.Series("atr(14)", RealPrices.Sp500());

        var seed = 27.70140721428574 - ours[14];
        Assert.True(Math.Abs(seed) > 0.1, "the seeds agree: the test says nothing about them");
        AssertClose(30.02029230577389, ours[60] + seed * Math.Pow(13 / 14.0, 46));
        AssertClose(8.639372659513889, ours[1000]);
        AssertClose(109.57900894192491, ours[^1]);
    }

    // It begins with n − 1 movements where ours has n, and cuts the same share from the sum; after some hundred bars nothing is left of it.
    [Theory]
    [InlineData("plus_di(14)", 14, 34.76307220820159, 24.44096439757236, 29.561190357635112)]
    [InlineData("minus_di(14)", 14, 8.522139366192723, 22.510453798778002, 20.403171430444626)]
    [InlineData("adx(14)", 27, 37.511868880991635, 15.571960609081241, 23.457167280908088)]
    public void The_directional_movement_is_that_of_TaLib_once_the_seeds_are_forgotten(string text, int first, double at1000, double at2500, double atLast)
    {
        var values = RuleBench.Series(text, RealPrices.Sp500());

        Assert.Equal(first, Array.FindIndex(values, double.IsFinite));
        AssertClose(at1000, values[1000]);
        AssertClose(at2500, values[2500]);
        AssertClose(atLast, values[^1]);
    }

    // Its balance begins with the first bar's volume, ours with nothing; its true range has no value on the first bar.
    [Fact]
    public void A_balance_of_volume_is_that_of_TaLib_without_the_first_bar()
    {
        var balance = RuleBench.Series("obv()", RealPrices.Sp500());
        var range = RuleBench.Series("true_range()", RealPrices.Sp500());

        Assert.Equal([-26191460000.0, 293558040000.0, 1104100670000.0], new[] { balance[1000], balance[2500], balance[^1] }.Select(value => value + 931800000));
        AssertClose(57.78991700000006, range[1]);
        AssertClose(4.429932000000008, range[1000]);
        AssertClose(79.66992200000004, range[^1]);
    }

    // "ta" for Python (bukosabino/ta, commit a890410): VolumeWeightedAveragePrice(window=20) on pandas 1.5.3. scipy 1.10.1:
    // stats.zscore of each window of 20.
    [Theory]
    [InlineData("vwap(20)", 19, 1426.0291367012137, 1073.4708896112681, 1101.2421697219331, 2593.474150435039)]
    [InlineData("zscore(close, 20)", 19, -1.102425584738081, 1.643271657674774, 0.1553385495688007, 1.5154555619426067)]
    public void What_TaLib_does_not_have_is_that_of_other_libraries(string text, int first, double atFirst, double at1000, double at2500, double atLast) =>
        An_indicator_is_that_of_TaLib(text, first, atFirst, at1000, at2500, atLast);

    // Both sides keep running sums somewhere; the variance of TA-Lib is a difference of sums of squares.
    private static void AssertClose(double expected, double actual) => Assert.Equal(expected, actual, 1e-9 * Math.Max(1, Math.Abs(expected)));
}
