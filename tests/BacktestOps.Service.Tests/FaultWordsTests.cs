using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.Runs;
using BacktestOps.Runs.PythonWorkers;
using BacktestOps.Service.Tests.Page;

namespace BacktestOps.Service.Tests;

/// <summary>Every fault that a request of the page can have carries a code, and the page has words for it in both of its languages.</summary>
public sealed class FaultWordsTests : IDisposable
{
    private const int Seed = 20261126, Requests = 400;

    private static readonly BacktestRequest Good = new() { Symbols = ["ONE"], Strategy = "SmaCross", Parameters = new Dictionary<string, double> { ["fast"] = 2, ["slow"] = 3 } };

    private readonly string _folder = Directory.CreateTempSubdirectory("backtestops-words-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public FaultWordsTests()
    {
        const string Days = "2020-01-01,1,1,1,1,1\n2020-01-02,1,1,1,1,1\n2020-01-03,1,1,1,1,1\n";
        foreach (var (name, text) in new[] { ("ONE", Days), ("TWO", Days), ("OLD", Days.Replace("2020", "2019", StringComparison.Ordinal)), ("NEW", "2020-01-01,1,1,1,1,1\n2020-01-02,1,1,1,1,1\n"), ("BAD", "2020-01-01,1,1,1,x,1\n") })
            File.WriteAllText(Path.Combine(_folder, name + ".csv"), "date,open,high,low,close,volume\n" + text);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A way to have each of them.</summary>
    private static IEnumerable<(string Code, BacktestRequest Request)> Each =>
    [
        ("no-symbols", Good with { Symbols = [] }),
        ("too-many-symbols", Good with { Symbols = ["A", "B", "C", "D"] }),
        ("too-many-bars", Good with { Symbols = ["ONE", "TWO"] }),
        ("repeated-symbol", Good with { Symbols = ["ONE", "ONE"] }),
        ("not-a-symbol", Good with { Symbols = [" "] }),
        ("unknown-symbol", Good with { Symbols = ["NONE"] }),
        ("unusable-data", Good with { Symbols = ["BAD"] }),
        ("no-adjusted-close", Good with { Adjusted = true }),
        ("no-bars-in-range", Good with { From = new DateOnly(2021, 1, 1) }),
        ("unknown-strategy", Good with { Strategy = "None" }),
        ("unusable-strategy", Good with { Strategy = "py:none" }),
        ("unknown-parameter", With("none", 1)),
        ("not-a-number", With("fast", double.NaN)),
        ("out-of-limits", With("fast", -1)),
        ("not-whole", With("fast", 1.5)),
        ("not-below", With("fast", 9)),
        ("not-above", Good with { Parameters = new Dictionary<string, double> { ["slow"] = 5 } }),
        ("broken-constraint", Good with { Strategy = "Own", Parameters = new Dictionary<string, double>(), Rules = new StrategyDefinition
            { Entry = "close > $n", Exit = "close < $n", Constraints = ["$n > 5 or $n < 2"], Parameters = [new() { Name = "n", Description = "", Default = 3, Minimum = 1, Maximum = 9 }] } }),
        ("reversed-range", Good with { From = new DateOnly(2020, 1, 3), To = new DateOnly(2020, 1, 1) }),
        ("not-above-zero", Good with { InitialCash = 0 }),
        ("not-a-rate", Good with { Commission = new CommissionTerms { Rate = 1 } }),
        ("size-too-large", Good with { Sizing = new() { Kind = SizingKind.PercentOfEquity, Value = 2 } }),
        ("walk-forward-gap", Good with { Symbols = ["OLD", "NEW"], Parameters = new Dictionary<string, double> { ["slow"] = 3 }, Sweep = new()
            { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [2] }, WalkForward = new() { InSample = 3, OutOfSample = 1 } } }),
    ];

    [Fact]
    public async Task Each_fault_has_its_code_and_the_page_has_its_words()
    {
        await using var runner = await OpenAsync();
        foreach (var (code, request) in Each)
            Assert.Equal(code, AssertWords(Assert.Single(await FaultsAsync(runner, request))));
        // Beside the others only: what is said of those that are not named.
        var many = await FaultsAsync(runner, Good with { Parameters = Enumerable.Range(0, 100).ToDictionary(i => $"none{i}", _ => 1.0), InitialCash = 0 });
        Assert.Equal("more-faults", AssertWords(many[^1]));

        // Of the words that the page has for faults of the service, none is left over.
        Assert.Equal(
            Each.Select(pair => "fault." + pair.Code).Append("fault.more-faults").Order(StringComparer.Ordinal),
            PageStrings.English.Keys.Where(key => Regex.IsMatch(key, @"^fault\.[a-z]+-")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Requests_of_the_page_made_at_random_have_no_fault_without_words()
    {
        await using var runner = await OpenAsync();
#pragma warning disable CA5394 // the same requests every time are the point
        var random = new Random(Seed);
        string[] symbols = ["ONE", "TWO", "BAD", "NONE", "", " ", "x y", new string('x', 200), "가나"];
        double[] numbers = [0, -1, 1, 2, 3, 1.5, 1e9, -0.5, 4096, 1e300, 0.999];
        T Pick<T>(T[] values) => values[random.Next(values.Length)];
        DateOnly? Day() => random.Next(3) == 0 ? new DateOnly(random.Next(1, 9999), random.Next(1, 13), random.Next(1, 29)) : null;
        var strategies = (await runner.GetStrategiesAsync(Token)).ToArray();
        var seen = 0;
        for (var i = 0; i < Requests; i++)
        {
            var strategy = Pick(strategies);
            var request = new BacktestRequest
            {
                Symbols = [.. Enumerable.Range(0, random.Next(5)).Select(_ => Pick(symbols))],
                Strategy = random.Next(9) == 0 ? "gone" : strategy.Name,
                Parameters = strategy.Parameters.ToDictionary(parameter => parameter.Name, parameter => random.Next(2) == 0 ? parameter.Default : Pick(numbers)),
                From = Day(),
                To = Day(),
                InitialCash = random.Next(2) == 0 ? Pick(numbers) : 1000,
                Commission = new CommissionTerms { Rate = random.Next(2) == 0 ? Pick(numbers) : 0 },
                Adjusted = random.Next(3) == 0,
            };
            foreach (var fault in await FaultsAsync(runner, request))
            {
                AssertWords(fault);
                seen++;
            }
        }
#pragma warning restore CA5394
        Assert.True(seen > Requests, $"only {seen} faults were met");
    }

    [Fact]
    public async Task The_code_and_its_values_stand_in_the_problem_document()
    {
        await using var runner = await OpenAsync();
        await using var service = await RunningService.StartAsync(_ => Task.FromResult(new ServiceBackend(runner, runner.GetHealthAsync)), TimeProvider.System);

        var reply = await service.PostAsync("/api/backtest/start", """{"symbols": ["ONE"], "strategy": "SmaCross", "parameters": {"fast": 30, "slow": 20}}""");

        var fault = reply.Json.GetProperty("errors")[0];
        Assert.Equal("not-below", fault.GetProperty("code").GetString());
        Assert.Equal(("30", "slow", "20"), (Value("value"), Value("other"), Value("limit")));
        string? Value(string name) => fault.GetProperty("values").GetProperty(name).GetString();
    }

    private static string AssertWords(RequestFault fault)
    {
        Assert.False(fault.Code is null, $"This fault has no code, so the page can say it in English only: {fault}");
        foreach (var strings in new[] { PageStrings.English, PageStrings.Korean })
        {
            Assert.True(strings.TryGetValue("fault." + fault.Code, out var words), $"The page has no words for {fault.Code}: {fault}");
            Assert.All(PageStrings.Places(words), place => Assert.Contains(place.Trim('{', '}'), fault.Values!));
        }
        return fault.Code;
    }

    private static BacktestRequest With(string parameter, double value) =>
        Good with { Parameters = new Dictionary<string, double>(Good.Parameters) { [parameter] = value } };

    private static async Task<IReadOnlyList<RequestFault>> FaultsAsync(BacktestRunner runner, BacktestRequest request)
    {
        try
        {
            await runner.StartAsync(request, Token);
            return [];
        }
        catch (InvalidRequestException refused)
        {
            return refused.Faults;
        }
    }

    private Task<BacktestRunner> OpenAsync() => BacktestRunner.OpenAsync(
        new RunnerOptions
        {
            HomePath = Path.Combine(_folder, "home"), DataPath = _folder, Limits = new RunLimits { Symbols = 3, Bars = 5 },
            Python = new PythonOptions { StrategiesPath = Directory.CreateDirectory(Path.Combine(_folder, "strategies")).FullName },
        },
        Token);
}
