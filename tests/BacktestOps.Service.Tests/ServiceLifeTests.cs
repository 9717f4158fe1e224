using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using BacktestOps.Contracts;

namespace BacktestOps.Service.Tests;

/// <summary>Real processes: stopped with work under way, two on one home, and what they tell operators.</summary>
public sealed class ServiceLifeTests : IDisposable
{
    private readonly ServiceWork _work = new(timesEach: 4);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task A_stop_with_runs_under_way_ends_with_0_in_time_and_the_next_start_completes_them()
    {
        await _work.LearnAsync();
        var home = _work.NewHome();
        var ids = new List<string>();
        await using (var service = await _work.ServeAsync(home))
        {
            foreach (var request in _work.Requests)
                ids.Add((await service.Client.StartAsync(request, Token)).BacktestId);
            var begun = Stopwatch.GetTimestamp();
            Assert.Equal(0, await service.StopAsync());
            // Many times the stop timeout, because the machine may have much else to do; a stop that waits for what never ends takes longer.
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(5), $"The stop took {Stopwatch.GetElapsedTime(begun)}.");
        }

        await using var next = await _work.ServeAsync(home);
        for (var i = 0; i < ids.Count; i++)
            await _work.ProveAsync(next.Client, home, _work.Requests[i], ids[i], "after a stop");
        Assert.Equal(ids.Count, ServiceWork.Results(home).Length);
    }

    [Fact]
    public async Task Two_services_on_one_home_share_it_and_the_one_that_lives_completes_the_others_runs()
    {
        await _work.LearnAsync();
        var home = _work.NewHome();
        await using var one = await _work.ServeAsync(home);
        await using var two = await _work.ServeAsync(home);
        var ids = new List<string>();
        for (var i = 0; i < _work.Requests.Length; i++)
        {
            // Each start goes to both under one key, so that each service is asked for what the other accepted.
            var first = await one.Client.StartAsync(_work.Requests[i], $"key-{i}", Token);
            var second = await two.Client.StartAsync(_work.Requests[i], $"key-{i}", Token);
            Assert.Equal(first.BacktestId, second.BacktestId);
            ids.Add(first.BacktestId);
        }

        await one.KillAsync();
        for (var i = 0; i < ids.Count; i++)
            await _work.ProveAsync(two.Client, home, _work.Requests[i], ids[i], "after the other died");
        Assert.Equal(ids.Count, (await two.Client.ListAsync(new BacktestQuery(), Token)).Count);
        Assert.Equal(ids.Count, ServiceWork.Results(home).Length);
    }

    [Fact]
    public async Task The_log_follows_a_run_by_its_id_and_the_callers_trace_and_metrics_count_it()
    {
        await using var service = await ServiceProcess.StartAsync("--home", _work.NewHome(), "--data", _work.Data, "--log-format", "json");
        using var activity = new Activity("a caller").SetIdFormat(ActivityIdFormat.W3C).Start();
        var id = (await service.Client.StartAsync(_work.Kinds[1], Token)).BacktestId;
        await ServiceWork.EndAsync(service.Client, id);

        using var http = new HttpClient { BaseAddress = service.Address };
        string[] wanted =
        [
            "(?m)^backtestops_runs\\{[^}]*status=\"completed\"[^}]*\\} 1$", "(?m)^backtestops_queue_depth\\{?[^ ]* 0$",
            "(?m)^backtestops_run_duration_seconds_count\\{[^}]*status=\"completed\"[^}]*\\} 1$",
            "(?m)^http_server_request_duration_seconds_count\\{[^}]*http_route=\"/api/backtest/start\"",
        ];
        // A run is told to who asks before it is counted, and an answer is counted after it was sent.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromMinutes(3)); // only turns a hang into a failure
        string metrics;
        do
        {
            metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Token);
        }
        while (!patience.IsCancellationRequested && !wanted.All(pattern => Regex.IsMatch(metrics, pattern)));
        Assert.All(wanted, pattern => Assert.Matches(pattern, metrics));

        Assert.Equal(0, await service.StopAsync());
        var events = service.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var ofRun = events.Where(entry => entry.GetProperty("State").TryGetProperty("BacktestId", out var run) && run.GetString() == id).ToList();
        var numbers = ofRun.ConvertAll(entry => entry.GetProperty("EventId").GetInt32());
        // A run may begin, in another thread, before the call that started it has written that it was accepted; it ends after it began.
        Assert.Equal([10, 30, 31], numbers.Order());
        Assert.True(numbers.IndexOf(30) < numbers.IndexOf(31), string.Join(", ", numbers));
        Assert.Equal(activity.TraceId.ToString(), ofRun[numbers.IndexOf(10)].GetProperty("State").GetProperty("TraceId").GetString());
    }
}
