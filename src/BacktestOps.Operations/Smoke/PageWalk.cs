using System.Globalization;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Smoke.Browser;

namespace BacktestOps.Operations.Smoke;

/// <summary>The steps through the page, one check each; what comes after a step that failed is not seen and said so.</summary>
internal sealed class PageWalk(SmokePlan plan, PagePlan page, SmokeLedger ledger, TimeBudget budget, BrowserPage tab)
{
    private readonly PageRequests _requests = new(plan, ledger, tab);
    private Awaited? _awaited;
    private DownloadedFile? _file;
    private TimeSpan _downloadTime;

    public string? BacktestId { get; private set; }

    public IReadOnlyList<NetworkRecord> Requests => _requests.Listed;

    public async Task RunAsync(Uri address, CancellationToken cancellationToken)
    {
        var stepper = new PageStepper(ledger, budget, tab, _requests, address.ToString(), () => _awaited);
        Step[] steps =
        [
            new("load", "200 text/html, loaded to its end", page.StepLimit, token => LoadAsync(address, token)),
            new("pick", $"a stock can be picked: {page.Pick}", page.StepLimit, PickAsync),
            new("start", $"{page.Start} can be clicked and starts a backtest", page.StepLimit, StartAsync),
            new("progress", $"{page.Progress} goes up to 100", plan.TimeLimit, FollowAsync),
            new("download", $"{page.Download} can be clicked and gives a whole file", page.StepLimit, DownloadAsync),
        ];
        var broken = false;
        foreach (var step in steps)
        {
            if (broken) ledger.Unseen($"page: {step.Name}", address.ToString(), step.Expected, "the page did not get that far");
            else
            {
                _awaited = null;
                broken = !await stepper.TakeAsync(step, cancellationToken).ConfigureAwait(false);
            }

            if (step.Name == "progress") await JudgeBarAsync(address, cancellationToken).ConfigureAwait(false);
        }

        await JudgeFileAsync(address, cancellationToken).ConfigureAwait(false);
        await _requests.JudgeAsync(address, _file is null ? null : _downloadTime, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> LoadAsync(Uri address, CancellationToken cancellationToken)
    {
        await tab.LoadAsync(address, cancellationToken).ConfigureAwait(false);
        var document = tab.Network.LastOrDefault(record => record.Initiator == "Document")
            ?? throw new PageStepException("the browser asked for no document");
        var seen = $"{document.Status?.ToString(CultureInfo.InvariantCulture) ?? "no status"} {document.MediaType}";
        return document is { Status: 200, MediaType: "text/html" }
            ? seen
            : throw new PageStepException($"the page answered {seen}") { Observed = seen };
    }

    private async Task<string> PickAsync(CancellationToken cancellationToken)
    {
        if (page.Strategy is { } choice) await WaitAsync($"a strategy to choose, at '{choice}' (strategy in the plan's page; false where the page has none)", choice, PageScripts.HasChoice(choice), cancellationToken).ConfigureAwait(false);
        await WaitAsync($"a stock to pick, at '{page.Pick}'", page.Pick, PageScripts.Exists(page.Pick), cancellationToken).ConfigureAwait(false);
        var picked = await tab.EvaluateAsync(PageScripts.PickWithoutClick(page.Pick), cancellationToken).ConfigureAwait(false);
        if (picked is not { ValueKind: JsonValueKind.True })
            await tab.ClickAsync(page.Pick, cancellationToken).ConfigureAwait(false);
        await WaitAsync($"the stock at '{page.Pick}' to be picked", page.Pick, PageScripts.IsPicked(page.Pick), cancellationToken).ConfigureAwait(false);
        return (await tab.EvaluateAsync(PageScripts.Describe(page.Pick), cancellationToken).ConfigureAwait(false))?.GetString() ?? "";
    }

    private Task WaitAsync(string what, string selector, string condition, CancellationToken cancellationToken)
    {
        _awaited = new Awaited(what, selector);
        return tab.WaitForAsync(condition, cancellationToken);
    }

    private async Task<string> StartAsync(CancellationToken cancellationToken)
    {
        await WaitAsync($"the button at '{page.Start}' to be shown and enabled", page.Start, PageScripts.Usable(page.Start), cancellationToken).ConfigureAwait(false);
        await tab.EvaluateAsync(PageScripts.Watch(page.Progress), cancellationToken).ConfigureAwait(false);
        var before = tab.Network.Count;
        await tab.ClickAsync(page.Start, cancellationToken).ConfigureAwait(false);
        var path = new Uri(plan.Address, plan.Endpoints.Start).AbsolutePath;
        _awaited = new Awaited($"the page to send POST {path} after a click at '{page.Start}', and its answer", page.Start);
        NetworkRecord? sent;
        while ((sent = tab.Network.Skip(before).FirstOrDefault(record => record.Method == "POST" && record.Address.AbsolutePath == path))
            is not { HasEnded: true, Initiator: not NetworkRecorder.Download })
            await Task.Delay(PageStepper.Look, ledger.Clock, cancellationToken).ConfigureAwait(false);
        if (sent.Status is not (>= 200 and < 300)) throw new PageStepException($"{_requests.Describe(sent)}");
        var body = await tab.ReadBodyAsync(sent, cancellationToken).ConfigureAwait(false);
        if (!StrictJson.TryParse(body, out var document, out var problem))
            throw new PageStepException($"the answer to the start is no JSON: {problem}");
        using (document)
        {
            BacktestId = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("backtest_id", out var id)
                && id.ValueKind == JsonValueKind.String
                    ? id.GetString()
                    : throw new PageStepException("the answer to the start has no backtest_id");
        }

        return $"{sent.Status} with the backtest {BacktestId}";
    }

    private async Task<string> FollowAsync(CancellationToken cancellationToken)
    {
        await WaitAsync($"the bar at '{page.Progress}' to show 100", page.Progress, PageScripts.Full, cancellationToken).ConfigureAwait(false);
        return "100";
    }

    /// <summary>Judged also where the bar got stuck: what was seen of it may have fallen.</summary>
    private async Task JudgeBarAsync(Uri address, CancellationToken cancellationToken)
    {
        var judge = new ProgressJudge();
        using var patience = new CancellationTokenSource(PageStepper.Patience, ledger.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            if (BacktestId is not null && await tab.EvaluateAsync(PageScripts.Seen, either.Token).ConfigureAwait(false) is { } seen)
                foreach (var value in seen.EnumerateArray()) judge.Add(new ProgressSample(value.GetDouble(), null));
        }
        catch (Exception error) when (PageStepper.IsThePage(error, cancellationToken))
        {
            judge = new ProgressJudge();
        }

        const string Expected = "each value at least the one before";
        const string Check = "page: bar never falls";
        var subject = $"{address} {page.Progress}";
        if (judge.Count < 2) ledger.Unseen(Check, subject, Expected, "the bar was not seen to move");
        else ledger.Decide(judge.Fall is null, Check, subject, Expected, judge.Bar, [], judge.Fall, samples: judge.Count);
        if (BacktestId is { } id) await new PagePolls(plan, ledger, tab).JudgeAsync(id, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> DownloadAsync(CancellationToken cancellationToken)
    {
        await WaitAsync($"the button at '{page.Download}' to be shown and enabled", page.Download, PageScripts.Usable(page.Download), cancellationToken).ConfigureAwait(false);
        _awaited = new Awaited($"a file to be downloaded after a click at '{page.Download}'", page.Download);
        var start = ledger.Clock.GetTimestamp();
        await tab.ClickAsync(page.Download, cancellationToken).ConfigureAwait(false);
        var file = await tab.NextDownloadAsync(cancellationToken).ConfigureAwait(false);
        _downloadTime = ledger.Clock.GetElapsedTime(start);
        if (!file.IsWhole) throw new PageStepException($"the browser gave the download of {file.Address} up before its end");
        _file = file;
        return $"{file.FileName} in {Units.Milliseconds(_downloadTime)} from {file.Address}";
    }

    private async Task JudgeFileAsync(Uri address, CancellationToken cancellationToken)
    {
        if (_file is not { } file)
        {
            ledger.Unseen("page: file name", address.ToString(), "backtest-result-{id}.json", "no file was downloaded");
            ledger.Unseen("page file: JSON", address.ToString(), "the result", "no file was downloaded");
            return;
        }

        var bytes = await File.ReadAllBytesAsync(file.Path, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Artifact> kept = [ledger.Keep(file.FileName, "application/json", bytes)];
        var name = ResultStage.FileName(BacktestId!);
        ledger.Decide(file.FileName == name, "page: file name", file.Address.ToString(), name, file.FileName, kept);
        // A browser takes a download that breaks off for whole.
        var headers = tab.Network.LastOrDefault(record => record.Address == file.Address)?.Headers;
        var declared = headers?.ContainsKey("content-encoding") == false ? headers.GetValueOrDefault("content-length") : null;
        var length = bytes.Length.ToString(CultureInfo.InvariantCulture);
        ledger.Decide(
            declared is null || declared == length, "page: file length", file.Address.ToString(),
            declared is null ? "a download that the browser ended as whole" : $"{declared} bytes, as Content-Length says",
            $"{length} bytes", kept);
        new ResultJudge(ledger, "page file", plan.ResultFields).Judge(file.FileName, bytes, BacktestId, kept);
        ledger.Decide(
            _downloadTime <= plan.ResponseTimeLimit, "page: download time", file.Address.ToString(),
            $"≤ {Units.Milliseconds(plan.ResponseTimeLimit)}", Units.Milliseconds(_downloadTime), kept, window: _downloadTime);
    }
}
