using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

public sealed class TestDeploymentHealthTests
{
    private const string Healthy = """{ "status": "healthy", "version": "1", "n": 3, "services": { "database": "connected" } }""";

    [Fact]
    public void Without_Field_status_and_database_are_asserted()
    {
        using var service = new StubService(Healthy);
        using var session = new TestSession();

        var checks = session.Run($"Test-DeploymentHealth {service.Address}").WithoutErrors().As<CheckResult>();

        Assert.Equal(
            [("HTTP status", Verdict.Pass), ("services.database", Verdict.Pass), ("status", Verdict.Pass)],
            checks.Select(check => (check.Name, check.Verdict)));
    }

    [Theory]
    [InlineData("@{ n = 3 }", true)]
    [InlineData("@{ n = '3' }", false)]
    [InlineData("@{ n = 4 }", false)]
    [InlineData("@{ missing = $null }", false)]
    [InlineData("@{ 'services.database' = 'connected'; n = 3.0 }", true)]
    [InlineData("([ordered]@{ n = 3; status = 'healthy' })", true)]
    [InlineData("@{}", true)]
    public void Quiet_is_one_Boolean_that_is_true_only_when_all_passed_type_strictly(string field, bool expected)
    {
        using var service = new StubService(Healthy);
        using var session = new TestSession();

        var answer = session.Run($"Test-DeploymentHealth {service.Address} -Quiet -Field {field}").WithoutErrors().As<bool>();

        Assert.Equal([expected], answer);
    }

    [Theory]
    [InlineData(Healthy, 503, false)]
    [InlineData("""{ "status": "unhealthy", "services": { "database": "connected" } }""", 200, false)]
    [InlineData("<html>", 200, false)]
    public void Quiet_is_false_for_every_way_of_not_being_healthy(string body, int status, bool expected)
    {
        using var service = new StubService(body, status);
        using var session = new TestSession();

        Assert.Equal([expected], session.Run($"Test-DeploymentHealth {service.Address} -Quiet").WithoutErrors().As<bool>());
    }

    [Fact]
    public void A_service_that_is_down_is_a_result_and_no_error()
    {
        using var nobody = new DeadPort();
        using var session = new TestSession();

        var checks = session.Run($"Test-DeploymentHealth {nobody.Address}").WithoutErrors().As<CheckResult>();
        var quiet = session.Run($"Test-DeploymentHealth {nobody.Address} -Quiet").WithoutErrors().As<bool>();

        Assert.Equal([Verdict.Fail, Verdict.Inconclusive, Verdict.Inconclusive], checks.Select(check => check.Verdict));
        Assert.Equal([false], quiet);
    }

    [Fact]
    public void Several_addresses_give_one_Boolean_each_and_objects_with_a_Uri_can_be_piped()
    {
        using var service = new StubService(Healthy);
        using var nobody = new DeadPort();
        using var session = new TestSession();

        var answers = session.Run(
            $"[pscustomobject]@{{ Uri = '{service.Address}' }}, [pscustomobject]@{{ Uri = '{nobody.Address}' }} | Test-DeploymentHealth -Quiet");

        Assert.Equal([true, false], answers.WithoutErrors().As<bool>());
    }

    [Fact]
    public void Without_an_address_and_a_connection_it_says_what_to_do()
    {
        using var session = new TestSession();

        var error = session.Run("Test-DeploymentHealth").Terminating;

        Assert.StartsWith("NotConnected,", error?.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Connect-BacktestService", error!.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@{ 'a..b' = 1 }")]
    [InlineData("@{ a = (1, 2) }")]
    public void A_field_that_can_not_be_asserted_ends_the_command_before_anything_is_asked(string field)
    {
        using var session = new TestSession();

        var outcome = session.Run($"Test-DeploymentHealth http://127.0.0.1:1 -Field {field}");

        Assert.StartsWith("FieldExpectationInvalid,", outcome.Terminating?.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }
}
