using System.Globalization;
using System.Net.Http.Headers;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Smoke;

/// <summary>Downloads a result as a client does, twice, and judges what came.</summary>
internal sealed class ResultStage(SmokePlan plan, SmokeLedger ledger, HttpTransport transport)
{
    public async Task RunAsync(string id, bool completed, CancellationToken cancellationToken)
    {
        var address = HttpJourney.Address(plan, plan.Endpoints.Result, id);
        var subject = $"GET {address}";
        if (!completed)
        {
            ledger.Unseen("result: HTTP status", subject, "200", "the backtest was not completed, so there is no result to ask for");
            return;
        }

        var first = await transport.GetAsync("result", address, cancellationToken).ConfigureAwait(false);
        const string Action = "The run says that it is completed; see in the service's log and result folder where its result went.";
        if (!ledger.DecideStatus(first, "result: HTTP status", [200], Action))
        {
            ledger.Unseen("result: document", subject, "the result as a file", "it was not handed out");
            return;
        }

        JudgeHead(first, id);
        new ResultJudge(ledger, "result", plan.ResultFields).Judge(subject, first.Body, id, first.Artifacts);
        await DownloadAgainAsync(first, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The file name under which a browser or a client saves the result of a run.</summary>
    internal static string FileName(string id) => $"backtest-result-{id}.json";

    private void JudgeHead(HttpExchange exchange, string id)
    {
        ledger.Decide(
            exchange.MediaType == "application/json", "result: content type", exchange.Subject, "application/json",
            exchange.MediaType, exchange.Artifacts);
        var disposition = exchange.Headers.GetValueOrDefault("content-disposition");
        ledger.Decide(
            IsAttachment(disposition, FileName(id)), "result: file name", exchange.Subject,
            $"attachment; filename=\"{FileName(id)}\"", disposition, exchange.Artifacts,
            disposition is null ? "there is no Content-Disposition" : null,
            "Clients save the file under this name; correct the service's Content-Disposition.");
        var declared = exchange.Headers.GetValueOrDefault("content-length");
        var actual = exchange.Body!.Length.ToString(CultureInfo.InvariantCulture);
        ledger.Decide(
            exchange.BodyProblem is null && (declared is null || declared == actual), "result: length", exchange.Subject,
            declared is null ? "a body that is ended as HTTP says" : $"{declared} bytes, as Content-Length says", $"{actual} bytes",
            exchange.Artifacts, exchange.BodyProblem);
    }

    private static bool IsAttachment(string? disposition, string fileName) =>
        ContentDispositionHeaderValue.TryParse(disposition, out var parsed)
        && parsed.DispositionType.Equals("attachment", StringComparison.OrdinalIgnoreCase)
        && parsed.FileName?.Trim('"') == fileName
        // A client that knows filename* takes it before filename.
        && (parsed.FileNameStar is null || parsed.FileNameStar == fileName);

    private async Task DownloadAgainAsync(HttpExchange first, CancellationToken cancellationToken)
    {
        var second = await transport.GetAsync("result-again", first.Address, cancellationToken).ConfigureAwait(false);
        var same = second.StatusCode == 200 && second.BodyProblem is null && second.Body.AsSpan().SequenceEqual(first.Body);
        IReadOnlyList<Artifact> kept = [.. first.Artifacts, .. second.Artifacts];
        ledger.Decide(
            same, "result: second download", first.Subject, "200 with the same bytes",
            second.Body is null ? null : $"{second.StatusText} with {(same ? "the same" : "other")} {second.Body.Length} bytes", kept,
            same ? null : second.Failure ?? second.BodyProblem ?? "a result is published once and never changes", samples: 2,
            window: first.Duration + second.Duration);
        var slowest = first.Duration > second.Duration ? first.Duration : second.Duration;
        ledger.Decide(
            slowest <= plan.ResponseTimeLimit, "result: response time", first.Subject, $"≤ {Units.Milliseconds(plan.ResponseTimeLimit)}",
            Units.Milliseconds(slowest), kept, samples: 2, window: first.Duration + second.Duration,
            action: "See what the machine is busy with, and whether the result is read from a slow disk.");
    }
}
