using System.Text;
using System.Text.Json.Nodes;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Smoke;

/// <summary>Follows a run to its end, and looks once more after it: what was 100 must stay 100.</summary>
internal sealed class ProgressStage(SmokePlan plan, SmokeLedger ledger, HttpTransport transport)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly ProgressJudge _judge = new();
    private readonly JsonArray _looks = [];
    private IReadOnlyList<Artifact> _last = [];
    private string? _problem;

    /// <returns>True when the run was completed.</returns>
    public async Task<bool> FollowAsync(string id, CancellationToken cancellationToken)
    {
        var address = HttpJourney.Address(plan, plan.Endpoints.Progress, id);
        var start = ledger.Clock.GetTimestamp();
        var pause = FirstPause;
        var settled = false;
        while (await LookAsync(address, id, cancellationToken).ConfigureAwait(false) && !settled)
        {
            settled = _judge.HasEnded;
            if (settled) continue;
            if (transport.Budget.Remaining == TimeSpan.Zero) break;
            await Task.Delay(pause, ledger.Clock, cancellationToken).ConfigureAwait(false);
            pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;
        }

        WriteDown($"GET {address}", ledger.Clock.GetElapsedTime(start));
        return _judge.IsComplete && _problem is null;
    }

    private async Task<bool> LookAsync(Uri address, string id, CancellationToken cancellationToken)
    {
        var exchange = await transport.GetAsync($"progress-{_looks.Count + 1}", address, cancellationToken).ConfigureAwait(false);
        var sample = ProgressJudge.Read(exchange, id, out _problem);
        _last = exchange.Artifacts;
        _looks.Add(new JsonObject
        {
            ["at"] = ledger.Clock.GetUtcNow().ToString("O"),
            ["http_status"] = exchange.StatusCode,
            ["duration_ms"] = exchange.Duration.TotalMilliseconds,
            ["progress"] = sample?.Progress,
            ["status"] = sample?.Status,
            ["problem"] = _problem,
            ["artifacts"] = new JsonArray([.. exchange.Artifacts.Select(artifact => JsonValue.Create(artifact.Digest))]),
        });
        if (sample is not { } seen) return false;
        _judge.Add(seen);
        return true;
    }

    private void WriteDown(string subject, TimeSpan window)
    {
        var index = ledger.Keep("progress-looks.json", "application/json", Encoding.UTF8.GetBytes(_looks.ToJsonString()));
        IReadOnlyList<Artifact> kept = [index, .. _last];
        ledger.Decide(
            _problem is null, "progress: answer", subject, "200 with backtest_id, status and progress as JSON",
            _problem is null ? $"{_looks.Count} of {_looks.Count} answers" : $"answer {_looks.Count}", kept, _problem, samples: _looks.Count, window: window);
        if (_judge.Count == 0)
        {
            ledger.Unseen("progress: never falls", subject, "each value at least the one before", "no progress was seen");
            ledger.Unseen("progress: completes", subject, "100 with the status completed", "no progress was seen");
            return;
        }

        Decide(_judge.Fall is null, "never falls", "each value at least the one before", _judge.Fall);
        Decide(_judge.Mismatch is null, "100 is completed", "100 and an ended run at the same moment, neither without the other", _judge.Mismatch);
        Decide(
            _judge.IsComplete, "completes", $"100 with the status completed within {Units.Seconds(plan.TimeLimit)}",
            _judge.IsComplete ? null : $"it was last seen at {_judge.Last} with the status '{_judge.Last!.Value.Status}' after {Units.Seconds(window)}");

        void Decide(bool met, string name, string expected, string? why) => ledger.Decide(
            met, $"progress: {name}", subject, expected, _judge.Observed, kept, why, samples: _judge.Count, window: window);
    }
}
