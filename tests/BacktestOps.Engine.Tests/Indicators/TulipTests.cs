using System.Globalization;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Tests.Rules;

namespace BacktestOps.Engine.Tests.Indicators;

/// <summary>
/// The outputs that Tulip Indicators, a C library, documents for its 15 example bars (tests/untest.txt, commit 28c63a71), to
/// the three decimals that it prints, and where and why its definitions are others.
/// </summary>
public class TulipTests
{
    private static readonly double[] Open = [81.85, 81.20, 81.55, 82.91, 83.10, 83.41, 82.71, 82.70, 84.20, 84.25, 84.03, 85.45, 86.18, 88.00, 87.60];
    private static readonly double[] High = [82.15, 81.89, 83.03, 83.30, 83.85, 83.90, 83.33, 84.30, 84.84, 85.00, 85.90, 86.58, 86.98, 88.00, 87.87];
    private static readonly double[] Low = [81.29, 80.64, 81.31, 82.65, 83.07, 83.11, 82.49, 82.30, 84.15, 84.11, 84.03, 85.39, 85.76, 87.17, 87.01];
    private static readonly double[] Close = [81.59, 81.06, 82.87, 83.00, 83.61, 83.15, 82.84, 83.99, 84.55, 84.36, 85.53, 86.54, 86.89, 87.77, 87.29];

    private static readonly double[] Volume =
        [5653100, 6447400, 7690900, 3831400, 4455100, 3798000, 3936200, 4732000, 4841300, 3915300, 6830800, 6694100, 5293600, 7985800, 4807900];

    private static readonly BarSeries Bars = RuleBench.Bars(Open, High, Low, Close, Volume);

    [Theory]
    [InlineData("sma(close, 5)", "82.426,82.738,83.094,83.318,83.628,83.778,84.254,84.994,85.574,86.218,86.804")]
    [InlineData("ema(close, 5)", "82.714,82.859,82.853,83.232,83.671,83.901,84.444,85.143,85.725,86.407,86.701")]
    [InlineData("wma(close, 5)", "82.825,83.066,83.100,83.399,83.809,84.053,84.637,85.399,86.031,86.763,87.121")]
    [InlineData("highest(close, 5)", "83.610,83.610,83.610,83.990,84.550,84.550,85.530,86.540,86.890,87.770,87.770")]
    [InlineData("lowest(close, 5)", "81.060,81.060,82.840,82.840,82.840,82.840,82.840,83.990,84.360,84.360,85.530")]
    [InlineData("stddev(close, 5)", "0.948,0.875,0.280,0.423,0.605,0.671,0.871,0.926,1.019,1.174,0.758")]
    [InlineData("bollinger_lower(close, 5, 2)", "80.530,80.987,82.533,82.472,82.418,82.435,82.511,83.143,83.536,83.870,85.289")]
    [InlineData("bollinger_middle(close, 5)", "82.426,82.738,83.094,83.318,83.628,83.778,84.254,84.994,85.574,86.218,86.804")]
    [InlineData("bollinger_upper(close, 5, 2)", "84.322,84.489,83.655,84.164,84.838,85.121,85.997,86.845,87.612,88.566,88.319")]
    [InlineData("rsi(close, 5)", "72.034,64.927,75.936,79.796,74.713,83.033,87.478,88.755,91.483,78.498")]
    [InlineData("atr(5)", "1.116,1.051,1.009,1.207,1.136,1.086,1.243,1.233,1.230,1.206,1.137")]
    [InlineData("true_range()", "0.860,1.250,1.970,0.650,0.850,0.790,0.840,2.000,0.850,0.890,1.870,1.190,1.220,1.110,0.860")]
    [InlineData("macd(close, 2, 5)", "0.618,0.351,0.111,0.416,0.578,0.422,0.684,0.927,0.891,0.979,0.621")]
    [InlineData("obv()", "0,-6447400,1243500,5074900,9530000,5732000,1795800,6527800,11369100,7453800,14284600,20978700,26272300,34258100,29450200")]
    [InlineData("roc(close, 5) / 100", "0.019,0.022,0.014,0.019,0.009,0.029,0.045,0.035,0.038,0.035")]
    [InlineData("hlc3", "81.677,81.197,82.403,82.983,83.510,83.387,82.887,83.530,84.513,84.490,85.153,86.170,86.543,87.647,87.390")]
    [InlineData("hl2", "81.720,81.265,82.170,82.975,83.460,83.505,82.910,83.300,84.495,84.555,84.965,85.985,86.370,87.585,87.440")]
    // Its %K is the smoothed one, our stochastic_d; its %D is the average of that. It prints %K only where it has %D.
    [InlineData("stochastic_d(5, 3)", "77.385,83.126,84.867,88.361,95.246,96.740,91.091", 2)]
    [InlineData("sma(stochastic_d(5, 3), 3)", "75.702,78.011,81.793,85.452,89.491,93.449,94.359")]
    // Williams' %R is %K counted from the top.
    [InlineData("stochastic_k(5) - 100", "-7.477,-23.006,-40.927,-15.500,-11.417,-23.704,-10.278,-0.935,-3.051,-5.793,-17.884")]
    [InlineData("abs(-close)", "81.590,81.060,82.870,83.000,83.610,83.150,82.840,83.990,84.550,84.360,85.530,86.540,86.890,87.770,87.290")]
    public void An_indicator_is_that_of_Tulip(string text, string published, int notPrinted = 0)
    {
        var expected = published.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();

        var values = RuleBench.Series(text, Bars);

        for (var i = 1; i <= expected.Length; i++) Assert.Equal(expected[^i], values[^i], 0.00051);
        Assert.Equal(expected.Length + notPrinted, values.Count(double.IsFinite));
    }

