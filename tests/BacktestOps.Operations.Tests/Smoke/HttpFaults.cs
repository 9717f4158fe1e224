using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Smoke;

/// <summary>One way for a service to be wrong, and what the smoke test must say of it.</summary>
/// <param name="Check">The check that must fail; two where the network decides which, divided by a bar.</param>
/// <param name="Says">What its observed value or detail must contain.</param>
/// <param name="Change">Makes a good answer wrong.</param>
internal sealed record HttpFault(string Check, string Says, Func<StubRequest, StubAnswer, SteppingClock, StubAnswer> Change);

/// <summary>Services that are wrong in one thing each.</summary>
internal static class HttpFaults
{
    private const string Start = "/api/backtest/start";
    private const string Progress = "/api/backtest/progress";
    private const string Result = $"/api/backtest/result/{StubBacktestService.Id}";
    private const string Html = "<!doctype html><title>Welcome</title>";

    public static IReadOnlyDictionary<string, HttpFault> All { get; } = new Dictionary<string, HttpFault>
    {
        ["health is not there"] = At("/api/health", "health: HTTP status", "404", answer => answer with { Status = 404 }),
        ["health is unavailable"] = At("/api/health", "health: HTTP status", "503", answer => answer with { Status = 503 }),
        ["health is a web page"] = At("/api/health", "health: health document", "not a JSON document", answer => answer.With(Html)),
        ["health is degraded"] = At("/api/health", "health: status", "degraded", answer => answer.Change(json => json["status"] = "degraded")),
        ["health has a field twice"] = At("/api/health", "health: health document", "uplicate", answer => answer.With("""{"status":"down","status":"healthy"}""")),
        ["health of another version"] = At("/api/health", "health: version", "2.0.1", answer => answer.Change(json => json["version"] = "2.0.1")),
        ["health with a number for version"] = At("/api/health", "health: version", "a string was expected", answer => answer.Change(json => json["version"] = 2.0)),
        ["health without version"] = At("/api/health", "health: version", "missing", answer => answer.Change(json => json.Remove("version"))),
        ["health without services"] = At("/api/health", "health: services.database", "missing", answer => answer.Change(json => json.Remove("services"))),
        ["health without database"] = At("/api/health", "health: services.database", "disconnected", answer => answer.Change(json => json["services"]!["database"] = "disconnected")),
        ["health is cut"] = At("/api/health", "health: health document", "bytes", answer => answer with { DeclaredLength = 5000 }),
        ["health is slow"] = Slow("/api/health", "health: response time"),
        ["health hangs"] = Hang("/api/health", "health: HTTP status"),

        ["no symbols"] = At("/api/symbols", "start: symbols", "[]", answer => answer.With("[]")),
        ["symbols are broken"] = At("/api/symbols", "start: symbols", "500", answer => answer with { Status = 500 }),
        ["start breaks"] = At(Start, "start: HTTP status", "500", answer => answer with { Status = 500 }),
        ["start refuses"] = At(Start, "start: HTTP status", "unknown symbol", answer => (answer with { Status = 400 }).With("unknown symbol")),
        ["start redirects"] = At(Start, "start: HTTP status", "307", answer => answer with { Status = 307, Location = "/elsewhere" }),
        ["start closes the connection"] = At(Start, "start: HTTP status", "ended prematurely", answer => answer with { Close = true }),
        ["start hangs"] = Hang(Start, "start: HTTP status"),
        ["start accepts without id"] = At(Start, "start: backtest_id", "missing", answer => (answer with { Status = 202 }).Change(json => json.Remove("backtest_id"))),
        ["start gives a number for id"] = At(Start, "start: backtest_id", "17", answer => answer.Change(json => json["backtest_id"] = 17)),
        ["start gives an empty id"] = At(Start, "start: backtest_id", "\"\"", answer => answer.Change(json => json["backtest_id"] = "")),
        ["start gives a path for id"] = At(Start, "start: backtest_id", "../etc", answer => answer.Change(json => json["backtest_id"] = "../etc")),
        ["start answers a web page"] = At(Start, "start: backtest_id", "invalid start of a value", answer => answer.With(Html)),
        ["start is cut"] = At(Start, "start: backtest_id", "after", answer => answer with { DeclaredLength = 5000 }),

        ["progress falls"] = Looks("progress: never falls", "from 55 to 40", (55, "running"), (40, "running"), (100, "completed")),
        ["progress falls after the end"] = Looks("progress: never falls", "from 100 to 90", (50, "running"), (100, "completed"), (90, "completed")),
        ["progress is stuck"] = Looks("progress: completes", "last seen at 40", (40, "running")),
        ["progress is 100 while running"] = Looks("progress: 100 is completed", "'running'", (50, "running"), (100, "running"), (100, "completed")),
        ["progress completes early"] = Looks("progress: 100 is completed", "at 60", (50, "running"), (60, "completed")),
        ["the run fails"] = Looks("progress: completes", "'failed'", (50, "running"), (50, "failed")),
        ["the run is cancelled"] = Looks("progress: completes", "'cancelled'", (50, "running"), (50, "cancelled")),
        ["progress above 100"] = Looks("progress: answer", "not in 0 to 100", (50, "running"), (120, "running")),
        ["progress below 0"] = Looks("progress: answer", "not in 0 to 100", (-1, "running")),
        ["progress of another run"] = At(Progress, "progress: answer", "another run", answer => answer.Change(json => json["backtest_id"] = "run-other")),
        ["progress without id"] = At(Progress, "progress: answer", "'backtest_id' is missing", answer => answer.Change(json => json.Remove("backtest_id"))),
        ["progress as a string"] = At(Progress, "progress: answer", "no number", answer => answer.Change(json => json["progress"] = "55")),
        ["progress is null"] = At(Progress, "progress: answer", "no number", answer => answer.Change(json => json["progress"] = null)),
        ["progress is missing"] = At(Progress, "progress: answer", "'progress' is missing", answer => answer.Change(json => json.Remove("progress"))),
        ["progress without status"] = At(Progress, "progress: answer", "'status' is missing", answer => answer.Change(json => json.Remove("status"))),
        ["progress breaks"] = At(Progress, "progress: answer", "500", answer => answer with { Status = 500 }),
        ["progress forgets the run"] = At(Progress, "progress: answer", "404", answer => answer with { Status = 404 }),
        ["progress is a web page"] = At(Progress, "progress: answer", "text/html", answer => (answer with { ContentType = "text/html" }).With(Html)),
        ["progress hangs"] = Hang(Progress, "progress: answer"),

        ["the result is not there"] = At(Result, "result: HTTP status", "404", answer => answer with { Status = 404 }),
        ["the result is not ready"] = At(Result, "result: HTTP status", "409", answer => answer with { Status = 409 }),
        ["the result breaks"] = At(Result, "result: HTTP status", "500", answer => answer with { Status = 500 }),
        ["the result hangs"] = Hang(Result, "result: HTTP status"),
        ["the result is slow"] = Slow(Result, "result: response time"),
        ["another file name"] = At(Result, "result: file name", "result.json", answer => answer with { Disposition = "attachment; filename=\"result.json\"" }),
        ["a file name of another run"] = At(Result, "result: file name", "run-8", answer => answer with { Disposition = "attachment; filename=\"backtest-result-run-8.json\"" }),
        ["another file name for new clients"] = At(Result, "result: file name", "other.json", answer => answer with { Disposition = answer.Disposition + "; filename*=UTF-8''other.json" }),
        ["no file name"] = At(Result, "result: file name", "no Content-Disposition", answer => answer with { Disposition = null }),
        ["a result to look at"] = At(Result, "result: file name", "inline", answer => answer with { Disposition = answer.Disposition!.Replace("attachment", "inline", StringComparison.Ordinal) }),
        ["a result of another type"] = At(Result, "result: content type", "text/plain", answer => answer with { ContentType = "text/plain" }),
        ["a result of no type"] = At(Result, "result: content type", "application/json", answer => answer with { ContentType = null }),
        ["a web page as result"] = At(Result, "result: JSON", "none", answer => answer.With(Html)),
        ["an empty result"] = At(Result, "result: JSON", "0 bytes", answer => answer.With("")),
        ["a cut result"] = At(Result, "result: length", "after", answer => answer with { DeclaredLength = answer.Body.Length + 100 }),
        ["a cut result that says nothing of it"] = At(Result, "result: JSON", "end of data", answer => answer.With(answer.Text[..^20])),
        ["a reset in the middle"] = At(Result, "result: length|result: HTTP status", "", answer => answer with { ResetAfter = 40 }),
        ["a result with a field twice"] = At(Result, "result: JSON", "uplicate", answer => answer.With(answer.Text.Replace("\"status\"", "\"status\":\"failed\",\"status\"", StringComparison.Ordinal))),
        ["a result with NaN"] = At(Result, "result: JSON", "invalid", answer => answer.With(answer.Text.Replace("0.25", "NaN", StringComparison.Ordinal))),
        ["a result with something after it"] = At(Result, "result: JSON", "after a single JSON value", answer => answer.With(answer.Text + "{}")),
        ["a result that is not UTF-8"] = At(Result, "result: JSON", "not UTF-8", answer => answer with { Body = [.. answer.Body, 0xFF] }),
        ["a result of another run"] = At(Result, "result: backtest_id value", "run-other", answer => answer.Change(json => json["backtest_id"] = "run-other")),
        ["a result without id"] = At(Result, "result: backtest_id", "missing", answer => answer.Change(json => json.Remove("backtest_id"))),
        ["a result that is running"] = At(Result, "result: status value", "running", answer => answer.Change(json => json["status"] = "running")),
        ["a result without performance"] = At(Result, "result: performance.total_return", "missing", answer => answer.Change(json => json.Remove("performance"))),
        ["a return in quotes"] = Performance("total_return", "\"0.25\"", json => json["total_return"] = "0.25"),
        ["a return that is null"] = Performance("total_return", "null", json => json["total_return"] = null),
        ["no Sharpe ratio"] = Performance("sharpe_ratio", "missing", json => json.Remove("sharpe_ratio")),
        ["no drawdown"] = Performance("max_drawdown", "missing", json => json.Remove("max_drawdown")),
        ["half a trade"] = Performance("total_trades", "2.5", json => json["total_trades"] = 2.5),
        ["fewer trades than none"] = Performance("total_trades", "-1", json => json["total_trades"] = -1),
        ["no win rate"] = Performance("win_rate", "missing", json => json.Remove("win_rate")),
        ["a win rate that is a Boolean"] = Performance("win_rate", "true", json => json["win_rate"] = true),
        ["no results file"] = At(Result, "result: results_file", "null", answer => answer.Change(json => json["results_file"] = null)),
        ["a time that is none"] = At(Result, "result: completed_at", "yesterday", answer => answer.Change(json => json["completed_at"] = "yesterday")),
        ["a second download of other bytes"] = Again(answer => answer.With(answer.Text + " "), "other"),
        ["a second download that is gone"] = Again(answer => answer with { Status = 404 }, "404"),

        ["progress of a run that nobody started"] = Unknown(Progress, "unknown id: progress", "200", answer => answer with { Status = 200 }),
        ["progress breaks for an unknown id"] = Unknown(Progress, "unknown id: progress", "500", answer => answer with { Status = 500 }),
        ["a result of a run that nobody started"] = Unknown("/api/backtest/result", "unknown id: result", "200", answer => answer with { Status = 200 }),
    };

