using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.ServiceProcesses;

/// <summary>
/// Watches a service process until its health says that it is up. Only an answer that names this very process counts:
/// when its port is taken, the program that has it still answers.
/// </summary>
internal sealed class StartWatch(Process process, Uri address, ServiceLog log, HttpMessageHandler? handler, TimeProvider clock)
{
    private const int LogLines = 12, MostLooks = 3;
    private static readonly string[] Passing = ["starting", "unknown", "locked"];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(2);

    public async Task<HealthDocument> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var http = handler is null
            ? new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
            : new HttpClient(handler, disposeHandler: false);
        http.Timeout = AnswerPatience;
        var begin = clock.GetTimestamp();
        var (looks, told) = (0, "");
        while (true)
        {
            if (process.HasExited) throw Ended();
            var (health, seen) = await AskAsync(http, cancellationToken).ConfigureAwait(false);
            if (health is not null && health.Process.Id != process.Id) throw AnotherAnswers(health);
            if (health is { Status: "healthy" }) return health;
            // What is wrong and stays so is not waited for: a part that starts, or a lock that somebody holds, says so.
            looks = health is null || MayMend(health) ? 0 : seen == told ? looks + 1 : 1;
            told = seen;
            if (looks == MostLooks) throw Unhealthy(health!);
            if (clock.GetElapsedTime(begin) >= timeout) throw TooLate(timeout, seen);
            await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(HealthDocument? Health, string Seen)> AskAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(address, "api/health"), cancellationToken).ConfigureAwait(false);
            var health = await response.Content.ReadFromJsonAsync(ContractsJson.Default.HealthDocument, cancellationToken).ConfigureAwait(false);
            return (health, health is null ? "null" : $"{health.Status} ({string.Join("; ", health.Problems)})");
        }
        catch (Exception error) when (
            error is HttpRequestException or JsonException or IOException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, error.Message);
        }
    }

    private static bool MayMend(HealthDocument health) =>
        Words(health).Any(part => Passing.Contains(part.Word));

    private static (string Part, string Word)[] Words(HealthDocument health) =>
    [
        ("database", health.Services.Database), ("python_worker", health.Services.PythonWorker),
        ("market_data", health.Services.MarketData), ("result_store", health.Services.ResultStore),
    ];

    private ServiceProcessException Unhealthy(HealthDocument health) => new(
        ServiceProcessFault.StartFailed,
        $"The service started and is {health.Status}, so it was ended: {string.Join(" ", health.Problems)} ({string.Join(", ", Words(health).Select(part => $"{part.Part}: {part.Word}"))}.)",
        $"Mend what is named and start it again; the whole log is '{log.Path}'.");

    private ServiceProcessException Ended() => new(
        ServiceProcessFault.StartFailed,
        $"The service ended with exit code {process.ExitCode} before it answered at {address}. Its log says:{Environment.NewLine}{log.Tail(LogLines)}",
        $"Mend what the log names and start it again; the whole log is '{log.Path}'.");

    private ServiceProcessException AnotherAnswers(HealthDocument health) => new(
        ServiceProcessFault.PortInUse,
        $"Process {health.Process.Id} (version {health.Version}), not the new one ({process.Id}), answers at {address}.",
        "Take another -Port (0 takes any that is free), or end that process.");

    private ServiceProcessException TooLate(TimeSpan timeout, string seen) => new(
        ServiceProcessFault.TimedOut,
        FormattableString.Invariant($"The service was not healthy at {address} within {timeout.TotalSeconds:0.###} s and was ended. ") +
        $"Last seen: {seen}. Its log says:{Environment.NewLine}{log.Tail(LogLines)}",
        $"Mend what the log names, or give it a longer -Timeout; the whole log is '{log.Path}'.");
}
