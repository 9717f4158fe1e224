using BacktestOps.Engine.Tests.Rules;

namespace BacktestOps.Engine.Tests.Indicators;

/// <summary>
/// The worked examples of StockCharts' ChartSchool (articles "Moving Averages", "Relative Strength Index (RSI)", "Average True
/// Range (ATR)", "Average Directional Index (ADX)"), which print two decimals. The ATR example with its three decimals as in the
/// tests of PyAlgoTrade (testcases/atr_test.py).
/// </summary>
public class StockChartsTests
{
    // Intel, 24 March to 5 May 2010.
    private static readonly double[] Intel =
    [
        22.27, 22.19, 22.08, 22.17, 22.18, 22.13, 22.23, 22.43, 22.24, 22.29, 22.15, 22.39, 22.38, 22.61, 23.36, 24.05, 23.75, 23.83, 23.95, 23.63,
        23.82, 23.87, 23.65, 23.19, 23.10, 23.33, 22.68, 23.10, 22.40, 22.17,
    ];

    [Fact]
    public void Sma_is_that_of_the_example()
    {
        double[] published =
        [
            22.22, 22.21, 22.23, 22.26, 22.31, 22.42, 22.61, 22.77, 22.91, 23.08, 23.21, 23.38, 23.53, 23.65, 23.71, 23.69, 23.61, 23.51, 23.43,
            23.28, 23.13,
        ];

        // The prices are printed with two decimals as well: half a unit for them and half a unit for the average.
        AssertClose(published, RuleBench.Series("sma(close, 10)", Sample.Flat(Intel))[9..], 0.0101);
    }

    [Fact]
    public void Ema_differs_from_the_example_by_the_seed_alone()
    {
        // Theirs begins at the tenth bar with the simple average, ours at the first bar with its price. The difference of the two
        // shrinks by (n − 1)/(n + 1) a bar.
        double[] published =
        [
            22.22, 22.21, 22.24, 22.27, 22.33, 22.52, 22.80, 22.97, 23.13, 23.28, 23.34, 23.43, 23.51, 23.53, 23.47, 23.40, 23.39, 23.26, 23.23,
            23.08, 22.92,
        ];

        var ours = RuleBench.Series("ema(close, 10)", Sample.Flat(Intel))[9..];

        var seed = Intel[..10].Average() - ours[0];
        for (var t = 0; t < published.Length; t++) Assert.Equal(published[t], ours[t] + seed * Math.Pow(9 / 11.0, t), 0.0051);
        Assert.True(Math.Abs(seed) > 0.001, "the seeds agree: the test says nothing about them");
    }

    [Fact]
    public void Rsi_is_that_of_the_example()
    {
        double[] closes =
        [
            44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931, 46.0328, 45.6140, 46.2820, 46.2820,
            46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521, 45.7137, 46.4515, 45.7835, 45.3548, 44.0288, 44.1783, 44.2181, 44.5672,
            43.4205, 42.6628, 43.1314,
        ];
        double[] published =
        [
            70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38, 54.71, 50.42, 39.99, 41.46, 41.87, 45.46, 37.30, 33.08, 37.77,
        ];

        var ours = RuleBench.Series("rsi(close, 14)", Sample.Flat(closes));

        Assert.All(ours[..14], value => Assert.True(double.IsNaN(value)));
        AssertTwoDecimals(published, ours[14..]);
    }

