using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BacktestOps.Operations.Smoke.Browser;

/// <summary>
/// The Chrome DevTools Protocol over its WebSocket: commands answered by id, events handed out in their order.
/// Own code, for the libraries that speak it either bring a browser driver of their own, which must match the browser
/// of the operator's machine, or a Node runtime of 200 MB.
/// </summary>
internal sealed class DevToolsConnection : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly CancellationTokenSource _closing = new();
    private Task _reading = Task.CompletedTask;
    private int _lastId;

    /// <summary>Told of every event, one after the other: session (empty for the browser's own), method, parameters.</summary>
    public event Action<string, string, JsonElement>? Received;

    public static async Task<DevToolsConnection> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        var connection = new DevToolsConnection();
        connection._socket.Options.Proxy = null;
        await connection._socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
        connection._reading = connection.ReadAsync();
        return connection;
    }

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <exception cref="BrowserException">The browser refused the command or went away.</exception>
    public async Task<JsonElement> SendAsync(
        string method, JsonObject? parameters, string? session, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (session is not null) message["sessionId"] = session;
        try
        {
            await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var bytes = System.Text.Encoding.UTF8.GetBytes(message.ToJsonString());
                await _socket.SendAsync(bytes, WebSocketMessageType.Text, true, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _sending.Release();
            }

            return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (WebSocketException error)
        {
            throw new BrowserException($"The browser went away at {method}.", error) { BrowserWasLost = true };
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _socket.Dispose();
        _sending.Dispose();
        _closing.Dispose();
    }

    private async Task ReadAsync()
    {
        Exception? end = null;
        try
        {
            while (await ReadMessageAsync().ConfigureAwait(false) is { } message) Handle(message);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or JsonException)
        {
            end = error;
        }

        // Whoever still waits would wait for ever.
        foreach (var waiting in _waiting.Values)
            waiting.TrySetException(new BrowserException("The browser closed the connection.", end) { BrowserWasLost = true });
    }

    private async Task<JsonElement?> ReadMessageAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), _closing.Token).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        using var document = JsonDocument.Parse(message.GetBuffer().AsMemory(0, (int)message.Length));
        return document.RootElement.Clone();
    }

    private void Handle(JsonElement message)
    {
        if (!message.TryGetProperty("id", out var id))
        {
            var session = message.TryGetProperty("sessionId", out var of) ? of.GetString()! : "";
            Received?.Invoke(session, message.GetProperty("method").GetString()!, message.GetProperty("params"));
        }
        else if (_waiting.TryGetValue(id.GetInt32(), out var waiting))
        {
            if (message.TryGetProperty("error", out var error))
                waiting.TrySetException(Refusal(error.GetProperty("message").GetString()!));
            else
                waiting.TrySetResult(message.GetProperty("result"));
        }
    }

    private static BrowserException Refusal(string message) => new($"The browser refused a command: {message}")
    {
        PageWasReplaced = message.Contains("context", StringComparison.OrdinalIgnoreCase)
            || message.Contains("navigated", StringComparison.OrdinalIgnoreCase),
    };
}
