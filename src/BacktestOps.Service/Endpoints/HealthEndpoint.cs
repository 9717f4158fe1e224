using BacktestOps.Contracts;
using BacktestOps.Runs;
using BacktestOps.Service.Access;
using BacktestOps.Service.Http;

namespace BacktestOps.Service.Endpoints;

/// <summary>Health: which release and process answers, and how the parts are that it needs.</summary>
internal static class HealthEndpoint
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void Map(WebApplication app, BackendGate gate, TimeProvider clock, bool hidesReasons, HiddenFolders? folders = null)
    {
        var look = new SharedLook(gate);
        app.MapRead("/api/health", context => AnswerAsync(context, look, clock, hidesReasons, folders));
    }

    private static async Task AnswerAsync(HttpContext context, SharedLook look, TimeProvider clock, bool hidesReasons, HiddenFolders? folders)
    {
        var health = await LookAsync(look, clock, context.RequestAborted).ConfigureAwait(false);
        string[] problems = [.. new[] { health.Database.Problem, health.MarketData.Problem, health.ResultStore.Problem, health.PythonWorker.Problem }.OfType<string>().Distinct().Select(problem => folders?.Hide(problem) ?? problem)];
        // A result that was lost is named, and keeps nobody from starting, watching or going back: only what runs need makes it unhealthy.
        var isDown = new[] { health.Database, health.MarketData, health.ResultStore, health.PythonWorker }.Any(part => part.IsDown);
        var document = new HealthDocument
        {
            Status = isDown ? "unhealthy" : "healthy",
            Version = ServiceIdentity.Version,
            Services = new HealthServices(health.Database.Word, health.PythonWorker.Word, health.MarketData.Word, health.ResultStore.Word),
            Process = ServiceIdentity.Process,
            ActiveBacktests = health.ActiveRuns,
            Timestamp = clock.GetUtcNow(),
            // Reasons name folders; where callers have keys, a probe without one learns which part is down and no more.
            Problems = hidesReasons && problems.Length > 0 && context.Items[ApiKeyGuard.Caller] is null
                ? ["The parts that are down are named under services; a caller with an API key is told why."]
                : problems,
        };
        await Answer.JsonAsync(
            context, document, ContractsJson.Default.HealthDocument,
            isDown ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK).ConfigureAwait(false);
    }

    private static async Task<RunnerHealth> LookAsync(SharedLook look, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (look.Join() is not { } looking)
            return AllParts("starting", "The service is starting; ask again in a moment.");
        try
        {
            return await looking.WaitAsync(Patience, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return AllParts("unknown", $"The parts did not answer within {Patience.TotalSeconds:0} s; look at the disk and the database.");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return AllParts("unknown", $"The parts could not be looked at: {exception.Message}");
        }
    }

    private static RunnerHealth AllParts(string word, string problem) => new(new(word, problem), new(word, problem), new(word, problem), 0) { PythonWorker = new(word, problem) };

    /// <summary>One look at a time, shared by all who ask meanwhile: a part that hangs is not asked once more by every probe.</summary>
    private sealed class SharedLook(BackendGate gate)
    {
        private readonly Lock _lock = new();
        private Task<RunnerHealth>? _looking;

        /// <summary>The look under way, or a new one; null until there is something to look at.</summary>
        public Task<RunnerHealth>? Join()
        {
            if (gate.Current is not { } backend)
                return null;
            lock (_lock)
            {
                // On a thread of its own: a look may block, and must not outlast the patience of who asks.
                if (_looking is null or { IsCompleted: true })
                    _looking = Task.Run(() => backend.Health(CancellationToken.None));
                return _looking;
            }
        }
    }
}
