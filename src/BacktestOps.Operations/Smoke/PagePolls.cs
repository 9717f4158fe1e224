using System.Text;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Smoke.Browser;

namespace BacktestOps.Operations.Smoke;

/// <summary>
/// The answers that the page itself had about its run, as the browser saw them on the network: one that falls back for a moment, between
/// two looks of ours and too short for the bar to show it, is among them.
/// </summary>
internal sealed class PagePolls(SmokePlan plan, SmokeLedger ledger, BrowserPage tab)
{
    private const string Check = "page: polls never fall", Expected = "each progress that the page was answered at least the one before";
    private const string EventStream = "text/event-stream";

    /// <summary>Judges them in the order in which they were asked for; a page that was told of no progress is judged by its bar alone.</summary>
    public async Task JudgeAsync(string backtestId, CancellationToken cancellationToken)
    {
        var judge = new ProgressJudge();
        var kept = new StringBuilder();
        foreach (var record in tab.Network.Where(record => record is { Method: "GET", Status: 200 } && IsAbout(record, backtestId)).ToList())
        {
            if (await ReadAsync(record, cancellationToken).ConfigureAwait(false) is not { } body) continue;
            kept.Append(record.Address.PathAndQuery).Append('\n').Append(body).Append('\n');
            foreach (var document in record.MediaType == EventStream ? Events(body) : [body])
            {
                if (Read(document, backtestId) is { } sample) judge.Add(sample);
            }
        }

        if (judge.Count == 0) return;
        IReadOnlyList<Artifact> artifacts = [ledger.Keep("page-polls.txt", "text/plain", Encoding.UTF8.GetBytes(kept.ToString()))];
        ledger.Decide(judge.Fall is null, Check, new Uri(plan.Address, plan.Endpoints.Progress).ToString(), Expected, judge.Bar, artifacts, judge.Fall, samples: judge.Count);
    }

    // Where a service answers about a run is its own affair: what names the run and has a progress in it is such an answer.
    private static bool IsAbout(NetworkRecord record, string backtestId) =>
        Uri.UnescapeDataString(record.Address.PathAndQuery).Contains(backtestId, StringComparison.Ordinal) && record.MediaType is "application/json" or EventStream;

    private async Task<string?> ReadAsync(NetworkRecord record, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(PageStepper.Patience, ledger.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return Encoding.UTF8.GetString(await tab.ReadBodyAsync(record, either.Token).ConfigureAwait(false));
        }
        catch (Exception error) when (PageStepper.IsThePage(error, cancellationToken))
        {
            return null; // A stream that is not at its end yet, or one whose bytes the browser did not keep.
        }
    }

    private static IEnumerable<string> Events(string stream) => stream.ReplaceLineEndings("\n").Split("\n\n")
        .Select(message => string.Join('\n', message.Split('\n').Where(line => line.StartsWith("data:", StringComparison.Ordinal)).Select(line => line[5..].TrimStart())))
        .Where(data => data.Length > 0);

    private static ProgressSample? Read(string text, string backtestId)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("progress", out var progress) && progress.ValueKind == JsonValueKind.Number
                && (!root.TryGetProperty("backtest_id", out var id) || (id.ValueKind == JsonValueKind.String && id.GetString() == backtestId))
                    ? new ProgressSample(progress.GetDouble(), null)
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
