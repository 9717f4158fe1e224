using System.Diagnostics;
using System.Text;
using BacktestOps.Contracts;
using BacktestOps.Runs;
using BacktestOps.Service.Http;

namespace BacktestOps.Service.Tests;

/// <summary>The memory and the answer that one request, and many at once, can make the service use.</summary>
public sealed class RequestMemoryTests : IDisposable
{
    private const int MaxAnswer = 64 * 1024;
    private const long MaxAllocated = 32 * 1024 * 1024;

    private readonly string _folder = Directory.CreateTempSubdirectory("backtestops-memory-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>As many faults as a body can hold, each of another kind.</summary>
    private static readonly Dictionary<string, string> s_bodies = new()
    {
        ["symbols that are no texts"] = Body("\"symbols\":[" + Many(127_000, _ => "1") + "]"),
        ["symbols that are no texts, few enough for a list"] = Body("\"symbols\":[" + Many(99_999, _ => "1") + "]"),
        ["symbols that are blank"] = Body("\"symbols\":[" + Many(80_000, _ => "\"\"") + "]"),
        ["a symbol repeated"] = Body("\"symbols\":[" + Many(1_000, _ => "\"ABC\"") + "]"),
        ["unknown symbols"] = Body("\"symbols\":[" + Many(1_000, i => $"\"AB{i}\"") + "]"),
        ["unknown members"] = Body("\"symbols\":[\"ABC\"]," + Many(20_000, i => $"\"m{i}\":1")),
        ["unknown parameters"] = Body("\"symbols\":[\"ABC\"],\"parameters\":{" + Many(20_000, i => $"\"p{i}\":1") + "}"),
        ["swept parameters"] = Body("\"symbols\":[\"ABC\"],\"sweep\":{\"parameters\":{" + Many(15_000, i => $"\"p{i}\":[1]") + "}}"),
        ["values of a swept parameter"] = Body("\"symbols\":[\"ABC\"],\"sweep\":{\"parameters\":{\"fast\":[" + Many(99_999, _ => "0") + "]}}"),
        ["sleeves"] = Body("\"symbols\":[\"ABC\"],\"sleeves\":[" + Many(80_000, _ => "{}") + "]"),
        ["constraints"] = Body("\"symbols\":[\"ABC\"],\"sweep\":{\"parameters\":{\"fast\":[5]},\"constraints\":[" + Many(80_000, _ => "\"\"") + "]}"),
    };

    /// <summary>What the bodies are full of.</summary>
    public static TheoryData<string> Fillings => [.. s_bodies.Keys];

    [Theory]
    [MemberData(nameof(Fillings))]
    public async Task A_request_of_faults_costs_no_more_memory_than_a_large_one_and_its_answer_is_short(string of)
    {
        var body = s_bodies[of];
        Assert.InRange(body.Length, 1, ServiceHost.MaxBodyBytes);
        await using var runner = await OpenAsync();
        // Once before, so that what is made once is not counted.
        _ = await MeasureAsync(runner, """{"strategy":"SmaCross","symbols":["ABC"]}"""u8.ToArray());
        var bytes = Encoding.UTF8.GetBytes(body);

        var (faults, allocated) = await MeasureAsync(runner, bytes);

        Assert.InRange(faults.Count, 1, InvalidRequestException.MaxFaults);
        Assert.True(allocated < MaxAllocated, $"{of}: {allocated:N0} bytes were allocated");
        await using var service = await StartAsync(runner);
        foreach (var path in new[] { "/api/backtest/start", "/api/backtest/check" })
        {
            var reply = await service.PostAsync(path, body);
            Assert.True(reply.Body.Length < MaxAnswer, $"{of}: {path} gave {reply.Body.Length:N0} bytes");
        }
    }

    [Fact]
    public async Task Many_large_requests_at_once_are_taken_one_after_the_other_and_more_are_told_to_come_again()
    {
        await using var service = await RunningService.StartAsync();
        var held = BodyBudget.MaxBytes / ServiceHost.MaxBodyBytes;
        var large = Enumerable.Range(0, held).Select(_ => new HeldBody(ServiceHost.MaxBodyBytes)).ToArray();
        var sent = large.Select(body => SendAsync(service, body)).ToArray();
        // All but the last byte of each: the service holds them and can't answer.
        foreach (var body in large) await body.Written;

        // What was written is read a moment later.
        var waited = Stopwatch.StartNew();
        while (service.Bodies.LargeBytes < held * (ServiceHost.MaxBodyBytes - 1L) && waited.Elapsed < TimeSpan.FromMinutes(2)) await Task.Delay(20, Token);

        var refused = await service.PostAsync("/api/backtest/check", new string(' ', ServiceHost.MaxBodyBytes));

        Assert.Equal(503, refused.Status);
        Assert.EndsWith("too-many-bodies", refused.Problem.Type, StringComparison.Ordinal);
        Assert.True(refused.Headers.ContainsKey("Retry-After"));
        Assert.Equal(200, (await service.PostAsync("/api/backtest/check", """{"strategy":"SmaCross","symbols":["ABC"]}""")).Status);

        foreach (var body in large) body.Finish();
        Assert.All(await Task.WhenAll(sent), status => Assert.Equal(400, status));
        Assert.Equal(400, (await service.PostAsync("/api/backtest/check", new string(' ', ServiceHost.MaxBodyBytes))).Status);
    }

    private static string Body(string members) => $"{{\"strategy\":\"SmaCross\",{members}}}";

    private static string Many(int count, Func<int, string> one) => string.Join(',', Enumerable.Range(0, count).Select(one));

    private static async Task<int> SendAsync(RunningService service, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/backtest/check") { Content = content };
        using var response = await service.Http.SendAsync(request, Token);
        return (int)response.StatusCode;
    }

    // Other tests allocate meanwhile: what counts is the least of several looks, and what is too much is so in each of them.
    private static async Task<(IReadOnlyList<RequestFault> Faults, long Allocated)> MeasureAsync(BacktestRunner runner, byte[] body)
    {
        const int Looks = 30;
        var least = long.MaxValue;
        IReadOnlyList<RequestFault> faults = [];
        for (var look = 0; look < Looks && least >= MaxAllocated; look++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            try
            {
                faults = await runner.CheckAsync(RequestReader.Read(body, ContractsJson.Default.BacktestRequest), Token);
            }
            catch (InvalidRequestException invalid)
            {
                faults = invalid.Faults;
            }
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        return (faults, least);
    }

    private static Task<RunningService> StartAsync(BacktestRunner runner) =>
        RunningService.StartAsync(_ => Task.FromResult(new ServiceBackend(runner, runner.GetHealthAsync)), TimeProvider.System);

    private Task<BacktestRunner> OpenAsync()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        for (var i = 0; i < 500; i++)
            File.WriteAllText(Path.Combine(data, $"XY{i}.csv"), "date,open,high,low,close,volume\n2020-01-01,1,1,1,1,1\n");
        File.WriteAllText(Path.Combine(data, "ABC.csv"), "date,open,high,low,close,volume\n2020-01-01,1,1,1,1,1\n");
        return BacktestRunner.OpenAsync(new RunnerOptions { HomePath = Path.Combine(_folder, "home"), DataPath = data }, Token);
    }

    /// <summary>A body whose last byte is kept back.</summary>
    private sealed class HeldBody : HttpContent
    {
        private readonly int _length;
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HeldBody(int length)
        {
            _length = length;
            Headers.ContentType = new("application/json");
        }

        public Task Written => _written.Task;

        public void Finish() => _finish.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            var bytes = new byte[_length - 1];
            Array.Fill(bytes, (byte)' ');
            await stream.WriteAsync(bytes, Token);
            await stream.FlushAsync(Token);
            _written.TrySetResult();
            await _finish.Task;
            await stream.WriteAsync(" "u8.ToArray(), Token);
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = _length;
            return true;
        }
    }
}
