using BacktestOps.Operations.Monitoring.Statistics;
using CsCheck;

namespace BacktestOps.Operations.Tests.Monitoring;

/// <summary>Statistics against numbers that others published, and against counting by hand.</summary>
public sealed class StatisticsTests
{
    [Fact]
    public void The_example_of_SciPy_gives_SciPy_s_numbers()
    {
        // docs.scipy.org, scipy.stats.mannwhitneyu, "Examples": ages at diagnosis; U = 17 and the exact two-sided p is
        // 0.1111111111111111, so the one-sided p is half of it.
        double[] males = [19, 22, 16, 29, 24];
        double[] females = [20, 11, 17, 12];

        var test = MannWhitney.TestLarger(females, males);

        Assert.Equal((17, 4, 5), (test.U, test.Before, test.After));
        Assert.Equal(0.1111111111111111 / 2, test.P, 1e-15);
        Assert.Equal(17.0 / 20, test.Effect, 1e-15);
    }

    /// <summary>
    /// The published critical values of U (one-sided 0.05 and 0.01): E. Milton, An Extended Table of Critical Values for the
    /// Mann-Whitney (Wilcoxon) Two-Sample Statistic, JASA 59 (1964); the same are in most textbooks' tables.
    /// </summary>
    [Theory]
    [InlineData(5, 5, 0.05, 4)]
    [InlineData(5, 5, 0.01, 1)]
    [InlineData(6, 8, 0.05, 10)]
    [InlineData(7, 7, 0.01, 6)]
    [InlineData(8, 8, 0.05, 15)]
    [InlineData(10, 10, 0.05, 27)]
    [InlineData(10, 10, 0.01, 19)]
    [InlineData(10, 15, 0.05, 44)]
    [InlineData(15, 15, 0.01, 56)]
    [InlineData(20, 20, 0.05, 138)]
    [InlineData(20, 20, 0.01, 114)]
    public void The_critical_values_of_the_tables_are_critical(int before, int after, double alpha, int critical)
    {
        Assert.InRange(P(before, after, critical), 0, alpha);
        Assert.InRange(P(before, after, critical + 1), alpha, 1);
    }

    [Fact]
    public void With_ties_the_chance_is_that_of_dealing_the_values_in_every_way() => Gen.Select(
        Gen.Int[1, 4].Array[1, 6], Gen.Int[1, 4].Array[1, 6]).Sample((left, right) =>
        {
            double[] before = [.. left.Select(value => (double)value)], after = [.. right.Select(value => (double)value)];

            var test = MannWhitney.TestLarger(before, after);

            double[] all = [.. before, .. after];
            var ways = Enumerable.Range(0, 1 << all.Length).Where(dealt => int.PopCount(dealt) == after.Length).ToList();
            var asLarge = ways.Count(dealt => Pairs(all, dealt) >= test.U - 1e-9);
            Assert.Equal((double)asLarge / ways.Count, test.P, 1e-12);
            Assert.Equal(test.U / (before.Length * after.Length), test.Effect, 1e-12);
        }, iter: 500);

    [Fact]
    public void A_tiny_chance_is_not_lost_to_rounding()
    {
        var test = MannWhitney.TestLarger([.. Enumerable.Range(1, 20).Select(value => (double)value)], [.. Enumerable.Range(100, 60).Select(value => (double)value)]);

        // One way of C(80, 20) = 3 535 316 142 212 174 320.
        Assert.Equal(1 / 3535316142212174320.0, test.P, 1e-25);
        Assert.Equal(1, test.Effect);
    }

    [Fact]
    public void Twice_as_long_is_a_ratio_of_two()
    {
        double[] before = [1, 2, 3, 4, 5];

        Assert.Equal(2, MannWhitney.TestLarger(before, [.. before.Select(value => 2 * value)]).Ratio, 1e-12);
    }

    [Theory]
    [InlineData(new double[0], new[] { 1.0 })]
    [InlineData(new[] { 1.0 }, new[] { 0.0 })]
    [InlineData(new[] { double.NaN }, new[] { 1.0 })]
    public void A_sample_that_says_nothing_is_refused(double[] before, double[] after) =>
        Assert.Throws<ArgumentException>(() => MannWhitney.TestLarger(before, after));

    /// <summary>1 − 0.05^(1/n); "3 clean checks still allow 63 %" is what the issue says, and n = 30 and 300 are the rule of three's 10 % and 1 %.</summary>
    [Theory]
    [InlineData(1, 0.95)]
    [InlineData(3, 0.6316)]
    [InlineData(30, 0.0950)]
    [InlineData(300, 0.00994)]
    public void Clean_observations_rule_out_no_more_than_they_can(int observations, double bound) =>
        Assert.Equal(bound, UpperBound.OfClean(observations), 4);

    [Fact]
    public void No_observation_rules_out_nothing() => Assert.Throws<ArgumentOutOfRangeException>(() => UpperBound.OfClean(0));

    /// <summary>How surprising the U of the table is: of values 1 to n + m, 'before' has those that give just this U.</summary>
    private static double P(int before, int after, int critical)
    {
        // Begin with before = 1..m (U of the other direction 0) and move its values up, one pair at a time.
        var values = Enumerable.Range(1, before).ToArray();
        for (var (moved, at) = (0, before - 1); moved < critical; moved++)
        {
            if (values[at] >= after + at + 1) at--;
            values[at]++;
        }

        var rest = Enumerable.Range(1, before + after).Except(values).Select(value => (double)value).ToArray();
        var test = MannWhitney.TestLarger([.. values.Select(value => (double)value)], rest);
        Assert.Equal((before * after) - critical, test.U);
        return test.P;
    }

    private static double Pairs(double[] all, int dealt)
    {
        var u = 0.0;
        for (var right = 0; right < all.Length; right++)
        {
            for (var left = 0; left < all.Length; left++)
            {
                if ((dealt & (1 << right)) != 0 && (dealt & (1 << left)) == 0) u += all[right] > all[left] ? 1 : all[right] == all[left] ? 0.5 : 0;
            }
        }

        return u;
    }
}
