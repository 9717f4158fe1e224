using BacktestOps.Engine.Rules;
using CsCheck;

namespace BacktestOps.Engine.Tests.Rules;

public class BarMaskTests
{
    [Fact]
    public void A_mask_says_what_its_bars_say()
    {
        // Long runs without any, so that whole words are passed over.
        var sparse = Gen.Int[0, 20].Array[1, 300].Select(draws => draws.Select(draw => draw == 0).ToArray());
        Gen.OneOf(Gen.Bool.Array[1, 300], sparse).Sample(bars =>
        {
            var mask = BarMask.Of(bars);

            Assert.Equal(bars, mask.ToArray());
            Assert.Equal(bars, Enumerable.Range(0, bars.Length).Select(t => mask[t]));
            Assert.Equal(bars.Count(bar => bar), mask.CountSet());
            for (var t = 0; t <= bars.Length; t++)
            {
                var next = Array.IndexOf(bars, true, t);
                Assert.Equal(next < 0 ? int.MaxValue : next, mask.Next(t));
            }
        });
    }

    [Fact]
    public void The_default_is_a_mask_of_no_bar()
    {
        BarMask none = default;

        Assert.False(none[1000]);
        Assert.Equal((int.MaxValue, 0), (none.Next(0), none.CountSet()));
        Assert.Empty(none.ToArray());
    }
}
