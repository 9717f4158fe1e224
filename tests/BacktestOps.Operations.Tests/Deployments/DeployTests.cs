using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Rollback;

namespace BacktestOps.Operations.Tests.Deployments;

public class DeployTests
{
    [Fact]
    public async Task A_first_release_is_brought_up_verified_and_recorded()
    {
        await using var rig = new Rig().Version("1.0.0").WithDatabase(10);

        var deployment = await rig.DeployAsync("1.0.0");

        Assert.True(deployment.Outcome == DeploymentOutcome.Succeeded, deployment.Reason);
        Assert.Equal(("000001-1.0.0", Verdict.Pass, true), (deployment.Live, deployment.Verdict, deployment.IsCurrent));
        Assert.Equal(["preflight", "backup", "fetch", "files", "stop", "switch", "start", "health", "smoke", "record"], deployment.Steps.Select(step => step.Name));
        Assert.All(deployment.Steps, step => Assert.True(step.Succeeded && step.Duration is not null, step.Name));
        await rig.AssertSoundAsync("1.0.0");
    }

    [Fact]
    public async Task The_next_release_takes_over_and_the_one_before_is_gone_back_to()
    {
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0").WithDatabase(10);
        await rig.DeployAsync("1.0.0");
        var old = Assert.Single(await rig.MembersAsync());

        var second = await rig.DeployAsync("1.1.0");

        Assert.True(second.Outcome == DeploymentOutcome.Succeeded, second.Reason);
        Assert.False(old.Identity.IsAlive());
        Assert.NotNull(second.Gap);
        await rig.AssertSoundAsync("1.1.0");

        var back = await rig.Deployer().RollBackAsync(new RollbackRequest { Reason = "just because" }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(back.Outcome == DeploymentOutcome.Succeeded, back.Reason);
        Assert.Equal("just because", back.Reason);
        await rig.AssertSoundAsync("1.0.0");
        Assert.True(rig.Deployer().List()[1].IsBad);
        var again = Assert.Throws<DeploymentException>(() => rig.Deployer().PreviewRollback(new RollbackRequest()));
        Assert.Equal("NothingToGoBackTo", again.ErrorId);
    }

    [Fact]
    public async Task What_is_shown_before_a_deployment_is_what_it_then_does()
    {
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0").WithDatabase(10);
        await rig.DeployAsync("1.0.0");

        var preview = rig.Deployer().PreviewDeployment(new DeployRequest { Version = "1.1.0" });
        Assert.Single(rig.Deployer().List());
        Assert.Equal("VersionInvalid", Assert.Throws<DeploymentException>(() => rig.Deployer().PreviewDeployment(new DeployRequest { Version = "../1" })).ErrorId);
        var second = await rig.DeployAsync("1.1.0");

        Assert.True(second.Outcome == DeploymentOutcome.Succeeded, second.Reason);
        Assert.Equal(("000001-1.0.0", second.Release), (preview.Live, preview.Release));
        Assert.StartsWith("take the lock", preview.Steps[0], StringComparison.Ordinal);
        Assert.Equal("where one of these fails: go back to 000001-1.0.0", preview.Steps[^1]);
        Assert.Equal(second.Steps.Select(step => step.Name), preview.Steps.Skip(1).SkipLast(1).Select(StepOf));
    }

    [Fact]
    public async Task What_is_shown_of_a_source_has_no_password_in_it_and_its_placeholders_are_filled()
    {
        await using var rig = new Rig().Version("1.0.0");
        var plan = rig.Read();
        plan = plan with
        {
            Source = plan.Source with { Git = "https://kim:hunter2@git.example.com/app.git", Tag = "v{version}", Zip = null },
            Build = [new BuildCommand(["make", "VERSION={version}", "-C", "{release}"], TimeSpan.FromMinutes(1))],
        };

        var steps = new Deployer(plan, rig.Tools).PreviewDeployment(new DeployRequest { Version = "1.0.0" }).Steps;

        var folder = new DeploymentLayout(plan).ReleaseFolder("000001-1.0.0");
        Assert.Contains($"fetch the tag 'v1.0.0' of 'https://git.example.com/app.git' to '{folder}'", steps);
        Assert.Contains($"build it with 'make VERSION=1.0.0 -C {folder}' (up to 60 s)", steps);
        Assert.DoesNotContain(steps, step => step.Contains("hunter2", StringComparison.Ordinal));
    }

    private static string StepOf(string said) => said.Split(' ') switch
    {
        ["check", "the", ..] => "preflight",
        ["measure", ..] => "baseline",
        ["back", "up", ..] => "backup",
        ["fetch" or "unpack", ..] => "fetch",
        ["build", ..] => "build",
        ["check", _, "required", ..] => "files",
        ["point", ..] => "switch",
        ["wait", ..] => "health",
        ["make", ..] => "smoke",
        [var first, ..] => first,
        _ => said,
    };

    [Theory]
    [InlineData("start", "exit", "ServiceExited")]
    [InlineData("version", "9.9.9", "VersionMismatch")]
    [InlineData("journey", "broken", "SmokeFailed")]
    public async Task A_release_that_fails_is_taken_back_by_itself(string setting, string value, string reason)
    {
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0", (setting, value)).WithDatabase(10);
        await rig.DeployAsync("1.0.0");

        var failed = await rig.DeployAsync("1.1.0");

        Assert.Equal(DeploymentOutcome.RolledBack, failed.Outcome);
        Assert.StartsWith(reason, failed.Reason, StringComparison.Ordinal);
        Assert.NotNull(failed.Action);
        Assert.True(failed.IsBad);
        await rig.AssertSoundAsync("1.0.0");
        Assert.Equal(["000001-1.0.0"], Directory.EnumerateDirectories(rig.Layout.Releases).Select(Path.GetFileName));
    }
}
