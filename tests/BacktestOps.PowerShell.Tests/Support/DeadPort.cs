using System.Net;
using System.Net.Sockets;

namespace BacktestOps.PowerShell.Tests.Support;

/// <summary>A port that nothing answers on and that nobody else can take: bound, not listening.</summary>
internal sealed class DeadPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public DeadPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public Uri Address => new($"http://127.0.0.1:{Port}");

    public void Dispose() => _socket.Dispose();
}
