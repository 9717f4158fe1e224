using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Smoke;

/// <summary>One way for a page to be wrong while the API is fine, and what the smoke test must say of it.</summary>
/// <param name="Check">The check that must fail.</param>
/// <param name="Says">What its observed value or detail must contain.</param>
/// <param name="Change">Makes the good answers wrong.</param>
internal sealed record PageFault(string Check, string Says, Func<StubRequest, StubAnswer, StubAnswer> Change);

/// <summary>Pages that are wrong in one thing each.</summary>
internal static class PageFaults
{
    private const string Page = "/specific-stock-selection.html";
    private const string Script = "/page.js";
    private const string Result = $"/api/backtest/result/{StubBacktestService.Id}";

    public static IReadOnlyDictionary<string, PageFault> All { get; } = new Dictionary<string, PageFault>
    {
        ["the page is not there"] = At(Page, "page: load", "404", answer => answer with { Status = 404 }),
        ["the page is no page"] = At(Page, "page: load", "application/json", answer => (answer with { ContentType = "application/json" }).With("{}")),
        ["the page hangs as it loads"] = In(Script, "page: load", "in vain", "const at =", "while (true) {}\nconst at ="),
        ["its script is not there"] = At(Script, "page: start", "/page.js answered 404", answer => answer with { Status = 404 }),
        ["a further script is not there"] = In(Page, "page: requests", "/extra.js answered 404", "<script", "<script src='/extra.js'></script><script"),
        ["a script throws"] = In(Script, "page: console", "broken page", "let run = null;", "let run = null; setTimeout(() => { throw new Error('broken page'); });"),
        ["a script complains"] = In(Script, "page: console", "can't go on 7", "let run = null;", "let run = null; console.error('can\\'t go on', 7);"),
        ["no strategy to choose"] = In(Page, "page: pick", "a strategy to choose, at '#strategy'", "id=\"strategy\"", "id=\"plan\""),
        ["no stock to pick"] = In(Page, "page: pick", "nothing on the page matches it; the page", "<input type=\"checkbox\" value=\"SP500\">", ""),
        ["a stock that can't be picked"] = In(Script, "page: pick", "in vain", "let run = null;", "let run = null; document.querySelector('input').onclick = e => e.preventDefault();"),
        ["start is disabled for ever"] = In(Script, "page: start", "the first is disabled", "at('start').disabled = !document.querySelector('input:checked')", "at('start').disabled = true"),
        ["start does nothing"] = In(Script, "page: start", "in vain", "at('start').addEventListener", "at('start').removeEventListener"),
        ["start is covered"] = In(Page, "page: start", "in vain", "<button id=\"start\"", "<div style='position:fixed;inset:60px 0 0 0;z-index:1'></div><button id=\"start\" style='position:fixed;top:200px'"),
        ["start hangs the page"] = In(Script, "page: start", "in vain", "const body =", "while (true) {}\nconst body ="),
        ["start calls a wrong address"] = In(Script, "page: start", "/api/start answered 404", "/api/backtest/start", "/api/start"),
        ["start is refused"] = new("page: start", "answered 400", (request, answer) => request.Is("/api/backtest/start") && request.Count == 2 ? answer with { Status = 400 } : answer),
        ["start gives no id"] = new("page: start", "no backtest_id", (request, answer) => request.Is("/api/backtest/start") && request.Count == 2 ? answer.Change(json => json.Remove("backtest_id")) : answer),
        ["the bar is stuck"] = In(Script, "page: progress", "in vain", "[0, 30, 70, 100]", "[0, 30, 70]"),
        ["the bar falls"] = In(Script, "page: bar never falls", "from 70 to 50", "[0, 30, 70, 100]", "[0, 30, 70, 50, 100]"),
        // Between two looks of ours the progress falls back, the bar does not show it, and the page itself was answered it.
        ["one poll of the page falls"] = new("page: polls never fall", "from 70 to 40", (request, answer) => request.Is(Script)
            ? answer.With(answer.Text.Replace("at('progress').value = value;", "at('progress').value = value; await fetch('/poll/' + run + '/' + value); if (value === 70) await fetch('/poll/' + run + '/40');", StringComparison.Ordinal))
            : Poll(request, answer)),
        ["one event of the page falls"] = new("page: polls never fall", "from 70 to 40", (request, answer) => request.Is(Script)
            ? answer.With(answer.Text.Replace("at('progress').value = value;", "at('progress').value = value; if (value === 70) await (await fetch('/events/' + run)).text();", StringComparison.Ordinal))
            : Poll(request, answer)),
        ["the bar falls and is stuck"] = In(Script, "page: bar never falls", "from 30 to 10", "[0, 30, 70, 100]", "[0, 30, 10]"),
        ["download is disabled for ever"] = In(Script, "page: download", "in vain", "at('download').disabled = false", "at('download').disabled = true"),
        ["download does nothing"] = In(Script, "page: download", "in vain", "link.click();", ""),
        ["download calls a wrong address"] = In(Script, "page: download", "answered 404", "/api/backtest/result/", "/api/backtest/results/"),
        ["download leads to a wrong address"] = In(Script, "page: download", "answered 404", "link.click();", "location.href = '/api/backtest/download?id=' + run;"),
        ["download fetches from a wrong address"] = In(Script, "page: download", "answered 404", "link.click();", "fetch('/api/backtest/download/' + run);"),
        ["download throws"] = In(Script, "page: download", "link.go is not a function", "link.click();", "link.go();"),
        ["download is cut"] = new("page: file length", "bytes", (request, answer) => request.Is(Result) && request.Count == 3 ? answer with { DeclaredLength = answer.Body.Length + 100 } : answer),
        ["download under another name"] = In(Script, "page: file name", "result.json", "link.href = '/api/backtest/result/' + run;\n  link.download = '';", "link.href = URL.createObjectURL(new Blob(['{}']));\n  link.download = 'result.json';"),
        ["download of no JSON"] = In(Script, "page file: JSON", "invalid", "link.href = '/api/backtest/result/' + run;\n  link.download = '';", "link.href = URL.createObjectURL(new Blob(['[object Object]']));\n  link.download = 'backtest-result-' + run + '.json';"),
        ["download of another run"] = new("page file: backtest_id value", "run-other", (request, answer) => request.Is(Result) && request.Count == 3 ? answer.Change(json => json["backtest_id"] = "run-other") : answer),
        ["download without a figure"] = new("page file: performance.win_rate", "missing", (request, answer) => request.Is(Result) && request.Count == 3 ? answer.Change(json => json["performance"]!.AsObject().Remove("win_rate")) : answer),
    };

    private static StubAnswer Poll(StubRequest request, StubAnswer answer)
    {
        if (request.Target.StartsWith($"/poll/{StubBacktestService.Id}/", StringComparison.Ordinal))
            return (answer with { Status = 200, ContentType = "application/json" }).With($"{{\"backtest_id\":\"{StubBacktestService.Id}\",\"progress\":{request.Target.Split('/')[^1]}}}");
        return request.Target == $"/events/{StubBacktestService.Id}"
            ? (answer with { Status = 200, ContentType = "text/event-stream" }).With("data: {\"progress\":70}\n\nid: 2\ndata: {\"progress\":40}\n\ndata: {\"progress\":100}\n\n")
            : answer;
    }

    private static PageFault At(string path, string check, string says, Func<StubAnswer, StubAnswer> change) =>
        new(check, says, (request, answer) => request.Is(path) ? change(answer) : answer);

    private static PageFault In(string path, string check, string says, string good, string wrong) => At(path, check, says, answer =>
        answer.Text.Contains(good, StringComparison.Ordinal)
            ? answer.With(answer.Text.Replace(good, wrong, StringComparison.Ordinal))
            : throw new InvalidOperationException($"the page has no '{good}' to make wrong"));
}
