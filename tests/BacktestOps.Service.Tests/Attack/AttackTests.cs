using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs;

namespace BacktestOps.Service.Tests.Attack;

/// <summary>Callers who mean harm and an operator's SIGKILLs at once, against the real service: no answer is wrong, and none brings it down.</summary>
/// <remarks>BACKTESTOPS_ATTACK says how many calls are made, BACKTESTOPS_ATTACK_KILLS how often the service is killed meanwhile; both are printed, with the seed (BACKTESTOPS_SEED).</remarks>
public sealed class AttackTests : IDisposable
{
    private const int Callers = 4;
    // Far more than a refusal needs; a list of faults without an end is an attack on whoever reads it.
    private const int LongestRefusal = 256 * 1024;

    private static readonly RunLimits Limits = new() { Symbols = 50, Variants = 20_000, Time = TimeSpan.FromMinutes(5) };

    private readonly ServiceWork _work = new(timesEach: 1);
    private readonly ConcurrentDictionary<string, string> _accepted = new();
    private readonly ConcurrentBag<string> _wrong = [];
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private int _killed;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Every_hostile_call_gets_a_right_answer_or_a_clear_refusal_and_every_accepted_run_the_bytes_of_an_undisturbed_one()
    {
        var (calls, kills, seed) = (Number("BACKTESTOPS_ATTACK", 300), Number("BACKTESTOPS_ATTACK_KILLS", 2), Number("BACKTESTOPS_SEED", Environment.TickCount & int.MaxValue));
        var home = _work.NewHome();
        var hostile = new HostileCalls(seed);
        var waiting = new Queue<HostileCall>(HostileCalls.GoodBodies.Select(body => new HostileCall("POST", "/api/backtest/start", body)).Concat(Enumerable.Range(0, calls).Select(_ => hostile.Next())));
        for (var life = 0; life <= kills; life++)
        {
            await using var service = await ServeAsync(home);
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = service.Address, Timeout = TimeSpan.FromMinutes(5) };
            var share = life == kills ? waiting.Count : waiting.Count / (kills - life + 1);
            var now = new ConcurrentQueue<HostileCall>(Enumerable.Range(0, share).Select(_ => waiting.Dequeue()));
            using var kill = new CancellationTokenSource();
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var callers = Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => CallAsync(http, now, home, share / 4, enough, kill.Token)));
            if (life < kills)
            {
                // The kill comes while calls are answered and runs are executed: what a caller has heard by then must stand.
                await Task.WhenAny(enough.Task, callers);
                await kill.CancelAsync();
                await service.KillAsync();
            }

            await callers;
            if (life == kills)
            {
                await ProveAsync(service, kills);
                Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/api/health", UriKind.Relative), Token)).StatusCode);
            }
        }

        var said = string.Create(CultureInfo.InvariantCulture, $"{calls} calls, {kills} SIGKILLs, {_accepted.Count} runs accepted, {_killed} of them failed because each process that took them up was killed; answers by status: {string.Join(", ", _statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}"))}; seed {seed}.");
        TestContext.Current.TestOutputHelper!.WriteLine(said);
        Assert.True(_wrong.IsEmpty, $"{said}\n{_wrong.Count} answers were wrong:\n{string.Join('\n', _wrong.Take(20))}");
        Assert.True(_accepted.Count >= HostileCalls.GoodBodies.Count() && _statuses.ContainsKey(400), said);
    }

    private Task<ServiceProcess> ServeAsync(string home) => ServiceProcess.StartAsync(
        "--home", home, "--data", _work.Data, "--max-symbols", Text(Limits.Symbols), "--max-variants", Text(Limits.Variants), "--max-run-time", Text((long)Limits.Time.TotalSeconds));

    private async Task CallAsync(HttpClient http, ConcurrentQueue<HostileCall> calls, string home, int rest, TaskCompletionSource enough, CancellationToken kill)
    {
        while (!kill.IsCancellationRequested && calls.TryDequeue(out var call))
        {
            if (calls.Count <= rest) enough.TrySetResult();
            try
            {
                using var request = new HttpRequestMessage(new HttpMethod(call.Method), new Uri(call.Path.Replace("{id}", _accepted.Keys.FirstOrDefault() ?? "none", StringComparison.Ordinal), UriKind.Relative));
                if (call.Body is { } body)
                {
                    request.Content = new ByteArrayContent(body);
                    request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
                }

                using var answer = await http.SendAsync(request, Token);
                Judge(call, answer, await answer.Content.ReadAsByteArrayAsync(Token), home);
            }
            catch (Exception error) when (error is HttpRequestException or IOException && kill.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is UriFormatException or HttpRequestException or InvalidOperationException or TaskCanceledException)
            {
                if (error is not UriFormatException) _wrong.Add($"{error.GetType().Name}: {error.Message} for {call}");
            }
        }
    }

    private void Judge(HostileCall call, HttpResponseMessage answer, byte[] body, string home)
    {
        var status = (int)answer.StatusCode;
        _statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
        var text = Encoding.UTF8.GetString(body);
        if (call.Starts && status == 200)
        {
            _accepted[JsonSerializer.Deserialize(body, ContractsJson.Default.BacktestProgress)!.BacktestId] = Encoding.UTF8.GetString(call.Body!);
            return;
        }

        if (status < 400) return;
        if (status >= 500) _wrong.Add($"{status} for {call}: {text}");
        if (body.Length > LongestRefusal) _wrong.Add($"a refusal of {body.Length:N0} bytes for {call}");
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") _wrong.Add($"{status} that is no problem document for {call}: {text}");
        foreach (var trace in new[] { "   at ", "Exception", home })
            if (text.Contains(trace, StringComparison.Ordinal)) _wrong.Add($"'{trace}' in the answer {text} for {call}");
    }

    // Every run that somebody was given an id of, against a runner that nobody disturbs: the same end for the same reason, the same bytes.
    private async Task ProveAsync(ServiceProcess service, int kills)
    {
        await using var reference = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = _work.NewHome(), DataPath = _work.Data, Limits = Limits }, Token);
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, body) in _accepted)
        {
            var ended = await ServiceWork.EndAsync(service.Client, id);
            if (ended.Status == BacktestStatus.Cancelled) continue;
            // What is promised: a run that as many processes die of in a row, before it gets any further, is not tried again. It needs as many kills.
            if (kills >= Limits.Deaths && ended.Error?.Contains("processes died in a row", StringComparison.Ordinal) == true)
            {
                _killed++;
                continue;
            }

            if (!known.TryGetValue(body, out var expected)) known[body] = expected = await OutcomeAsync(reference, await RunAsync(reference, body));
            var seen = await OutcomeAsync(service.Client, ended);
            if (seen != expected) _wrong.Add($"{id} ended otherwise than undisturbed: {Start(seen)} instead of {Start(expected)} for {body}");
            if (ended.Status == BacktestStatus.Failed && ended.Error is not { Length: > 20 } || ended.Error?.Contains("unexpected error", StringComparison.Ordinal) == true)
                _wrong.Add($"{id} failed without a clear reason: {ended.Error} for {body}");
            foreach (var chart in ended.Status == BacktestStatus.Completed ? new[] { "equity", "price" } : [])
            {
                using var http = new HttpClient { BaseAddress = service.Address };
                using var answer = await http.GetAsync(new Uri($"/api/backtest/chart/{id}/{chart}", UriKind.Relative), Token);
                if ((int)answer.StatusCode >= 500) _wrong.Add($"the {chart} chart of {id} gave {answer.StatusCode} for {body}: {await answer.Content.ReadAsStringAsync(Token)}");
            }
        }
    }

    private static async Task<BacktestProgress> RunAsync(BacktestRunner runner, string body)
    {
        var run = await runner.StartAsync(JsonSerializer.Deserialize(body, ContractsJson.Default.BacktestRequest)!, Token);
        while (!run.Status.IsTerminal()) run = await runner.GetProgressAsync(run.BacktestId, Token);
        return run;
    }

    private static async Task<string> OutcomeAsync(IBacktestApi api, BacktestProgress ended) => ended.Status == BacktestStatus.Completed
        ? ServiceWork.Neutral((await api.GetResultAsync(ended.BacktestId, Token)).Content.Span, ended)
        : $"{ended.Status}: {ended.Error}";

    private static string Start(string text) => text.Length <= 400 ? text : text[..400] + "…";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
