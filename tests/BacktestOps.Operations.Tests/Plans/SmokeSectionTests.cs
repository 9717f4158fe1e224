using System.Text.Json;
using System.Text.Json.Nodes;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Smoke;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Plans;

/// <summary>What a plan leaves out of a page of its own is not made up.</summary>
public sealed class SmokeSectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_foreign_page_without_a_strategy_has_none_to_wait_for() =>
        Assert.Null(Read("""{ "page": { "pick": "#a", "start": "#b", "progress": "#c", "download": "#d" } }""").Page!.Strategy);

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{ "page": {} }""")]
    [InlineData("""{ "page": { "step_limit": "9s" } }""")]
    public void A_plan_without_selectors_means_this_project_s_own_page(string smoke)
    {
        var page = Read(smoke).Page!;
        Assert.Equal((new PagePlan().Pick, new PagePlan().Strategy), (page.Pick, page.Strategy));
    }

    [Fact]
    public void A_foreign_page_of_which_half_is_said_is_refused_with_the_rest()
    {
        var fault = Assert.Throws<InvalidPlanException>(() => Read("""{ "page": { "pick": "#a" } }"""));

        Assert.Equal(3, fault.Message.Split("is missing").Length - 1);
        foreach (var missing in (string[])["start", "progress", "download"]) Assert.Contains(missing, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_journey_of_a_plan_is_tried_without_a_deployment_and_its_root_is_not_touched()
    {
        using var service = new StubBacktestService();
        Read("""{ "start": { "symbols": [ "SP500" ], "strategy": "SmaCross" }, "page": false }""");

        var tried = PlannedJourney.Read(_folder["deployment.json"]);
        var report = await new SmokeTest(new BacktestOps.Operations.Evidence.ArtifactStore(_folder["evidence"], tried.Redactor)).RunAsync(
            tried.Journey with { Address = service.Address }, TestContext.Current.CancellationToken);

        Assert.Null(report.Reason);
        Assert.Equal(Verdict.Pass, report.Verdict);
        Assert.Contains(service.Requests, request => request.Is("/api/backtest/start") && request.Body.Contains("SmaCross", StringComparison.Ordinal));
        Assert.False(Directory.Exists(_folder["root"]));
    }

    [Fact]
    public void A_plan_without_a_journey_says_so()
    {
        Write(plan => plan["smoke"] = false);
        Assert.Equal("SmokeMissing", Assert.Throws<DeploymentException>(() => PlannedJourney.Read(_folder["deployment.json"])).ErrorId);
    }

    private SmokeSettings Read(string smoke)
    {
        Write(plan => plan["smoke"] = JsonNode.Parse(smoke));
        return PlanReader.Read(_folder["deployment.json"]).Smoke!;
    }

    private void Write(Action<JsonObject> change)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var plan = JsonNode.Parse(PlanTemplates.Text("NodeBacktestService"), documentOptions: options)!.AsObject();
        plan["root"] = _folder["root"];
        plan["health"]!["fields"] = new JsonObject { ["status"] = "healthy" };
        change(plan);
        File.WriteAllText(_folder["deployment.json"], plan.ToJsonString());
    }
}
