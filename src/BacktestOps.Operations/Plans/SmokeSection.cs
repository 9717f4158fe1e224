using System.Text;
using System.Text.Json;
using BacktestOps.Operations.Smoke;

namespace BacktestOps.Operations.Plans;

/// <summary>Reads the section of a plan that says what the smoke journey tries.</summary>
internal static class SmokeSection
{
    private const string Choice = "strategy";
    private static readonly string[] Selectors = ["pick", Choice, "start", "progress", "download"];

    public static SmokeSettings Read(PlanObject smoke)
    {
        var usual = new SmokeSettings();
        var settings = new SmokeSettings
        {
            StartBody = Body(smoke),
            SendIdempotencyKey = smoke.Flag("idempotency_key") ?? false,
            Endpoints = Endpoints(smoke.Object("endpoints")),
            Page = Page(smoke),
            ResponseTimeLimit = smoke.Time("response_time_limit") ?? usual.ResponseTimeLimit,
            TimeLimit = smoke.Time("time_limit") ?? usual.TimeLimit,
        };
        smoke.Close();
        return settings;
    }

    private static string? Body(PlanObject smoke)
    {
        if (smoke.Find("start") is not { } start) return null;
        if (start.Kind != JsonValueKind.Object)
        {
            smoke.Fault(start, $"{start.Describe} stands where an object must", "what is posted to start a backtest: { \"symbols\": [ \"SP500\" ], \"strategy\": \"SmaCross\" }");
            return null;
        }

        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text)) start.WriteTo(writer);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static SmokeEndpoints Endpoints(PlanObject? endpoints)
    {
        var usual = new SmokeEndpoints();
        if (endpoints is null) return usual;
        var read = new SmokeEndpoints
        {
            Health = usual.Health,
            Start = PathOf(endpoints, "start", usual.Start),
            Progress = PathOf(endpoints, "progress", usual.Progress, withId: true),
            Result = PathOf(endpoints, "result", usual.Result, withId: true),
            Symbols = PathOf(endpoints, "symbols", usual.Symbols),
        };
        endpoints.Close();
        return read;
    }

    private static PagePlan? Page(PlanObject smoke)
    {
        if (smoke.Find("page") is not { } node) return new PagePlan();
        if (node.Kind == JsonValueKind.False) return null;
        var (page, usual) = (smoke.Child(node), new PagePlan());
        // The page of this project needs no word. Of any other the plan says what there is: what it leaves out is not waited for.
        var isOwn = !Selectors.Any(name => page.Find(name) is not null);
        if (!isOwn)
        {
            foreach (var name in Selectors.Where(name => name != Choice && page.Find(name) is null))
                page.Fault(name, $"'{name}' is missing", $"the plan gives selectors of a page of its own, so it gives all of {string.Join(", ", Selectors.Where(one => one != Choice))}; {Choice} where the page has one");
        }

        var read = new PagePlan
        {
            Path = PathOf(page, "path", usual.Path),
            Pick = page.Text("pick") ?? usual.Pick,
            Strategy = page.Find(Choice) is { Kind: JsonValueKind.False } ? null : page.Text(Choice) ?? (isOwn ? usual.Strategy : null),
            Start = page.Text("start") ?? usual.Start,
            Progress = page.Text("progress") ?? usual.Progress,
            Download = page.Text("download") ?? usual.Download,
            StepLimit = page.Time("step_limit") ?? usual.StepLimit,
        };
        page.Close();
        return read;
    }

    private static string PathOf(PlanObject owner, string key, string usual, bool withId = false)
    {
        var path = owner.Text(key) ?? usual;
        if (!path.StartsWith('/')) owner.Fault(key, $"'{path}' does not begin with '/'", $"for example \"{usual}\"");
        if (withId && !path.Contains("{id}", StringComparison.Ordinal)) owner.Fault(key, $"'{path}' does not contain {{id}}", $"for example \"{usual}\"");
        return path;
    }
}
