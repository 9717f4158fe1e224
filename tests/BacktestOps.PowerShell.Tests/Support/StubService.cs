using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BacktestOps.PowerShell.Tests.Support;

/// <summary>Answers every HTTP request on a free port of its own with one status and body.</summary>
internal sealed class StubService : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _answer;

    public StubService(string body, int status = 200)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        _answer =
        [
            .. Encoding.ASCII.GetBytes(
                $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n"),
            .. bytes,
        ];
        _listener.Start();
        _ = AnswerAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public void Dispose() => _listener.Dispose();

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, leaveOpen: true);
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                    // The head of the request, to its empty line.
                }

                await stream.WriteAsync(_answer);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
