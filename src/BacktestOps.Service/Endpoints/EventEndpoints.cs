using System.Globalization;
using System.Text;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Service.Http;

namespace BacktestOps.Service.Endpoints;

/// <summary>Progress as server-sent events: each change of a run as it happens, until the run has ended.</summary>
/// <remarks>
/// An event's id is made of the state itself. Who comes back with Last-Event-ID is told what changed since, by whichever
/// process answers then; who has seen the end gets 204, which tells a browser to stop coming back.
/// </remarks>
internal static class EventEndpoints
{
    private const int MostStreams = 500;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100), BeatEvery = TimeSpan.FromSeconds(15);
    private static int _streams;

    public static void Map(WebApplication app, BackendGate gate, TimeProvider clock) =>
        app.MapRead("/api/backtest/events/{id}", async context =>
        {
            QueryReader.ThrowIfAny(context);
            var id = BacktestEndpoints.IdOf(context, gate.Api);
            var first = await gate.Api.GetProgressAsync(id, context.RequestAborted).ConfigureAwait(false);
            var seen = context.Request.Headers["Last-Event-ID"].ToString();
            if (first.Status.IsTerminal() && EventId(first) == seen)
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            Announce(context.Response);
            if (HttpMethods.IsHead(context.Request.Method))
                return;
            try
            {
                if (Interlocked.Increment(ref _streams) > MostStreams)
                    throw new BacktestUnavailableException($"{MostStreams} streams of events are open.", "Ask for the progress instead, or again later.");
                // A stream must not hold up a stop: who listens comes back to the next process.
                using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, app.Lifetime.ApplicationStopping);
                await StreamAsync(context.Response, gate.Api, first, seen, clock, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                // The stream ends where it is.
            }
            finally
            {
                Interlocked.Decrement(ref _streams);
            }
        });

    private static void Announce(HttpResponse response)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // a proxy that collects answers before it passes them on would hold the stream
    }

    private static async Task StreamAsync(
        HttpResponse response, IBacktestApi api, BacktestProgress progress, string seen, TimeProvider clock, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync("retry: 1000\n\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        using var look = new PeriodicTimer(LookEvery, clock);
        var written = clock.GetTimestamp();
        while (true)
        {
            var text = EventId(progress) != seen ? Event(progress) : clock.GetElapsedTime(written) >= BeatEvery ? ": still here\n\n" : null;
            if (text is not null)
            {
                seen = EventId(progress);
                written = clock.GetTimestamp();
                await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);
                await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            if (progress.Status.IsTerminal())
                return;
            await look.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
            progress = await api.GetProgressAsync(progress.BacktestId, cancellationToken).ConfigureAwait(false);
        }
    }

    // Attempts first: a run that is executed again passes through states that it was in before.
    private static string EventId(BacktestProgress run) => string.Create(
        CultureInfo.InvariantCulture, $"{run.Attempts}-{run.Status.ToString().ToLowerInvariant()}-{run.Progress:R}");

    // Indented JSON has line ends, and each line of an event needs its own field name.
    private static string Event(BacktestProgress run)
    {
        var data = JsonSerializer.Serialize(run, ContractsJson.Default.BacktestProgress).Replace("\n", "\ndata: ", StringComparison.Ordinal);
        return $"id: {EventId(run)}\nevent: progress\ndata: {data}\n\n";
    }
}
