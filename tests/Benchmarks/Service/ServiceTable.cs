using BacktestOps.Contracts;
using BacktestOps.Runs;
using BacktestOps.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BacktestOps.Benchmarks.Service;

/// <summary>How many answers a second the service gives on loopback, beside an empty Kestrel endpoint in the same run.</summary>
/// <remarks>Servers and load generator share this process and its cores, so each rate is what is left after the generator's own cost.</remarks>
internal static class ServiceTable
{
    private const int Connections = 16;
    private const int Samples = 9;

    /// <summary>The table.</summary>
    public static BenchmarkTable Create() => new(
        "service", $"GET over loopback, {Connections} connections, generator in the same process; a run of 252 bars", MeasureAsync);

    private static async Task<IReadOnlyList<BenchmarkRow>> MeasureAsync(CancellationToken cancellationToken)
    {
        var home = Directory.CreateTempSubdirectory("backtestops-benchmark-").FullName;
        try
        {
            await using var host = ServiceHost.Build(
                ServiceOptions.Parse(["--urls", "http://127.0.0.1:0", "--home", home]),
                async token =>
                {
                    var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = home }, token);
                    return new ServiceBackend(runner, runner.GetHealthAsync);
                },
                TimeProvider.System, logging => { });
            await host.StartAsync(cancellationToken);
            await using var empty = await StartEmptyAsync(cancellationToken);

            var id = await RunAsync(host.Addresses[0], cancellationToken);
            var rates = await new LoadGenerator(Connections).RequestsPerSecondAsync(
                [
                    new Uri(empty.Urls.First()),
                    new Uri(host.Addresses[0], $"/api/backtest/progress/{id}"),
                    new Uri(host.Addresses[0], $"/api/backtest/result/{id}"),
                ],
                Samples, cancellationToken);
            var (floor, progress, result) = (rates[0], rates[1], rates[2]);
            return
            [
                // The ratios first: summing samples up sorts them.
                new("progress / empty endpoint", "%", Percent(progress, floor)),
                new("result / empty endpoint", "%", Percent(result, floor)),
                new("empty Kestrel endpoint", "requests/s", Figures.Of(floor)),
                new("GET progress of an ended run", "requests/s", Figures.Of(progress), new Target(5000, IsLeast: true)),
                new("GET result of that run", "requests/s", Figures.Of(result), new Target(5000, IsLeast: true)),
            ];
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<WebApplication> StartEmptyAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/", context =>
        {
            context.Response.ContentLength = 0;
            return Task.CompletedTask;
        });
        await app.StartAsync(cancellationToken);
        return app;
    }

    private static async Task<string> RunAsync(Uri address, CancellationToken cancellationToken)
    {
        await using var client = new Client.BacktestClient(address);
        var run = await client.StartAsync(
            new BacktestRequest { Symbols = ["SP500"], Strategy = "SmaCross", From = new DateOnly(2019, 1, 1), To = new DateOnly(2019, 12, 31) }, cancellationToken);
        while (!run.Status.IsTerminal())
            run = await client.GetProgressAsync(run.BacktestId, cancellationToken);
        return run.Status == BacktestStatus.Completed ? run.BacktestId : throw new InvalidOperationException($"The run ended {run.Status}: {run.Error}");
    }

    // Each round's own ratio, so that a slow second of the machine does not count for one side only.
    private static Figures Percent(double[] part, double[] whole) =>
        Figures.Of([.. part.Zip(whole, (a, b) => 100 * a / b)]);
}
