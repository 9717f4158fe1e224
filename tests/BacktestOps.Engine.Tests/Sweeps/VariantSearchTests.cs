using BacktestOps.Contracts;
using BacktestOps.Engine.Sweeps;

namespace BacktestOps.Engine.Tests.Sweeps;

/// <summary>The search for a first variant ends after a bounded number of steps and finds what a walk through all cells finds.</summary>
public class VariantSearchTests
{
    private static readonly double[] s_many = [.. Enumerable.Range(1, 460).Select(i => (double)i)];

    [Theory]
    [InlineData("a + b + c < 0", "steps")]
    [InlineData("a > 1000", "no combination")]
    [InlineData("a + 0 > 1000", "no combination")]
    [InlineData("a < b and b < a", "steps")]
    public void A_constraint_that_is_never_met_ends_within_the_budget(string constraint, string said)
    {
        Assert.Contains(said, Assert.Single(RequestValidator.Validate(Cube(constraint))).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_ends_soon_after_its_caller_has_gone()
    {
        using var caller = new CancellationTokenSource();
        var filter = new Leaving(caller, looks: 5_000);

        Assert.Throws<OperationCanceledException>(() => new VariantSearch([s_many, s_many, s_many], [filter], caller.Token).First());

        Assert.InRange(filter.Looks, 5_000, 20_000);
    }

    [Fact]
    public void The_check_of_a_request_ends_when_its_caller_has_gone() => Assert.Throws<OperationCanceledException>(
        () => RequestValidator.Validate(Cube("a + b + c < 0"), new ValidationTerms { CancellationToken = new CancellationToken(canceled: true) }));

    [Fact]
    public void Too_many_variants_are_refused_before_any_is_looked_for()
    {
        // With the token cancelled a single step of a search would end otherwise.
        var terms = new ValidationTerms { MostVariants = 1_000_000, CancellationToken = new CancellationToken(canceled: true) };

        var fault = Assert.Single(RequestValidator.Validate(Cube("a + b + c < 0"), terms));

        Assert.Equal(("sweep.parameters", "make 97,336,000 variants"), (fault.Field, fault.Detail));
        Assert.Contains("at most 1,000,000", fault.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_drawn_sample_counts_as_its_own_number_of_variants()
    {
        var request = Cube("a < 400");

        Assert.Empty(RequestValidator.Validate(request with { Sweep = request.Sweep! with { Sample = 1_000 } }, new ValidationTerms { MostVariants = 1_000 }));
        Assert.Single(RequestValidator.Validate(request with { Sweep = request.Sweep! with { Sample = 1_001 } }, new ValidationTerms { MostVariants = 1_000 }));
    }

    private static BacktestRequest Cube(string constraint) => new()
    {
        Symbols = ["ABC"],
        Rules = new() { Entry = "close > $a + $b", Exit = "close < $c" },
        Sweep = new()
        {
            Parameters = new Dictionary<string, IReadOnlyList<double>> { ["a"] = s_many, ["b"] = s_many, ["c"] = s_many },
            Constraints = [constraint],
        },
    };

    [Fact]
    public void The_first_variant_is_that_of_a_walk_through_all_cells()
    {
#pragma warning disable CA5394 // the same grids every time are the point
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            var values = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, 5).Select(_ => (double)random.Next(9)).ToArray()).ToArray();
            var filters = Enumerable.Range(0, random.Next(1, 5)).Select(_ => (CellFilter)new Sum(values, random)).ToArray();
#pragma warning restore CA5394
            Assert.Equal(Walk(values, filters), new VariantSearch(values, filters).First());
        }
    }

    [Fact]
    public void Parameters_that_no_constraint_ties_together_do_not_multiply_the_search()
    {
        double[][] values = [s_many, s_many, s_many];
        var search = new VariantSearch(values, [new Never(2)]);

        Assert.Null(search.First());
        Assert.InRange(search.Steps, 1, 10 * s_many.Length);
    }

    private static int[]? Walk(double[][] values, CellFilter[] filters)
    {
        var grid = new SweepGrid(["a", "b", "c", "d"], values, filters);
        var at = new int[4];
        for (var cell = 0L; cell < grid.Cells; cell++)
        {
            if (grid.IsVariant(at)) return at;
            grid.Advance(at);
        }
        return null;
    }

    private sealed class Never(int parameter) : CellFilter
    {
        public override IReadOnlyList<int> Named { get; } = [parameter];

        public override int Cost => 1;

        public override bool Passes(ReadOnlySpan<int> at) => false;
    }

    // Lets nothing through; its caller goes in the middle.
    private sealed class Leaving(CancellationTokenSource caller, int looks) : CellFilter
    {
        public int Looks { get; private set; }

        public override IReadOnlyList<int> Named { get; } = [0, 1, 2];

        public override int Cost => 1;

        public override bool Passes(ReadOnlySpan<int> at)
        {
            if (++Looks == looks) caller.Cancel();
            return false;
        }
    }

    private sealed class Sum : CellFilter
    {
        private readonly double[][] _values;
        private readonly double _least;

        public Sum(double[][] values, Random random)
        {
#pragma warning disable CA5394
            (_values, _least) = (values, random.Next(20));
            Named = [.. Enumerable.Range(0, 4).Where(_ => random.Next(2) == 0).DefaultIfEmpty(1)];
#pragma warning restore CA5394
        }

        public override IReadOnlyList<int> Named { get; }

        public override int Cost => 1;

        public override bool Passes(ReadOnlySpan<int> at)
        {
            var sum = 0.0;
            foreach (var parameter in Named) sum += _values[parameter][at[parameter]];
            return sum >= _least;
        }
    }
}
