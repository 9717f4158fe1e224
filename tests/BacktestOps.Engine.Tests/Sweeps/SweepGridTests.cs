using BacktestOps.Contracts;
using BacktestOps.Engine.Sweeps;

namespace BacktestOps.Engine.Tests.Sweeps;

/// <summary>Which variants a sweep has, and in what order.</summary>
public class SweepGridTests
{
    [Fact]
    public void Variants_are_the_grid_in_order_of_the_parameters_names_without_what_the_constraints_leave_out()
    {
        var sweep = Prepare(new() { ["slow"] = [2, 3, 4], ["fast"] = [1, 2, 3] }, "fast + 1 < slow");

        Assert.Equal(["fast", "slow"], sweep.Parameters);
        Assert.Equal(["1 3", "1 4", "2 4"], Variants(sweep));
        Assert.Equal((9, 3, 3), (sweep.GridCells, sweep.GridVariants, sweep.Variants));
    }

    // The strategy itself demands fast < slow, which leaves six of the nine: 1-3, 1-4, 1-2, 2-3, 2-4, 3-4.
    [Theory]
    [InlineData("fast < slow", 6)]
    [InlineData("$fast < $slow", 6)]
    [InlineData("slow > 3", 3)]
    [InlineData("slow == 3 or fast == 1", 4)]
    [InlineData("not (slow - fast == 1)", 3)]
    [InlineData("FAST * 2 <= SLOW", 4)]
    public void A_constraint_is_read_in_the_language_of_rules_with_or_without_signs(string constraint, int variants)
    {
        Assert.Equal(variants, Prepare(new() { ["fast"] = [1, 2, 3], ["slow"] = [3, 4, 2] }, constraint).Variants);
    }

    [Fact]
    public void A_sample_is_drawn_without_repeats_and_is_the_same_for_the_same_seed_alone()
    {
        var first = Variants(Draw(seed: 7));

        Assert.Equal(100, first.Distinct().Count());
        Assert.Equal(first, Variants(Draw(seed: 7)));
        Assert.NotEqual(first, Variants(Draw(seed: 8)));
        Assert.Equal(SweepCompare.Cells(Draw(seed: 7)).Order(), SweepCompare.Cells(Draw(seed: 7)));

        static Sweep Draw(long seed) => Prepare(Wide(), "fast < slow", 100, seed);
    }

    [Fact]
    public void Every_variant_is_drawn_as_often_as_any_other()
    {
        var counts = new Dictionary<string, int>();
        for (var seed = 0; seed < 3000; seed++)
        {
            foreach (var variant in Variants(Prepare(new() { ["fast"] = [1, 2, 3], ["slow"] = [4, 5] }, "fast < slow", 2, seed)))
                counts[variant] = counts.GetValueOrDefault(variant) + 1;
        }

        // 6000 draws of 6 variants: 1000 each, standard deviation √(3000 · 1/3 · 2/3) = 26; five of them are allowed.
        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 870, 1130));
    }

    [Fact]
    public void A_cursor_gives_the_same_variants_in_pieces()
    {
        var sweep = Prepare(Wide(), "fast < slow", 333, 1);
        var whole = SweepCompare.Cells(sweep);
        var cursor = sweep.OpenCursor();
        var pieces = new List<long>();
        var piece = new long[7];
        for (int count; (count = cursor.Read(piece)) > 0;) pieces.AddRange(piece[..count]);

        Assert.Equal(whole, pieces);
    }

    [Fact]
    public void Every_fault_of_a_sweep_is_named_with_its_place()
    {
        var request = Request(new() { ["fast"] = [5, 5], ["slow"] = [], ["Fast"] = [double.NaN] }, [], null, 0) with
        {
            Parameters = new Dictionary<string, double> { ["slow"] = 3 },
        };
        request = request with { Sweep = request.Sweep! with { Objective = "sharp_ratio", Sample = 0, WalkForward = new() { InSample = 1, OutOfSample = 0 } } };

        Assert.Equal(
            [
                "sweep.parameters.fast: has a value twice", "sweep.parameters.slow: has a value in parameters too", "sweep.parameters.slow: has no values",
                "sweep.parameters.Fast: is there twice, in different case", "sweep.parameters.Fast: has a value that is no number",
                "sweep.objective: 'sharp_ratio' can't be looked for", "sweep.sample: is 0", "sweep.walk_forward.in_sample: is 1", "sweep.walk_forward.out_of_sample: is 0",
            ],
            RequestValidator.Validate(request).Select(fault => $"{fault.Field}: {fault.Detail}"));
    }

    [Theory]
    [InlineData("fast", 2.5, "sweep.parameters.fast", "2.5 is not a whole number")]
    [InlineData("fast", 5000, "sweep.parameters.fast", "5000 is out of limits")]
    [InlineData("fsat", 5, "sweep.parameters.fsat", "SmaCross has no parameter 'fsat'")]
    public void A_value_that_the_strategy_does_not_take_is_a_fault(string name, double value, string field, string detail)
    {
        var fault = Assert.Single(RequestValidator.Validate(Request(new() { [name] = [value] }, [], null, 0)));

        Assert.Equal((field, detail), (fault.Field, fault.Detail));
    }

    [Theory]
    [InlineData("fast <", "sweep.constraints[0]")]
    [InlineData("fats < slow", "sweep.constraints[0]")]
    [InlineData("close > fast", "sweep.constraints[0]")]
    [InlineData("fast", "sweep.constraints[0]")]
    [InlineData("fast > 100", "sweep")]
    public void A_constraint_that_can_t_be_read_or_leaves_nothing_is_a_fault(string constraint, string field)
    {
        var fault = Assert.Single(RequestValidator.Validate(Request(new() { ["fast"] = [5], ["slow"] = [10] }, [constraint], null, 0)));

        Assert.Equal(field, fault.Field);
    }

    [Fact]
    public void A_normal_request_names_the_parameters_that_are_not_swept_and_stays_as_it_is()
    {
        var request = RequestValidator.Normalize(Request(new() { ["FAST"] = [5, 6] }, [], null, 0));

        Assert.Equal(["slow"], request.Parameters.Keys);
        Assert.Equal(["fast"], request.Sweep!.Parameters.Keys);
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(request), System.Text.Json.JsonSerializer.Serialize(RequestValidator.Normalize(request)));
    }

    private static Dictionary<string, double[]> Wide() => new()
    {
        ["fast"] = [.. Enumerable.Range(1, 60).Select(n => (double)n)],
        ["slow"] = [.. Enumerable.Range(1, 60).Select(n => n + 1.0)],
    };

    private static BacktestRequest Request(Dictionary<string, double[]> values, string[] constraints, int? sample, long seed) => new()
    {
        Symbols = ["ABC"],
        Strategy = "SmaCross",
        Sweep = new()
        {
            Parameters = values.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<double>)pair.Value),
            Constraints = constraints,
            Sample = sample,
            Seed = seed,
        },
    };

    private static Sweep Prepare(Dictionary<string, double[]> values, string constraint, int? sample = null, long seed = 0) =>
        Sweep.Prepare(Request(values, [constraint], sample, seed), [Sample.Flat(1, 2, 3, 2, 1)], TestContext.Current.CancellationToken);

    private static string[] Variants(Sweep sweep) =>
        [.. SweepCompare.Cells(sweep).Select(cell => string.Join(' ', sweep.ParametersOf(cell).Values))];
}
