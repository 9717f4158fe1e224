using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs;
using BacktestOps.Runs.Reports;

namespace BacktestOps.Service.Tests;

/// <summary>Any request whose numbers are in their ranges, ends included, gives a finite result, its charts and its report, or an error that names a fault.</summary>
public sealed class RangeFuzzTests : IDisposable
{
    private const int Seed = 20261202, Requests = 250;

    private readonly string _folder = Directory.CreateTempSubdirectory("backtestops-ranges-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

#pragma warning disable CA5394 // the same requests every time are the point
    private readonly Random _random = new(Seed);

    [Fact]
    public async Task Numbers_within_their_ranges_give_a_finite_result_charts_and_a_report_or_a_fault_that_is_named()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        // Prices of pennies, of indices, and of all sizes in one series.
        File.WriteAllText(Path.Combine(data, "LOW.csv"), Rows(i => 0.0002 + 0.0001 * Math.Sin(i)));
        File.WriteAllText(Path.Combine(data, "MID.csv"), Rows(i => 100 + 40 * Math.Sin(i / 3.0)));
        File.WriteAllText(Path.Combine(data, "HIGH.csv"), Rows(i => 5e7 + 1e7 * Math.Cos(i)));
        File.WriteAllText(Path.Combine(data, "WILD.csv"), Rows(i => Math.Pow(10, i % 9 - 3)));
        await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = Path.Combine(_folder, "home"), DataPath = data }, Token);
        await using var service = await RunningService.StartAsync(_ => Task.FromResult(new ServiceBackend(runner, runner.GetHealthAsync)), TimeProvider.System);
        var (completed, refused) = (0, 0);
        for (var i = 0; i < Requests; i++)
        {
            var request = Next();
            var json = JsonSerializer.Serialize(request, ContractsJson.Default.BacktestRequest);
            var started = await service.PostAsync("/api/backtest/start", json);
            if (started.Status == 400)
            {
                // Sizes and maxima that hang on other members: refused by their names.
                Assert.NotEmpty(started.Problem.Errors!);
                refused++;
                continue;
            }
            Assert.True(started.Status == 200, $"{started.Text}: {json}");
            var id = started.Json.GetProperty("backtest_id").GetString()!;

            var run = await EndAsync(runner, id);

            Assert.True(run.Status == BacktestStatus.Completed, $"{run.Error}: {json}");
            completed++;
            var result = JsonSerializer.Deserialize((await service.GetAsync($"/api/backtest/result/{id}")).Body, ContractsJson.Default.BacktestResult)!;
            Assert.All(result.EquityCurve, point => Assert.True(double.IsFinite(point.Equity), json));
            foreach (var chart in result.Data.Select(used => $"price?symbol={used.Symbol}").Append("equity"))
            {
                var picture = await service.GetAsync($"/api/backtest/chart/{id}/{chart}");
                Assert.True(picture.Status == 200, $"{chart}: {picture.Text}: {json}");
                Assert.DoesNotMatch("NaN|Infinity|∞", picture.Text);
            }
            Assert.NotEmpty(Report(result));
        }
        Assert.True(completed > Requests / 3, $"{completed} completed and {refused} were refused");
    }

    private BacktestRequest Next()
    {
        string[] symbols = [.. new[] { "LOW", "MID", "HIGH", "WILD" }.Where(_ => _random.Next(2) == 0).DefaultIfEmpty("MID")];
        var commission = new CommissionTerms();
        if (Maybe())
        {
            var minimum = Of<CommissionTerms>(nameof(CommissionTerms.Minimum));
            commission = new()
            {
                Rate = Of<CommissionTerms>(nameof(CommissionTerms.Rate)), Minimum = minimum, PerShare = Of<CommissionTerms>(nameof(CommissionTerms.PerShare)),
                Maximum = Maybe() ? Math.Max(minimum, Of<CommissionTerms>(nameof(CommissionTerms.Maximum))) : null,
            };
        }
        var margin = Maybe() ? new MarginTerms { Initial = Of<MarginTerms>(nameof(MarginTerms.Initial)), BorrowRate = Of<MarginTerms>(nameof(MarginTerms.BorrowRate)), LoanRate = Of<MarginTerms>(nameof(MarginTerms.LoanRate)) } : null;
        return new()
        {
            Symbols = symbols,
            Rules = _random.Next(3) switch
            {
                0 => new() { Entry = "true", Exit = "false" },
                1 => new() { Entry = "close > close[1]", Exit = "close < close[2]" },
                _ => new() { Entry = "close > close[1]", Exit = "close < close[1]", ShortEntry = "close < close[1]", ShortExit = "close > close[1]" },
            },
            InitialCash = Of<BacktestRequest>(nameof(BacktestRequest.InitialCash)),
            Commission = commission,
            Margin = margin is null ? null : margin with { Maintenance = margin.Initial * _random.NextDouble() },
            Slippage = Maybe() ? new() { BasisPoints = Of<SlippageTerms>(nameof(SlippageTerms.BasisPoints)), SpreadBasisPoints = Of<SlippageTerms>(nameof(SlippageTerms.SpreadBasisPoints)), RangeFraction = Of<SlippageTerms>(nameof(SlippageTerms.RangeFraction)), VolumeImpact = Of<SlippageTerms>(nameof(SlippageTerms.VolumeImpact)) } : null,
            VolumeLimit = Maybe() ? Of<BacktestRequest>(nameof(BacktestRequest.VolumeLimit)) : null,
            PeriodsPerYear = Maybe() ? Of<BacktestRequest>(nameof(BacktestRequest.PeriodsPerYear)) : null,
            RiskFreeRate = Maybe() ? Of<BacktestRequest>(nameof(BacktestRequest.RiskFreeRate)) : 0,
            FractionalShares = Maybe(),
            Fill = Maybe() ? FillTiming.Close : FillTiming.NextOpen,
            Cash = Maybe() ? CashSharing.Shared : null,
            Benchmark = Maybe() ? "WILD" : null,
            Sizing = _random.Next(5) switch
            {
                0 => new() { Kind = SizingKind.PercentOfEquity, Value = Within(RequestRanges.Fraction) },
                1 => new() { Kind = SizingKind.FixedShares, Value = Within(RequestRanges.Size) },
                2 => new() { Kind = SizingKind.FixedCash, Value = Within(RequestRanges.Size) },
                3 => new() { Kind = SizingKind.VolatilityTarget, Value = Within(RequestRanges.Volatility), Window = (int)Of<SizingRule>(nameof(SizingRule.Window)) },
                _ => null,
            },
            Rebalance = _random.Next(3) == 0 ? new() { Every = RebalancePeriod.Bar, Drift = Of<RebalanceRule>(nameof(RebalanceRule.Drift)) } : null,
        };
    }

    private bool Maybe() => _random.Next(2) == 0;

    private double Of<T>(string member) => Within(RequestRanges.Of<T>(member));

    // Either end, and between them every order of magnitude alike.
    private double Within(NumberRange range)
    {
        var (least, most) = (range.ExcludesMinimum ? Math.BitIncrement(range.Minimum) : range.Minimum, range.ExcludesMaximum ? Math.BitDecrement(range.Maximum) : range.Maximum);
        return _random.Next(8) switch
        {
            0 => least,
            1 => most,
            _ => Math.Clamp(Math.Max(least, 0) + Math.Pow(10, _random.NextDouble() * (Math.Log10(most) + 4) - 4), least, most),
        };
    }
#pragma warning restore CA5394

    private static string Rows(Func<int, double> price) => "date,open,high,low,close,volume\n" + string.Concat(Enumerable.Range(0, 40).Select(i =>
        FormattableString.Invariant($"{new DateOnly(2020, 1, 1).AddDays(i):yyyy-MM-dd},{price(i)},{price(i) * 1.02},{price(i) * 0.98},{price(i) * 1.01},{(i % 4) * 1000}\n")));

    private static byte[] Report(BacktestResult result) => TearSheet.Write(result);

    private static async Task<BacktestProgress> EndAsync(BacktestRunner runner, string id)
    {
        while (true)
        {
            var progress = await runner.GetProgressAsync(id, Token);
            if (progress.Status.IsTerminal()) return progress;
            await Task.Delay(2, Token);
        }
    }
}
