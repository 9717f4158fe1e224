using BacktestOps.Engine.Sweeps;

namespace BacktestOps.Engine.Tests.Sweeps;

/// <summary>The probability of overfitting against two public implementations, on returns that this file makes as they were made for them.</summary>
/// <remarks>
/// mrbcuda/pbo (commit b132dda) in R 4.2.2 and esvhd/pypbo (commit ddbc631) on numpy 1.24.2, run once on 2026-11-26 over the same numbers, the measure
/// being mean / standard deviation with ddof 1. The returns are 0.01 × (the sum of four uniform numbers − 2) + skill × the number of the
/// variant, uniform numbers from x ← 16807 x mod (2³¹ − 1) over 2³¹ − 1, bar by bar and in a bar variant by variant.
/// </remarks>
public class OverfittingReferenceTests
{
    [Theory]
    [InlineData(160, 10, 8, 1, 0, 0.5714285714285714)]
    [InlineData(160, 10, 8, 1, 0.0002, 0.2714285714285714)]
    [InlineData(240, 20, 10, 7, 0, 0.3968253968253968)]
    [InlineData(240, 20, 10, 7, 0.0001, 0.32936507936507936)]
    [InlineData(800, 12, 16, 3, 0, 0.1125097125097125)]
    [InlineData(800, 12, 16, 3, 0.00004, 0.14133644133644133)]
    public void The_probability_is_that_of_pbo_and_of_pypbo(int returns, int variants, int blocks, long seed, double skill, double expected) =>
        Assert.Equal(expected, Probability(returns, variants, blocks, seed, skill), 1e-12);

    // With an odd number of variants the one in the middle counts as overfitted where its rank is taken of N + 1, as in the paper
    // and in pypbo; mrbcuda/pbo takes it of N and gives 0.78968253968253965.
    [Fact]
    public void The_variant_in_the_middle_counts_as_it_does_in_the_paper() =>
        Assert.Equal(0.8373015873015873, Probability(240, 21, 10, 7, 0), 1e-12);

    [Fact]
    public void The_returns_are_those_that_the_implementations_were_given()
    {
        var made = Returns(160, 10, 1, 0.0002);

        Assert.Equal(-0.006541989313690919, made[0][0]);
        Assert.Equal(0.003941381382076713, made[9][159]);
    }

    private static double Probability(int returns, int variants, int blocks, long seed, double skill)
    {
        var overfitting = new Overfitting(returns, blocks);
        foreach (var variant in Returns(returns, variants, seed, skill)) overfitting.Add(variant);
        return overfitting.Probability(TestContext.Current.CancellationToken)!.Value;
    }

    private static double[][] Returns(int returns, int variants, long seed, double skill)
    {
        var made = Enumerable.Range(0, variants).Select(_ => new double[returns]).ToArray();
        for (var t = 0; t < returns; t++)
        {
            for (var i = 0; i < variants; i++)
            {
                var sum = 0.0;
                for (var k = 0; k < 4; k++)
                {
                    seed = seed * 16807 % 2147483647;
                    sum += seed / 2147483647.0;
                }
                made[i][t] = 0.01 * (sum - 2) + skill * i;
            }
        }
        return made;
    }
}