    private static HttpFault At(string path, string check, string says, Func<StubAnswer, StubAnswer> change) =>
        new(check, says, (request, answer, _) => request.Is(path) && !request.IsUnknownId ? change(answer) : answer);

    private static HttpFault Performance(string field, string says, Action<System.Text.Json.Nodes.JsonObject> change) =>
        At(Result, $"result: performance.{field}", says, answer => answer.Change(json => change(json["performance"]!.AsObject())));

    private static HttpFault Again(Func<StubAnswer, StubAnswer> change, string says) =>
        new("result: second download", says, (request, answer, _) => request.Is(Result) && request.Count == 2 ? change(answer) : answer);

    private static HttpFault Unknown(string path, string check, string says, Func<StubAnswer, StubAnswer> change) =>
        new(check, says, (request, answer, _) =>
            request.IsUnknownId && request.Target.StartsWith(path, StringComparison.Ordinal) ? change(answer) : answer);

    private static HttpFault Looks(string check, string says, params (double Progress, string Status)[] looks) =>
        new(check, says, (request, answer, _) => request.Is(Progress) && !request.IsUnknownId
            ? StubBacktestService.Progress(looks[Math.Min(request.Count, looks.Length) - 1].Progress, looks[Math.Min(request.Count, looks.Length) - 1].Status)
            : answer);

    private static HttpFault Slow(string path, string check) =>
        new(check, "6000 ms", (request, answer, clock) => request.Is(path) ? answer with { Before = () => clock.Advance(TimeSpan.FromSeconds(6)) } : answer);

    private static HttpFault Hang(string path, string check) =>
        new(check, "no whole answer came within 10 s", (request, answer, clock) =>
            request.Is(path) && !request.IsUnknownId ? answer with { Hang = true, Before = () => clock.Advance(TimeSpan.FromSeconds(11)) } : answer);
}
