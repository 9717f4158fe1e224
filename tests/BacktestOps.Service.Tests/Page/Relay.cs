using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace BacktestOps.Service.Tests.Page;

/// <summary>
/// An address that stays while the service behind it goes and comes: it passes bytes on, and closes every connection while
/// there is no service, or when it is asked for what it was told to break.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private readonly ConcurrentDictionary<TcpClient, byte> _callers = new();
    private readonly Task _accepting;
    private readonly StringBuilder _heard = new();

    public Relay()
    {
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>The service behind it; null for none.</summary>
    public Uri? Target { get; set; }

    /// <summary>A request that has this in it breaks its connection; null for none.</summary>
    public string? Breaks { get; set; }

    /// <summary>A request that has this in it reaches the service, and its answer does not come back; null for none.</summary>
    public string? LosesAnswersOf { get; set; }

    /// <summary>Closes every connection there is.</summary>
    public void BreakAll()
    {
        foreach (var caller in _callers.Keys)
            caller.Close();
    }

    /// <summary>True when callers have sent this, in any case.</summary>
    public bool Heard(string words)
    {
        lock (_heard)
            return _heard.ToString().Contains(words, StringComparison.OrdinalIgnoreCase);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _listener.Dispose();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = PassAsync(await _listener.AcceptTcpClientAsync(_closing.Token));
                _connections.TryAdd(connection, 0);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is being closed.
        }
    }

    private async Task PassAsync(TcpClient caller)
    {
        using (caller)
        using (var service = new TcpClient())
        {
            try
            {
                if (Target is not { } target)
                    return;
                _callers.TryAdd(caller, 0);
                await service.ConnectAsync(IPAddress.Loopback, target.Port, _closing.Token);
                var isLost = new StrongBox<bool>();
                // Whichever side ends, both do.
                await Task.WhenAny(
                    PassAsync(caller.GetStream(), service.GetStream(), isRequest: true, isLost), PassAsync(service.GetStream(), caller.GetStream(), isRequest: false, isLost));
            }
            catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // What the caller sees is the end of its connection.
            }
            finally
            {
                _callers.TryRemove(caller, out _);
            }
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, bool isRequest, StrongBox<bool> isLost)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _closing.Token) is > 0 and var count)
            {
                if (isRequest && IsBroken(Encoding.Latin1.GetString(buffer, 0, count)))
                    return;
                if (isRequest && LosesAnswersOf is { } lost && Encoding.Latin1.GetString(buffer, 0, count).Contains(lost, StringComparison.Ordinal))
                    isLost.Value = true;
                // The service has answered by now, so that it is known to have taken the request.
                if (!isRequest && isLost.Value)
                    return;
                await to.WriteAsync(buffer.AsMemory(0, count), _closing.Token);
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side has gone.
        }
    }

    private bool IsBroken(string request)
    {
        lock (_heard)
            _heard.Append(request);
        return Breaks is { } breaks && request.Contains(breaks, StringComparison.Ordinal);
    }
}
