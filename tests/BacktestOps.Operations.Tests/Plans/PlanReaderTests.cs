using System.Text;
using System.Text.Json;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Tests.Plans;

public class PlanReaderTests
{
    private const string Good =
        """
        { // a comment
          "name": "svc",
          "root": "deploy",
          "source": { "git": "repo" },
          "service": { "start": ["node", "a.js"], "port": 3000 },
          "health": { "fields": { "status": "healthy", "n": 1, "ok": true, "none": null } },
          "smoke": false,
        }
        """;

    private static readonly string File = Path.GetFullPath("plans/deployment.json");

    [Fact]
    public void A_plan_with_comments_is_read_and_its_paths_are_relative_to_its_folder()
    {
        var plan = Read(Good);

        Assert.Equal(Path.GetFullPath("plans/deploy"), plan.Root);
        Assert.Equal(Path.GetFullPath("plans/repo"), plan.Source.Git);
        Assert.Equal("v{version}", plan.Source.Tag);
        Assert.Equal(["healthy", 1m, true, null], plan.Health.Fields.Values);
        Assert.Null(plan.Smoke);
        Assert.Equal(64, plan.Digest.Length);
    }

    [Theory]
    [InlineData("https://git.example.com/a.git")]
    [InlineData("git@example.com:team/a.git")]
    [InlineData("ssh://host/a")]
    public void An_address_of_a_repository_stays_as_it_is(string git) => Assert.Equal(git, Read(Good.Replace("\"repo\"", $"\"{git}\"", StringComparison.Ordinal)).Source.Git);

    [Theory]
    [MemberData(nameof(PlanFaults.Cases), MemberType = typeof(PlanFaults))]
    public void A_fault_is_named_with_its_line(string name)
    {
        var (find, replace, line, says) = PlanFaults.All[name];
        Assert.Contains(find, Good, StringComparison.Ordinal);

        var error = Assert.Throws<InvalidPlanException>(() => Read(Good.Replace(find, replace, StringComparison.Ordinal)));

        Assert.Contains(error.Faults, fault => fault.Line == line && fault.ToString().Contains(says, StringComparison.Ordinal));
        Assert.Contains($"line {line}", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.RecommendedAction);
    }

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var error = Assert.Throws<InvalidPlanException>(() => Read(
            """
            {
              "nam": "svc",
              "source": { "git": "a", "zip": "b" },
              "service": { "start": "node", "port": "3000", "stop_timeout": "10" },
              "keep": 0
            }
            """));

        Assert.Equal([1, 1, 1, 1, 2, 3, 3, 3, 4, 4, 4, 5], error.Faults.Select(fault => fault.Line));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named_and_so_is_what_writes_one()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");

        var error = Assert.Throws<PlanNotFoundException>(() => PlanReader.Read(file));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains("New-DeploymentPlan", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BacktestService")]
    [InlineData("nodebacktestservice")]
    public void A_template_is_a_plan_that_can_be_read(string name)
    {
        var plan = PlanReader.Read(Encoding.UTF8.GetBytes(PlanTemplates.Text(name)), File);

        Assert.NotNull(plan.Smoke!.StartBody);
        Assert.Contains("{version}", plan.Health.Fields["version"] as string, StringComparison.Ordinal);
        Assert.NotEmpty(plan.Files);
    }

    [Fact]
    public void The_template_of_the_node_service_says_what_today_s_checklist_says()
    {
        var plan = PlanReader.Read(Encoding.UTF8.GetBytes(PlanTemplates.Text("NodeBacktestService")), File);

        Assert.Equal(["node", "backend/server.js"], plan.Service.Start);
        Assert.Equal((3000, "v{version}"), (plan.Service.Port, plan.Source.Tag));
        Assert.Equal(
            ["frontend/pages/specific-stock-selection.html", "package.json", "RELEASE_NOTES.md", "backend/", "py_backtest/"], plan.Files.Select(file => file.Path));
        Assert.Equal(
            new Dictionary<string, object?> { ["status"] = "healthy", ["version"] = "{version}", ["services.database"] = "connected", ["services.python_worker"] = "ready" },
            plan.Health.Fields);
        Assert.Equal(TimeSpan.FromSeconds(5), plan.Smoke!.ResponseTimeLimit);
    }

    [Fact]
    public void The_published_schema_has_the_keys_that_are_read_and_no_others()
    {
        using var schema = JsonDocument.Parse(System.IO.File.ReadAllBytes(SchemaPath()));
        var wrong = new List<string>();
        foreach (var (path, keys) in SchemaKeys(schema.RootElement, ""))
        {
            // A key that is not known is named with the known ones, or with one that is near: an odd one gets them all.
            var plan = path.Split('.', StringSplitOptions.RemoveEmptyEntries).Reverse().Aggregate("{ \"xxxxxxxxxxxxxxxxxxxxxx\": 1 }", Wrap);
            var error = Assert.Throws<InvalidPlanException>(() => Read(plan));
            var fault = error.Faults.Single(fault => fault.Detail.Contains("xxxxxxxxxxxxxxxxxxxxxx", StringComparison.Ordinal));
            var known = fault.Hint!["known: ".Length..].Split(", ").Order(StringComparer.Ordinal);
            if (!known.SequenceEqual(keys.Order(StringComparer.Ordinal))) wrong.Add($"{path}: read [{string.Join(' ', known)}], schema [{string.Join(' ', keys)}]");
        }

        Assert.Empty(wrong);

        static string Wrap(string inner, string key) => key.EndsWith("[]", StringComparison.Ordinal) ? $"{{ \"{key[..^2]}\": [ {inner} ] }}" : $"{{ \"{key}\": {inner} }}";
    }

    private static IEnumerable<(string Path, List<string> Keys)> SchemaKeys(JsonElement schema, string path)
    {
        if (schema.TryGetProperty("oneOf", out var choices))
        {
            foreach (var choice in choices.EnumerateArray())
            {
                foreach (var found in SchemaKeys(choice, path)) yield return found;
            }
        }

        if (schema.TryGetProperty("items", out var items))
        {
            foreach (var found in SchemaKeys(items, path + "[]")) yield return found;
        }

        if (!schema.TryGetProperty("properties", out var properties)) yield break;
        yield return (path, [.. properties.EnumerateObject().Select(property => property.Name)]);
        foreach (var property in properties.EnumerateObject())
        {
            foreach (var found in SchemaKeys(property.Value, $"{path}.{property.Name}")) yield return found;
        }
    }

    private static string SchemaPath()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "module", "BacktestOps", "schemas", "deployment.schema.json");
            if (System.IO.File.Exists(path)) return path;
        }

        throw new FileNotFoundException("the schema is not above the tests");
    }

    private static DeploymentPlan Read(string text) => PlanReader.Read(Encoding.UTF8.GetBytes(text), File);
}