    [Fact]
    public void A_macd_signal_is_that_of_Tulip_from_the_bar_on_at_which_ours_counts_as_defined()
    {
        // Both are seeded with the first MACD value; ours is undefined for its first signal − 1 values, Tulip's is not.
        double[] signal = [0.618, 0.564, 0.474, 0.462, 0.485, 0.473, 0.515, 0.597, 0.656, 0.721, 0.701];
        double[] histogram = [0.000, -0.213, -0.363, -0.046, 0.093, -0.050, 0.169, 0.329, 0.235, 0.258, -0.080];

        var ours = RuleBench.Series("macd_signal(close, 2, 5, 9)", Bars);
        var ourHistogram = RuleBench.Series("macd_histogram(close, 2, 5, 9)", Bars);

        Assert.Equal(3, ours.Count(double.IsFinite));
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(signal[^i], ours[^i], 0.00051);
            Assert.Equal(histogram[^i], ourHistogram[^i], 0.00051);
        }
    }

    [Fact]
    public void Crossings_are_those_of_Tulip_where_nothing_ties()
    {
        // Tulip compares close with open from the second bar on.
        Assert.Equal("-FTFFFTFFFFFFFF", RuleBench.Picture("crossover(close, open)", Bars));
    }

    [Fact]
    public void Directional_movement_is_Tulips_with_one_change_more_in_the_seed()
    {
        // Tulip seeds its sums of movement with n − 1 changes, one bar early, and its true range with the first bar's range;
        // Wilder's example and ours take n changes of each. The two come together as the seed fades, by (n − 1)/n a bar.
        double[] published = [41.525, 35.436, 28.811, 35.850, 40.268, 36.416, 40.072, 43.468, 41.298, 50.793, 42.981];

        var ours = RuleBench.Series("plus_di(5)", Bars);

        Assert.Equal(5, Array.FindIndex(ours, double.IsFinite));
        Assert.True(Math.Abs(published[^1] - ours[^1]) < Math.Abs(published[1] - ours[5]));
        Assert.Equal(published[^1], ours[^1], 1.5);
    }
}
