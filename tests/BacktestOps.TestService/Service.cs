using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace BacktestOps.TestService;

/// <summary>
/// A small HTTP/1.1 service. What it answers, and how it misbehaves, stands in the <c>service.json</c> of the folder that it
/// is started in: that is its release.
/// </summary>
internal sealed class Service(JsonElement settings, int port, string? database)
{
    private const string Result = "/api/backtest/result/bt-1";

    public static async Task<int> RunAsync(string[] args)
    {
        var settings = JsonDocument.Parse(File.ReadAllBytes("service.json")).RootElement;
        var service = new Service(settings, int.Parse(args[0], CultureInfo.InvariantCulture), args.Length > 1 ? args[1] : null);
        return await service.RunAsync();
    }

    public static int Sleep()
    {
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private string Setting(string name, string otherwise = "") =>
        settings.TryGetProperty(name, out var value) ? value.ToString() : otherwise;

    private async Task<int> RunAsync()
    {
        Console.WriteLine($"version {Setting("version")} starts");
        if (Setting("start") == "exit")
        {
            Console.Error.WriteLine("configuration missing: LISTEN_ON");
            return 3;
        }

        if (Setting("child") == "orphan") StartOrphan();
        using var deaf = Setting("term") == "ignore" ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true) : null;
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start(512);
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync();
            _ = Task.Run(() => ServeAsync(client));
        }
    }

    /// <summary>A grandchild in a session of its own, whose parent ends at once: init has it then.</summary>
    private static void StartOrphan()
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("setsid sleep 600 & exit 0");
        using var shell = Process.Start(start)!;
        shell.WaitForExit();
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII);
                while (await reader.ReadLineAsync() is { Length: > 0 } request)
                {
                    var length = 0;
                    while (await reader.ReadLineAsync() is { Length: > 0 } header)
                    {
                        if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) length = int.Parse(header[15..], CultureInfo.InvariantCulture);
                    }

                    if (length > 0) await reader.ReadBlockAsync(new char[length]);
                    var (status, body) = Answer(request.Split(' '));
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(
                        $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
                }
            }
            catch (IOException)
            {
                // The client has gone.
            }
        }
    }

    private (int Status, string Body) Answer(string[] request) => (request[0], request[1].Split('?')[0]) switch
    {
        // What was good when it was deployed, and turned bad while it was watched.
        (_, "/api/health") when IsBad("health") => (503, "{}"),
        ("GET", Result) when IsBad("download") => (404, "{}"),
        ("GET", Result) => (200, """{"backtest_id":"bt-1","status":"completed"}"""),
        ("GET", "/api/backtests") => (200, """{"backtests":["bt-1"]}"""),
        (_, "/api/health") => (int.Parse(Setting("health_status", "200"), CultureInfo.InvariantCulture), Setting("health", Healthy())),
        (_, "/journey") => (200, Setting("journey", "ok")),
        ("POST", "/runs") => (200, Accept()),
        _ => (404, "{}"),
    };

    private bool IsBad(string how) => Setting("bad") == how && File.Exists(Setting("bad_when"));

    private string Healthy() => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["status"] = "healthy",
        ["version"] = Setting("version"),
        ["process"] = new Dictionary<string, int> { ["id"] = Environment.ProcessId },
    });

    private string Accept()
    {
        using var connection = new SqliteConnection($"Data Source={database}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO runs (id) VALUES (lower(hex(randomblob(8)))) RETURNING id";
        return $"{{\"id\":\"{command.ExecuteScalar()}\"}}";
    }
}
