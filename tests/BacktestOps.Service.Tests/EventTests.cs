using System.Net.ServerSentEvents;
using System.Text.Json;
using BacktestOps.Contracts;

namespace BacktestOps.Service.Tests;

/// <summary>Progress as server-sent events, read with .NET's own parser of them.</summary>
public sealed class EventTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_change_is_an_event_and_the_end_is_the_last()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Put("run", BacktestStatus.Queued);
        using var response = await OpenAsync(service);
        var seen = new List<BacktestProgress>();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(Token)).EnumerateAsync(Token))
        {
            Assert.Equal("progress", item.EventType);
            Assert.False(string.IsNullOrEmpty(item.EventId));
            seen.Add(JsonSerializer.Deserialize(item.Data, ContractsJson.Default.BacktestProgress)!);
            _ = seen.Count switch
            {
                1 => service.Api.Put("run", BacktestStatus.Running, 40),
                2 => service.Api.Put("run", BacktestStatus.Completed, 100),
                _ => seen[^1],
            };
        }

        Assert.Equal([0, 40, 100], seen.Select(run => run.Progress));
        Assert.Equal(BacktestStatus.Completed, seen[^1].Status);
    }

    [Fact]
    public async Task Who_comes_back_is_told_only_what_is_newer_and_after_the_end_nothing()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Put("run", BacktestStatus.Running, 40);
        string last;
        using (var response = await OpenAsync(service))
            last = await FirstIdAsync(response);

        service.Api.Put("run", BacktestStatus.Completed, 100);
        using (var response = await OpenAsync(service, last))
        {
            var end = await FirstIdAsync(response);
            Assert.NotEqual(last, end);
            last = end;
        }

        using var after = await OpenAsync(service, last);
        Assert.Equal(204, (int)after.StatusCode);
    }

    [Fact]
    public async Task HEAD_tells_that_there_is_a_stream_and_opens_none()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.Put("run", BacktestStatus.Running, 40);

        var reply = await service.SendAsync(HttpMethod.Head, "/api/backtest/events/run");

        Assert.Equal((200, "text/event-stream", 0), (reply.Status, reply.ContentType?.MediaType, reply.Body.Length));
        Assert.Equal("no", reply.Headers["X-Accel-Buffering"]);
    }

    [Fact]
    public async Task An_unknown_run_has_no_events()
    {
        await using var service = await RunningService.StartAsync();
        Assert.Equal("urn:backtestops:backtest-not-found", (await service.GetAsync("/api/backtest/events/none")).Problem.Type);
    }

    [Fact]
    public async Task An_open_stream_does_not_hold_up_a_stop()
    {
        var service = await RunningService.StartAsync();
        service.Api.Put("run", BacktestStatus.Running, 40);
        using var response = await OpenAsync(service);
        var reader = SseParser.Create(await response.Content.ReadAsStreamAsync(Token)).EnumerateAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await reader.MoveNextAsync());

        await service.DisposeAsync();

        // It has ended by itself: a stop that had to cut it off would have broken it in the middle.
        Assert.False(await reader.MoveNextAsync());
        await reader.DisposeAsync();
    }

    private static async Task<HttpResponseMessage> OpenAsync(RunningService service, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/backtest/events/run");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        return await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    private static async Task<string> FirstIdAsync(HttpResponseMessage response)
    {
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(Token)).EnumerateAsync(Token))
            return item.EventId!;
        throw new InvalidOperationException("The stream had no event.");
    }
}