    [Fact]
    public void Atr_is_that_of_the_example()
    {
        double[] high =
        [
            48.70, 48.72, 48.90, 48.87, 48.82, 49.05, 49.20, 49.35, 49.92, 50.19, 50.12, 49.66, 49.88, 50.19, 50.36, 50.57, 50.65, 50.43, 49.63, 50.33,
            50.29, 50.17, 49.32, 48.50, 48.32, 46.80, 47.80, 48.39, 48.66, 48.79,
        ];
        double[] low =
        [
            47.790, 48.140, 48.390, 48.370, 48.240, 48.635, 48.940, 48.860, 49.500, 49.870, 49.200, 48.900, 49.430, 49.725, 49.260, 50.090, 50.300,
            49.210, 48.980, 49.610, 49.200, 49.430, 48.080, 47.640, 41.550, 44.283, 47.310, 47.200, 47.900, 47.730,
        ];
        double[] close =
        [
            48.160, 48.610, 48.750, 48.630, 48.740, 49.030, 49.070, 49.320, 49.910, 50.130, 49.530, 49.500, 49.750, 50.030, 50.310, 50.520, 50.410,
            49.340, 49.370, 50.230, 49.238, 49.930, 48.430, 48.180, 46.570, 45.410, 47.770, 47.720, 48.620, 47.850,
        ];
        double[] published =
        [
            0.555000, 0.593929, 0.585791, 0.568949, 0.615452, 0.617920, 0.642354, 0.674329, 0.692770, 0.775429, 0.781470, 1.209229, 1.302620,
            1.380290, 1.366698, 1.336219, 1.316482,
        ];

        var ours = RuleBench.Series("atr(14)", RuleBench.Bars(close, high, low, close));

        Assert.All(ours[..13], value => Assert.True(double.IsNaN(value)));
        // Computed from prices with more decimals than the three that are printed.
        AssertClose(published, ours[13..], 1e-4);
    }

    [Fact]
    public void Adx_of_the_examples_prices_is_that_of_two_other_programs()
    {
        // The example's prices as printed, with two decimals. The first ADX, 33.71, as in the test of a TypeScript library
        // ("Average Directional Index Test"); all of them by a Python program on pandas 1.5.3, written from the definition.
        double[] high =
        [
            30.20, 30.28, 30.45, 29.35, 29.35, 29.29, 28.83, 28.73, 28.67, 28.85, 28.64, 27.68, 27.21, 26.87, 27.41, 26.94, 26.52, 26.52, 27.09,
            27.69, 28.45, 28.53, 28.67, 29.01, 29.87, 29.80, 29.75, 30.65, 30.60, 30.76, 31.17, 30.89, 30.04, 30.66, 30.60, 31.97, 32.10, 32.03,
        ];
        double[] low =
        [
            29.41, 29.32, 29.96, 28.74, 28.56, 28.41, 28.08, 27.43, 27.66, 27.83, 27.40, 27.09, 26.18, 26.13, 26.63, 26.13, 25.43, 25.35, 25.88,
            26.96, 27.14, 28.01, 27.88, 27.99, 28.76, 29.14, 28.71, 28.93, 30.03, 29.39, 30.14, 30.43, 29.35, 29.99, 29.52, 30.94, 31.54, 31.36,
        ];
        double[] close =
        [
            29.87, 30.24, 30.10, 28.90, 28.92, 28.48, 28.56, 27.56, 28.47, 28.28, 27.49, 27.23, 26.35, 26.33, 27.03, 26.22, 26.01, 25.46, 27.03,
            27.45, 28.36, 28.43, 27.95, 29.01, 29.38, 29.36, 28.91, 30.61, 30.05, 30.19, 31.12, 30.54, 29.78, 30.04, 30.49, 31.47, 32.05, 31.97,
        ];
        var bars = RuleBench.Bars(close, high, low, close);

        AssertTwoDecimals([33.71, 32.26, 30.02, 28.44, 26.97, 25.85, 24.02, 22.85, 22.13, 21.58, 20.84], RuleBench.Series("adx(14)", bars)[27..]);
        AssertTwoDecimals([6.66, 6.21, 5.71, 5.22, 8.61], RuleBench.Series("plus_di(14)", bars)[14..19]);
        AssertTwoDecimals([32.34, 33.91, 36.36, 33.83, 29.98], RuleBench.Series("minus_di(14)", bars)[14..19]);
    }

    // Half a unit of the last printed digit, and a little because some tables cut where others round.
    private static void AssertTwoDecimals(double[] published, double[] ours) => AssertClose(published, ours, 0.0051);

    private static void AssertClose(double[] published, double[] ours, double within)
    {
        Assert.Equal(published.Length, ours.Length);
        for (var t = 0; t < published.Length; t++) Assert.Equal(published[t], ours[t], within);
    }
}
