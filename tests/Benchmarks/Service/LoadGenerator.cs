using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BacktestOps.Benchmarks.Service;

/// <summary>
/// Asks addresses again and again over kept connections, one request at a time on each. It speaks just enough HTTP to
/// cost little itself: it shares the cores with what it measures.
/// </summary>
internal sealed class LoadGenerator(int connections)
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_sample = TimeSpan.FromSeconds(1);

    /// <summary>Warms every address up, then counts answers, one address after the other in each round.</summary>
    /// <remarks>Rounds, so that whatever else the machine does meanwhile falls on all of them alike and their ratios stand.</remarks>
    /// <param name="addresses">What is asked for; every answer must be a 200 with a length.</param>
    /// <param name="samples">How many rounds, one second each.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Requests a second, in the order of the addresses, unsorted.</returns>
    public async Task<double[][]> RequestsPerSecondAsync(IReadOnlyList<Uri> addresses, int samples, CancellationToken cancellationToken)
    {
        foreach (var address in addresses)
            await CountAsync(address, s_warmUp, cancellationToken);
        var rates = addresses.Select(_ => new double[samples]).ToArray();
        for (var round = 0; round < samples; round++)
        {
            for (var i = 0; i < addresses.Count; i++)
                rates[i][round] = await CountAsync(addresses[i], s_sample, cancellationToken);
        }
        return rates;
    }

    /// <summary>Asks at an even rate and times each answer from when its request was due, so that a queue that builds up is seen.</summary>
    /// <param name="address">What is asked for.</param>
    /// <param name="perSecond">Requests a second, over all connections.</param>
    /// <param name="time">How long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Milliseconds, unsorted.</returns>
    public async Task<IReadOnlyList<double>> LatenciesAsync(Uri address, double perSecond, TimeSpan time, CancellationToken cancellationToken)
    {
        var request = Encoding.ASCII.GetBytes($"GET {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");
        var gap = connections / perSecond;
        var start = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, connections).Select(number => Task.Run(() => PaceAsync(number))));
        return [.. times.SelectMany(each => each)];

        async Task<List<double>> PaceAsync(int number)
        {
            using var socket = await OpenAsync(address, cancellationToken);
            var (buffer, seen) = (new byte[64 * 1024], new List<double>());
            for (var due = gap * number / connections; due < time.TotalSeconds; due += gap)
            {
                if (due - Stopwatch.GetElapsedTime(start).TotalSeconds is > 0 and var early)
                    await Task.Delay(TimeSpan.FromSeconds(early), cancellationToken);
                await ExchangeAsync(socket, address, request, buffer, cancellationToken);
                seen.Add((Stopwatch.GetElapsedTime(start).TotalSeconds - due) * 1000);
            }

            return seen;
        }
    }

    private async Task<double> CountAsync(Uri address, TimeSpan time, CancellationToken cancellationToken)
    {
        var request = Encoding.ASCII.GetBytes($"GET {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => AskAsync(address, request, start, time, cancellationToken))));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<long> AskAsync(Uri address, byte[] request, long start, TimeSpan time, CancellationToken cancellationToken)
    {
        using var socket = await OpenAsync(address, cancellationToken);
        var buffer = new byte[64 * 1024];
        var count = 0L;
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            await ExchangeAsync(socket, address, request, buffer, cancellationToken);
            count++;
        }

        return count;
    }

    private static async Task<Socket> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port, cancellationToken);
        return socket;
    }

    private static async ValueTask ExchangeAsync(Socket socket, Uri address, byte[] request, byte[] buffer, CancellationToken cancellationToken)
    {
        await socket.SendAsync(request, cancellationToken);
        var (read, whole) = (0, int.MaxValue);
        while (read < whole)
        {
            // The head comes in one piece; of the body only the length is looked at.
            var received = await socket.ReceiveAsync(whole == int.MaxValue ? buffer.AsMemory(read) : buffer, cancellationToken);
            if (received == 0)
                throw new InvalidOperationException($"{address} closed the connection.");
            read += received;
            if (whole == int.MaxValue)
                whole = LengthOf(buffer.AsSpan(0, read)) ?? whole;
        }
    }

    private static int? LengthOf(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return null;
        var at = answer.IndexOf("Content-Length: "u8);
        return answer.StartsWith("HTTP/1.1 200 "u8) && at >= 0 && Utf8Parser.TryParse(answer[(at + 16)..], out int length, out _)
            ? head + 4 + length
            : throw new InvalidOperationException($"Not a 200 with a length: {Encoding.UTF8.GetString(answer[..head])}");
    }
}
