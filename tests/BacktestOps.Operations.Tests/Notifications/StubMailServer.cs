using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BacktestOps.Operations.Tests.Notifications;

/// <summary>Speaks enough SMTP to take a mail or to refuse it.</summary>
internal sealed class StubMailServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string? _refusal;

    /// <param name="refusal">What is answered to every recipient; null to take them.</param>
    public StubMailServer(string? refusal = null)
    {
        _refusal = refusal;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public List<string> Mails { get; } = [];

    public int Connections { get; private set; }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                Connections++;
                await ServeAsync(client);
            }
        }
        catch (Exception error) when (error is ObjectDisposedException or SocketException or IOException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 stub");
        while (await reader.ReadLineAsync() is { } line)
        {
            var word = line.Split(' ')[0].ToUpperInvariant();
            if (word == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                var mail = new StringBuilder();
                while (await reader.ReadLineAsync() is { } text && text != ".") mail.Append(text).Append('\n');
                lock (Mails) Mails.Add(mail.ToString());
                await writer.WriteLineAsync("250 queued as 4711");
            }
            else
            {
                await writer.WriteLineAsync(word switch { "QUIT" => "221 bye", "RCPT" when _refusal is not null => _refusal, _ => "250 ok" });
                if (word == "QUIT") return;
            }
        }
    }
}
