using System.Diagnostics;
using System.Globalization;
using BacktestOps.Client;
using BacktestOps.Contracts;
using BacktestOps.Runs;
using BacktestOps.Runs.Execution;
using BacktestOps.Service;

namespace BacktestOps.Benchmarks.Service;

/// <summary>The service under load: acceptance of a long queue, latency at half load, and memory over a soak.</summary>
/// <remarks>BACKTESTOPS_SOAK_MINUTES says how long the soak is; without it half a minute, which shows a gross leak only.</remarks>
internal static class LoadTable
{
    private const int Queued = 10_000, Connections = 16, Rounds = 5;

    private static readonly TimeSpan s_sample = TimeSpan.FromSeconds(2);

    private static readonly BacktestRequest s_request = new() { Symbols = ["SP500"], Strategy = "BuyAndHold" };

    /// <summary>The table.</summary>
    public static BenchmarkTable Create() => new("load", $"the service under load, {Connections} connections, generator in the same process", MeasureAsync);

    private static async Task<IReadOnlyList<BenchmarkRow>> MeasureAsync(CancellationToken cancellationToken)
    {
        var home = Directory.CreateTempSubdirectory("backtestops-benchmark-").FullName;
        try
        {
            var rows = new List<BenchmarkRow> { await AcceptAsync(Path.Combine(home, "queue"), cancellationToken) };
            await using var host = await ServeAsync(Path.Combine(home, "work"), new EngineCalls(), cancellationToken);
            await using var client = new BacktestClient(host.Addresses[0]);
            var id = await RunAsync(client, cancellationToken);
            foreach (var path in new[] { "progress", "result" })
                rows.AddRange(await HalfLoadAsync(new Uri(host.Addresses[0], $"/api/backtest/{path}/{id}"), path, cancellationToken));
            rows.Add(await SoakAsync(client, cancellationToken));
            return rows;
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    // The runs wait for an engine that does nothing, so that what is timed is acceptance alone: one durable commit each.
    private static async Task<BenchmarkRow> AcceptAsync(string home, CancellationToken cancellationToken)
    {
        var idle = new EngineCalls
        {
            Run = (_, _, _, _, token) =>
            {
                token.WaitHandle.WaitOne();
                throw new OperationCanceledException(token);
            },
        };
        await using var host = await ServeAsync(home, idle, cancellationToken);
        await using var client = new BacktestClient(host.Addresses[0]);
        var rates = new double[10];
        for (var part = 0; part < rates.Length; part++)
        {
            var begin = Stopwatch.GetTimestamp();
            await Parallel.ForEachAsync(
                Enumerable.Range(0, Queued / rates.Length),
                new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = cancellationToken },
                async (_, token) => await client.StartAsync(s_request, token));
            rates[part] = Queued / rates.Length / Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }

        return new($"accept over HTTP, durably, until {Queued:N0} wait", "requests/s", Figures.Of(rates), new Target(500, IsLeast: true));
    }

    private static async Task<IReadOnlyList<BenchmarkRow>> HalfLoadAsync(Uri address, string name, CancellationToken cancellationToken)
    {
        var generator = new LoadGenerator(Connections);
        var full = (await generator.RequestsPerSecondAsync([address], 3, cancellationToken))[0].Order().ElementAt(1);
        var p99 = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var times = await generator.LatenciesAsync(address, full / 2, s_sample, cancellationToken);
            p99[round] = times.Order().ElementAt((int)(times.Count * 0.99));
        }

        return [new($"p99 of {name} at {full / 2:N0} requests/s, half of the most", "ms", Figures.Of(p99), new Target(10))];
    }

    private static async Task<BenchmarkRow> SoakAsync(BacktestClient client, CancellationToken cancellationToken)
    {
        var minutes = double.Parse(Environment.GetEnvironmentVariable("BACKTESTOPS_SOAK_MINUTES") ?? "0.5", CultureInfo.InvariantCulture);
        var begin = Stopwatch.GetTimestamp();
        var early = 0L;
        var ratios = new List<double>();
        while (Stopwatch.GetElapsedTime(begin).TotalMinutes is var passed && passed < minutes)
        {
            for (var i = 0; i < 20; i++)
                await client.GetResultAsync(await RunAsync(client, cancellationToken), cancellationToken);
            // The first third fills caches and pools; from then on the live heap is to stay as it is.
            if (passed < minutes / 3)
                continue;
            var heap = GC.GetTotalMemory(forceFullCollection: true);
            early = early == 0 ? heap : early;
            ratios.Add(100.0 * heap / early);
        }

        return new(string.Create(CultureInfo.InvariantCulture, $"live memory over a soak of {minutes:0.#} min, against its first third"), "%", Figures.Of([.. ratios.DefaultIfEmpty(100)]), new Target(120));
    }

    private static async Task<ServiceHost> ServeAsync(string home, EngineCalls engine, CancellationToken cancellationToken)
    {
        var host = ServiceHost.Build(
            ServiceOptions.Parse(["--urls", "http://127.0.0.1:0"]),
            async token =>
            {
                var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = home, Engine = engine }, token);
                return new ServiceBackend(runner, runner.GetHealthAsync, runner.CountAsync);
            },
            TimeProvider.System, logging => { });
        await host.StartAsync(cancellationToken);
        return host;
    }

    private static async Task<string> RunAsync(BacktestClient client, CancellationToken cancellationToken)
    {
        var run = await client.StartAsync(s_request, cancellationToken);
        while (!run.Status.IsTerminal())
            run = await client.GetProgressAsync(run.BacktestId, cancellationToken);
        return run.BacktestId;
    }
}
