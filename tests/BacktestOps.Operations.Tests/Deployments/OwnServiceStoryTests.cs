using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Rollback;
using BacktestOps.Operations.Services;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Deployments;

/// <summary>This project's own service as the target: tagged in a repository, built by dotnet publish, by the plan's own template.</summary>
public sealed class OwnServiceStoryTests : IAsyncDisposable
{
    private static readonly string[] Sources = ["BacktestOps.Contracts", "BacktestOps.Engine", "BacktestOps.Runs", "BacktestOps.Service"];
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePorts.Take();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Our_own_service_is_published_deployed_taken_over_and_gone_back_to_with_its_database()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
        using var turn = await Browsers.TakeTurnAsync();
        await MakeRepositoryAsync();
        var deployer = new Deployer(Plan(), new DeploymentTools());

        var first = await deployer.DeployAsync(new DeployRequest { Version = "1.0.0" }, cancellationToken: Token);
        Assert.True(first.Outcome == DeploymentOutcome.Succeeded, first.Reason);
        var second = await deployer.DeployAsync(new DeployRequest { Version = "1.1.0" }, cancellationToken: Token);
        Assert.True(second.Outcome == DeploymentOutcome.Succeeded, second.Reason);
        Assert.Equal("1.1.0", await VersionAsync());
        Assert.Contains("runs ", second.Steps.Single(step => step.Name == "backup").Detail, StringComparison.Ordinal);

        // The journeys through 1.1.0 were accepted after the backup: that is what going back with the database gives up.
        var preview = deployer.PreviewRollback(new RollbackRequest { RestoreDatabase = true });
        Assert.Equal(2, preview.Accepted);
        var back = await deployer.RollBackAsync(
            new RollbackRequest { RestoreDatabase = true, ConfirmLoss = loss => Task.FromResult(loss.Accepted == 2) }, cancellationToken: Token);
        Assert.True(back.Outcome == DeploymentOutcome.Succeeded, back.Reason);
        Assert.Equal("1.0.0", await VersionAsync());
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"build {second.Steps.Single(step => step.Name == "build").Duration}, gap of the deployment {second.Gap}, of the rollback {back.Gap}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(_folder["deployment.json"]))
        {
            var plan = PlanReader.Read(_folder["deployment.json"]);
            await ServiceHosts.For(plan, new DeploymentLayout(plan), new DeploymentTools()).StopAsync(CancellationToken.None);
        }

        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)) File.SetAttributes(file, FileAttributes.Normal);
        _folder.Dispose();
    }

    private DeploymentPlan Plan()
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var plan = JsonNode.Parse(PlanTemplates.Text("BacktestService"), documentOptions: options)!.AsObject().Patient();
        plan["root"] = _folder["root"];
        plan["source"]!["git"] = "file://" + _folder["repository"];
        plan["service"]!["port"] = _port;
        plan["service"]!["start"]![3] = $"http://127.0.0.1:{_port}";
        // What the project's own build checks is not checked again; restored and compiled is for both versions in one place.
        foreach (var argument in (string[])["-p:RunAnalyzers=false", $"-p:ArtifactsPath={_folder["artifacts"]}", "-nodeReuse:false"])
            plan["build"]![0]!["run"]!.AsArray().Add(argument);
        plan["database"]!["path"] = Path.Combine(_folder["root"], "shared", "data", "runs.db");
        File.WriteAllText(_folder["deployment.json"], plan.ToJsonString());
        return PlanReader.Read(_folder["deployment.json"]);
    }

    private async Task MakeRepositoryAsync()
    {
        var (root, repository) = (RootOfTheProject(), _folder["repository"]);
        foreach (var file in (string[])["Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig"]) CopyFile(Path.Combine(root, file), Path.Combine(repository, file));
        foreach (var source in Sources)
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, "src", source), "*", SearchOption.AllDirectories))
                CopyFile(file, Path.Combine(repository, Path.GetRelativePath(root, file)));
        }

        await GitAsync("init", "--quiet");
        await GitAsync("add", "--all");
        await GitAsync("-c", "user.name=Fixture", "-c", "user.email=fixture@example.invalid", "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "Release");
        await GitAsync("tag", "v1.0.0");
        await GitAsync("tag", "v1.1.0");
    }

    private async Task GitAsync(params string[] arguments)
    {
        Directory.CreateDirectory(_folder["repository"]);
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = _folder["repository"] })!;
        await git.WaitForExitAsync(Token);
        Assert.Equal(0, git.ExitCode);
    }

    private async Task<string?> VersionAsync()
    {
        using var http = new HttpClient();
        using var health = JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/api/health"), Token));
        return health.RootElement.GetProperty("version").GetString();
    }

    private static void CopyFile(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
    }

    private static string RootOfTheProject()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "BacktestOps.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("the project is not above the tests");
    }
}
