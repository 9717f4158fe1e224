using BacktestOps.Contracts;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests;

/// <summary>What the request and the data show to be impossible is refused when the run is accepted, with the numbers; what is accepted ends well.</summary>
public sealed class AcceptanceTests : IDisposable
{
    private static readonly BacktestRequest Walk = new()
    {
        Symbols = ["SYN-CYCLE", "SP500"],
        Strategy = "SmaCross",
        Parameters = new Dictionary<string, double> { ["slow"] = 60 },
        Sweep = new() { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [5, 20] }, WalkForward = new() { InSample = 1000, OutOfSample = 5000 } },
    };

    private readonly TempFolder _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    [InlineData(250)]
    public async Task A_walk_forward_whose_stretches_miss_a_symbol_is_refused_with_the_days_that_all_have(int inSample)
    {
        await using var runner = await OpenAsync();

        var fault = Assert.Single(await runner.CheckAsync(Walk with { Sweep = Walk.Sweep! with { WalkForward = new() { InSample = inSample, OutOfSample = 5000 } } }, Token));

        Assert.Equal(("sweep.walk_forward", "walk-forward-gap"), (fault.Field, fault.Code));
        Assert.Matches(@"'[^']+' has no bar; its bars are from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d", fault.Detail);
        Assert.Matches(@"all symbols have bars from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d, [\d,]+ bars", fault.Hint!);
        await Assert.ThrowsAsync<InvalidRequestException>(() => runner.StartAsync(
            Walk with { Sweep = Walk.Sweep! with { WalkForward = new() { InSample = inSample, OutOfSample = 5000 } } }, Token));
    }

    [Fact]
    public async Task A_walk_forward_whose_stretches_have_all_symbols_is_accepted_and_completes()
    {
        await using var runner = await OpenAsync();

        Assert.Empty(await runner.CheckAsync(Walk, Token));
        var run = await runner.StartAsync(Walk, Token);

        var ended = await runner.EndAsync(run.BacktestId);
        Assert.True(ended.Status == BacktestStatus.Completed, ended.Error);
    }

    [Theory]
    [InlineData(5_000_000)]
    [InlineData(20_000)]
    public async Task A_walk_forward_longer_than_its_bars_is_refused_with_their_number(int inSample)
    {
        await using var runner = await OpenAsync();

        var fault = Assert.Single(await runner.CheckAsync(Walk with { Sweep = Walk.Sweep! with { WalkForward = new() { InSample = inSample, OutOfSample = 5 } } }, Token));

        Assert.Equal("sweep.walk_forward.in_sample", fault.Field);
        Assert.Matches(@$"is {inSample} and the run has \d+ bars", fault.Detail);
    }

    [Fact]
    public async Task A_benchmark_without_a_bar_in_the_days_of_the_run_is_refused()
    {
        await using var runner = await OpenAsync(("NEW", Rows(2020, 30)), ("OLD", Rows(2010, 30)));
        var request = new BacktestRequest { Symbols = ["NEW"], Strategy = "BuyAndHold", Benchmark = "OLD" };

        Assert.Equal("benchmark", Assert.Single(await runner.CheckAsync(request, Token)).Field);
        Assert.Equal("benchmark", Assert.Single(await runner.CheckAsync(request with { Symbols = ["OLD"], Benchmark = "NEW" }, Token)).Field);
        Assert.Empty(await runner.CheckAsync(request with { Benchmark = "NEW" }, Token));
    }

    [Fact]
    public async Task A_sweep_without_any_variant_is_refused()
    {
        await using var runner = await OpenAsync();

        var fault = Assert.Single(await runner.CheckAsync(Walk with { Sweep = Walk.Sweep! with { Constraints = ["fast > 30"] } }, Token));

        Assert.Equal("sweep", fault.Field);
        Assert.Contains("fast > 30", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adjusted_prices_that_are_not_there_are_refused_of_symbols_and_benchmark()
    {
        await using var runner = await OpenAsync(("ONE", Rows(2020, 30)), ("TWO", Rows(2020, 30)));

        var faults = await runner.CheckAsync(new BacktestRequest { Symbols = ["ONE"], Strategy = "BuyAndHold", Adjusted = true, Benchmark = "TWO" }, Token);

        Assert.Equal(["symbols[0]", "benchmark"], faults.Select(fault => fault.Field));
    }

    [Fact]
    public async Task What_is_accepted_on_good_data_never_fails()
    {
        const int Requests = 300;
        await using var runner = await OpenAsync(
            ("LONG", Rows(2020, 60)), ("LATE", Rows(2020, 12, skip: 40)), ("OLD", Rows(2015, 20)), ("ONE", Rows(2020, 1)), ("THIN", Rows(2020, 9)));
#pragma warning disable CA5394 // the same requests every time are the point
        var random = new Random(20261201);
        T Pick<T>(params T[] values) => values[random.Next(values.Length)];
        var (accepted, refused) = (0, 0);
        for (var i = 0; i < Requests; i++)
        {
            var symbols = new[] { "LONG", "LATE", "OLD", "ONE", "THIN" }.Where(_ => random.Next(3) == 0).DefaultIfEmpty("LONG").ToArray();
            var from = random.Next(3) == 0 ? new DateOnly(Pick(2015, 2020), 1, random.Next(1, 28)) : (DateOnly?)null;
            var request = new BacktestRequest
            {
                Symbols = symbols,
                Strategy = "SmaCross",
                Parameters = new Dictionary<string, double> { ["slow"] = Pick(3, 20, 80) },
                From = from,
                To = random.Next(3) == 0 ? (from ?? new DateOnly(2020, 1, 1)).AddDays(random.Next(40)) : null,
                InitialCash = Pick(0.01, 1, 1e5, 1e15),
                FractionalShares = random.Next(2) == 0,
                Benchmark = Pick(null, null, "LONG", "OLD", "ONE"),
                Cash = Pick<CashSharing?>(null, CashSharing.Shared),
                Fill = Pick(FillTiming.Close, FillTiming.NextOpen),
                VolumeLimit = Pick<double?>(null, 1e-9, 1),
                Sizing = Pick<SizingRule?>(null, new() { Kind = SizingKind.FixedShares, Value = Pick(1e-9, 1, 1e6) }, new() { Kind = SizingKind.FixedCash, Value = 1 }, new() { Kind = SizingKind.VolatilityTarget, Value = 0.2, Window = 5 }),
            };
            if (random.Next(2) == 0)
            {
                request = request with
                {
                    Sweep = new()
                    {
                        Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [2, 4, 70] },
                        Constraints = Pick<IReadOnlyList<string>>([], ["fast > 3"], ["fast > 70"]),
                        Sample = Pick<int?>(null, 1),
                        WalkForward = Pick<WalkForwardRequest?>(null, new() { InSample = Pick(3, 10, 100), OutOfSample = Pick(1, 7, 100), Anchored = random.Next(2) == 0 }),
                    },
                };
            }
            else
            {
                request = request with { Parameters = new Dictionary<string, double>(request.Parameters) { ["fast"] = 2 } };
            }

            BacktestProgress run;
            try
            {
                run = await runner.StartAsync(request, Token);
            }
            catch (InvalidRequestException)
            {
                refused++;
                continue;
            }
            accepted++;
            var ended = await runner.EndAsync(run.BacktestId);
            Assert.True(ended.Status == BacktestStatus.Completed, $"{ended.Error}: {System.Text.Json.JsonSerializer.Serialize(request, ContractsJson.Default.BacktestRequest)}");
            Assert.NotEqual(0, (await runner.GetResultAsync(run.BacktestId, Token)).Content.Length);
        }
#pragma warning restore CA5394
        Assert.True(accepted > Requests / 5 && refused > Requests / 10, $"{accepted} were accepted and {refused} refused");
    }

    private static string Rows(int year, int count, int skip = 0) => "date,open,high,low,close,volume\n" + string.Concat(Enumerable.Range(skip, count).Select(i =>
    {
        var price = 20 + 5 * Math.Sin(i / 4.0);
        return FormattableString.Invariant($"{new DateOnly(year, 1, 1).AddDays(i):yyyy-MM-dd},{price:0.00},{price + 0.5:0.00},{price - 0.5:0.00},{price + 0.1:0.00},{1000 * (i % 3)}\n");
    }));

    private Task<BacktestRunner> OpenAsync(params (string Symbol, string Rows)[] files)
    {
        string? data = null;
        if (files.Length > 0)
        {
            data = Directory.CreateDirectory(Path.Combine(_home.Path, "prices")).FullName;
            foreach (var (symbol, rows) in files) File.WriteAllText(Path.Combine(data, symbol + ".csv"), rows);
        }
        return BacktestRunner.OpenAsync(new RunnerOptions { HomePath = Path.Combine(_home.Path, "home"), DataPath = data }, Token);
    }
}
