using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.Service.Tests.Page;

namespace BacktestOps.Service.Tests;

/// <summary>Requests that no HTTP library sends, byte for byte: each gets one answer of the right status, or none and a closed connection.</summary>
public sealed partial class RawRequestTests
{
    private const string Head = "\r\nHost: 127.0.0.1\r\nConnection: close\r\n", Json = "Content-Type: application/json\r\n";
    private const string Start = "POST /api/backtest/start HTTP/1.1" + Head + Json, Result = "GET /api/backtest/result/run HTTP/1.1" + Head;
    private const string Body = """{"symbols": ["AAPL"], "strategy": "SmaCross"}""";

    public static TheoryData<string, int, string> Requests => new()
    {
        // Where a body ends: two readers must not see two requests.
        { "length and chunks", 400, "POST /api/backtest/start HTTP/1.1\r\nHost: 127.0.0.1\r\n" + Json + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/strategies HTTP/1.1" + Head + "\r\n" },
        { "two lengths", 400, Start + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef" },
        { "a negative length", 400, Start + "Content-Length: -5\r\n\r\n" },
        { "a length beyond 64 bits", 400, Start + "Content-Length: 99999999999999999999\r\n\r\n" },
        { "a length beyond the limit", 413, Start + "Content-Length: 1000000000\r\n\r\nabc" },
        { "an unknown coding", 400, Start + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" },
        { "a chunk whose length is no number", 400, Start + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n" },
        { "a chunk whose length is beyond 32 bits", 400, Start + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n" }, // was a 500
        { "chunks beyond the limit", 413, Start + "Transfer-Encoding: chunked\r\n\r\n50000\r\n" + new string(' ', 0x50000) + "\r\n0\r\n\r\n" },
        { "chunks with an extension and a trailer", 200, Start + $"Transfer-Encoding: chunked\r\n\r\n{Body.Length:x};a=b\r\n{Body}\r\n0\r\nX-T: 1\r\n\r\n" },
        { "a packed body", 415, Start + $"Content-Encoding: gzip\r\nContent-Length: {Body.Length}\r\n\r\n{Body}" }, // was read as if it were not

        // Whom a request is for.
        { "no host", 400, "GET /api/strategies HTTP/1.1\r\n\r\n" },
        { "two hosts", 400, "GET /api/strategies HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n" },
        { "another host", 421, "GET /api/strategies HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\nConnection: close\r\n\r\n" },
        { "a host with a user", 400, "GET /api/strategies HTTP/1.1\r\nHost: 127.0.0.1@evil.example\r\n\r\n" },
        { "an address of another host", 400, "GET http://evil.example/api/strategies HTTP/1.1" + Head + "\r\n" },
        { "a loopback name in capitals", 200, "GET /api/strategies HTTP/1.1\r\nHost: LOCALHOST\r\nConnection: close\r\n\r\n" }, // was a 421

        // Heads.
        { "a NUL in a header", 400, "GET /api/strategies HTTP/1.1" + Head + "X-A: a\0b\r\n\r\n" },
        { "a folded header", 400, "GET /api/strategies HTTP/1.1" + Head + "X-A: a\r\n b\r\n\r\n" },
        { "a bare CR in a header", 400, "GET /api/strategies HTTP/1.1" + Head + "X-A: a\rb\r\n\r\n" },
        { "a huge header", 431, "GET /api/strategies HTTP/1.1" + Head + "X-A: " + new string('a', 40_000) + "\r\n\r\n" },
        { "hundreds of headers", 431, "GET /api/strategies HTTP/1.1" + Head + string.Concat(Enumerable.Range(0, 500).Select(i => $"X-{i}: a\r\n")) + "\r\n" },
        { "a long address", 414, "GET /api/strategies?" + new string('a', 20_000) + " HTTP/1.1" + Head + "\r\n" },
        { "another protocol", 505, "GET /api/strategies HTTP/3.0" + Head + "\r\n" },
        { "no protocol", 400, "GET /api/strategies\r\n\r\n" },
        { "a proxy's method", 400, "CONNECT evil.example:443 HTTP/1.1" + Head + "\r\n" },
        { "the service as a whole", 405, "OPTIONS * HTTP/1.1" + Head + "\r\n" },
        { "an upgrade", 404, "GET /api/backtest/events/none HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n" },
        { "no length in HTTP/1.0", 400, "POST /api/backtest/start HTTP/1.0\r\nHost: 127.0.0.1\r\n" + Json + "\r\n{}" },
        { "HEAD of a NUL in the path", 400, "HEAD /api/backtest/progress/%00 HTTP/1.1" + Head + "\r\n" },
        { "a good call with HEAD and then a bad one", 400, "HEAD /api/backtest/result/run HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-None-Match: *\r\n\r\nGET /%00 HTTP/1.1" + Head + "\r\n" },
        { "HEAD of nothing", 404, "HEAD /nope HTTP/1.1" + Head + "\r\n" },
        { "a good call and then a bad one", 400, "GET /api/backtest/result/run HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-None-Match: *\r\n\r\nGET /%00 HTTP/1.1" + Head + "\r\n" },
        { "a bad percent sign", 404, "GET /api/backtest/progress/%zz HTTP/1.1" + Head + "\r\n" },
        { "a method that is none", 400, "G<T /api/strategies HTTP/1.1" + Head + "\r\n" },
        { "a method of nobody", 405, "BREW /api/strategies HTTP/1.1" + Head + "\r\n" },
        { "a host that is none", 400, "GET /api/strategies HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n" },
        { "a header without a name", 400, "GET /api/strategies HTTP/1.1" + Head + ": a\r\n\r\n" },
        { "a header without a colon", 400, "GET /api/strategies HTTP/1.1" + Head + "abc\r\n\r\n" },
        { "a number that is no length", 400, Start + "Content-Length: abc\r\n\r\n{}" },
        { "TRACE", 405, "TRACE /api/strategies HTTP/1.1" + Head + "\r\n" },
        { "a NUL in the path", 400, "GET /api/backtest/progress/%00 HTTP/1.1" + Head + "\r\n" },
        { "bytes in the path that are no UTF-8", 404, "GET /api/backtest/progress/%ff%fe HTTP/1.1" + Head + "\r\n" },
        { "line ends in the path", 404, "GET /api/backtest/progress/a%0d%0aX:y HTTP/1.1" + Head + "\r\n" },
        { "digits of another script", 400, "GET /api/backtests?limit=%D9%A1 HTTP/1.1" + Head + "\r\n" },

        // Ranges and conditions: what can't be understood is as if it were not there.
        { "a range", 206, Result + "Range: bytes=0-9\r\n\r\n" },
        { "a range of another unit", 200, Result + "Range: lines=1-2\r\n\r\n" }, // was a 206
        { "a range of a unit that begins like ours", 200, Result + "Range: bytesx=1-2\r\n\r\n" },
        { "a range if a date holds", 200, Result + "Range: bytes=0-9\r\nIf-Range: Wed, 21 Oct 2035 07:28:00 GMT\r\n\r\n" }, // was a 206
        { "a range if a weak tag holds", 200, Result + "Range: bytes=0-9\r\nIf-Range: W/\"x\"\r\n\r\n" },
        { "a range upside down", 200, Result + "Range: bytes=5-2\r\n\r\n" },
        { "a range without end or beginning", 200, Result + "Range: bytes=-\r\n\r\n" },
        { "the last nothing", 416, Result + "Range: bytes=-0\r\n\r\n" },
        { "a range beyond the end", 416, Result + "Range: bytes=99999999-\r\n\r\n" },
        { "a range beyond 64 bits", 200, Result + "Range: bytes=99999999999999999999999-\r\n\r\n" },
        { "five hundred ranges", 200, Result + "Range: bytes=" + string.Join(',', Enumerable.Repeat("0-1", 500)) + "\r\n\r\n" },
        { "two range headers", 200, Result + "Range: bytes=0-1\r\nRange: bytes=3-4\r\n\r\n" },
        { "a tag that is none", 200, Result + "If-None-Match: \"\r\n\r\n" },
        { "any tag", 304, Result + "If-None-Match: *\r\n\r\n" },
        { "a date of RFC 850", 200, Result + "If-Modified-Since: Wednesday, 21-Oct-15 07:28:00 GMT\r\n\r\n" },
        { "a date of asctime", 200, Result + "If-Modified-Since: Wed Oct 21 07:28:00 2015\r\n\r\n" },
        { "a date of the year 99999", 200, Result + "If-Unmodified-Since: Wed, 21 Oct 99999 07:28:00 GMT\r\n\r\n" },
        { "eight hundred codings", 200, Result + "Accept-Encoding: " + string.Join(',', Enumerable.Repeat("gzip", 800)) + "\r\n\r\n" },
        { "a quality that is none", 200, Result + "Accept-Encoding: gzip;q=abc, br;q=-1\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task It_gets_one_answer_of_the_right_status(string what, int status, string request)
    {
        var token = TestContext.Current.CancellationToken;
        await using var service = await RunningService.StartAsync();
        service.Api.PutResult("run");
        using var client = new TcpClient();
        await client.ConnectAsync(service.Address.Host, service.Address.Port, token);
        var stream = client.GetStream();
        var reading = ReadAsync(stream, token);
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), token);
        }
        catch (IOException)
        {
            // It has answered before it has read all, and closed.
        }

        var text = await reading;
        var statuses = StatusLine().Matches(text).Select(match => match.Groups[1].Value).ToArray();
        if (what.StartsWith("a good call", StringComparison.Ordinal))
        {
            // The answer before it stays as it was.
            Assert.Equal(["304", $"{status}"], statuses);
            (text, statuses) = (text[text.IndexOf("HTTP/1.1 400", StringComparison.Ordinal)..], [$"{status}"]);
        }
        Assert.True(statuses is [var one] && one == $"{status}", $"{what}: expected {status}, and the answer was {text}");
        if (status >= 400)
            AssertProblem(status, text, hasBody: !request.StartsWith("HEAD ", StringComparison.Ordinal) || what.StartsWith("a good call", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.Equal(200, (await service.GetAsync("/api/health")).Status);
    }

    // Also where the server refuses before any of our code is asked, which it does with a bare status.
    private static void AssertProblem(int status, string text, bool hasBody)
    {
        var (head, body) = text.Split("\r\n\r\n", 2) is [var first, var second] ? (first, second) : (text, "");
        Assert.Contains("Content-Type: application/problem+json", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Cross-Origin-Resource-Policy: same-origin", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("X-Content-Type-Options: nosniff", head, StringComparison.OrdinalIgnoreCase);
        var length = int.Parse(Length().Match(head).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(hasBody ? length : 0, body.Length);
        if (!hasBody)
            return;
        var problem = JsonSerializer.Deserialize(body, ContractsJson.Default.Problem)!;
        Assert.Equal(status, problem.Status);
        Assert.StartsWith("urn:backtestops:", problem.Type, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(problem.Title) || string.IsNullOrWhiteSpace(problem.Detail) || string.IsNullOrWhiteSpace(problem.Action));
        Assert.All([PageStrings.English, PageStrings.Korean], strings => Assert.Contains("problem." + problem.Type["urn:backtestops:".Length..], strings));
    }

    [GeneratedRegex(@"^Content-Length: (\d+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Length();

    // The service closes each of these connections; where bytes were still under way, that looks like a reset.
    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken token)
    {
        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, token);
        }
        catch (IOException)
        {
            // What came before it counts.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    [GeneratedRegex(@"^HTTP/1\.1 (\d{3}) ", RegexOptions.Multiline)]
    private static partial Regex StatusLine();
}
