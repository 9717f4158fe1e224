using System.Text;

namespace BacktestOps.Service.Tests;

/// <summary>Requests that nobody would send by accident, made from a fixed seed so that a failure can be had again.</summary>
public sealed class HostileRequestTests
{
    private const int Seed = 20261123;
    private const int Requests = 1500;

    private static readonly string[] Paths =
    [
        "/api/backtest/start", "/api/backtest/check", "/api/backtest/progress", "/api/backtest/progress/{x}", "/api/backtest/progress?id={x}", "/api/backtest/result/{x}",
        "/api/backtest/cancel/{x}", "/api/backtests?status={x}&limit={x}", "/api/symbols/{x}/bars?from={x}&to={x}", "/api/symbols", "/api/strategies",
        "/api/health", "/api/{x}", "/{x}", "/assets/{x}", "/specific-stock-selection.html?{x}",
    ];

    private static readonly string[] Pieces =
    [
        "", "x", "run", "..", "%2e%2e%2f", "%00", "%ff", "%", "'; DROP TABLE runs;--", "<script>alert(1)</script>", "{}", "[[[[", "1e999", "-1",
        "9999999999999999999", "NaN", "null", "true", "\u0000", "\ud7ff", "삼성", "🦔", "%F0%9F", "&", "=", "?", "#", "/", "\\", "..\\..\\", ":", "~", "*",
        "CON", "2020-02-30", "0000-00-00", "${jndi:ldap://x}", "%s%n", "+", " ", "\t",
    ];

    private static readonly string[] Bodies =
    [
        """{"symbols": ["AAPL"], "strategy": "SmaCross", "parameters": {"fast": 10, "slow": 20}, "from": "2020-01-01", "initial_cash": 1000.5, "commission": {"rate": 0.001, "minimum": 1}, "fractional_shares": true, "adjusted": false, "periods_per_year": 252}""",
        """{"symbols": [], "strategy": ""}""", "[]", "{}", "\"", "{\"a\":", "1", "nul", "\ufeff{}",
    ];

    private static readonly string?[] ContentTypes = ["application/json", "application/json; charset=utf-8", "text/plain", "application/json; charset=x", ";", null];

    private static readonly string[] Methods = ["GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO"];

    private static readonly (string Name, string Value)[] Headers =
    [
        ("Range", "bytes=0-"), ("Range", "bytes=-1,5-"), ("Range", "x"), ("If-None-Match", "*"), ("If-None-Match", "\"\""), ("If-Match", ",,"),
        ("If-Modified-Since", "never"), ("Accept", "a/b;q=9"), ("Sec-Fetch-Site", "cross-site"), ("X-Forwarded-For", "::1"), ("Cookie", "a=b;;;"),
    ];

    [Fact]
    public async Task No_bad_request_gets_a_5xx_a_stack_trace_or_a_hang()
    {
        await using var service = await RunningService.StartAsync();
        service.Api.PutResult("run");
#pragma warning disable CA5394 // the same requests every time are the point
        var random = new Random(Seed);
        var statuses = new Dictionary<int, int>();
        for (var i = 0; i < Requests; i++)
        {
            var method = Pick(random, Methods);
            var path = Fill(random, Pick(random, Paths));
            var body = method is "POST" or "PUT" or "PATCH" ? Damage(random, Pick(random, Bodies)) : null;
            var header = Pick(random, Headers);

            Reply reply;
            try
            {
                reply = await service.SendAsync(new HttpMethod(method), path, body, Pick(random, ContentTypes), header)
                    .WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken); // only turns a hang into a failure
            }
            catch (Exception exception) when (exception is UriFormatException or InvalidOperationException or HttpRequestException { HttpRequestError: HttpRequestError.Unknown })
            {
                continue; // this client itself refuses to send it
            }

            statuses[reply.Status] = statuses.GetValueOrDefault(reply.Status) + 1;
            var what = $"seed {Seed}, request {i}: {method} {path} gave {reply.Status} {reply.Text}";
            Assert.True(reply.Status < 500, what);
            Assert.DoesNotContain("   at ", reply.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", reply.Text, StringComparison.Ordinal);
            // What the server refuses before it is a request (a path with a zero in it) has no body.
            if (reply.Status >= 400 && reply.Body.Length > 0)
                _ = reply.Problem;
        }
#pragma warning restore CA5394
        // The corpus must reach what it is meant to try: most of it arrives, and each kind of refusal is met.
        Assert.True(statuses.Values.Sum() > Requests * 8 / 10, $"only {statuses.Values.Sum()} requests could be sent");
        foreach (var status in new[] { 200, 400, 403, 404, 405, 415 })
            Assert.True(statuses.ContainsKey(status), $"no request met {status}");
        TestContext.Current.SendDiagnosticMessage("answers by status: " + string.Join(", ", statuses.OrderBy(pair => pair.Key)));
        Assert.Equal(200, (await service.GetAsync("/api/health")).Status);
    }

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];

    private static string Fill(Random random, string path)
    {
        while (path.IndexOf("{x}", StringComparison.Ordinal) is >= 0 and var at)
        {
            var piece = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pick(random, Pieces)));
            path = path[..at] + (random.Next(2) == 0 ? Uri.EscapeDataString(piece) : piece.Replace("{x}", "", StringComparison.Ordinal)) + path[(at + 3)..];
        }
        return random.Next(20) == 0 ? path + new string('a', 2000) : path;
    }

    // Cut, double or overwrite a piece, so that what comes is often nearly right.
    private static byte[] Damage(Random random, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        for (var n = random.Next(4); n > 0 && bytes.Length > 1; n--)
        {
            var at = random.Next(bytes.Length);
            bytes = random.Next(4) switch
            {
                0 => bytes[..at],
                1 => [.. bytes[..at], .. bytes[at..], .. bytes[at..]],
                2 => [.. bytes[..at], .. Encoding.UTF8.GetBytes(Pick(random, Pieces)), .. bytes[at..]],
                _ => [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]],
            };
        }
        return bytes;
    }
}
