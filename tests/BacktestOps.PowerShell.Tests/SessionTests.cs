using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Sessions;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests;

public sealed class SessionTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sessions_share_the_runner_of_a_home_and_the_last_one_closes_it()
    {
        var opened = new List<FakeBacktestApi>();
        var pool = new RunnerPool(_ =>
        {
            opened.Add(new FakeBacktestApi());
            return Task.FromResult<IBacktestApi>(opened[^1]);
        });
        var (one, two) = (new BacktestSession(pool), new BacktestSession(pool));

        var first = await one.GetApiAsync(null, Token);
        Assert.Same(first, await one.GetApiAsync(null, Token));
        Assert.Same(first, await two.GetApiAsync(null, Token));
        Assert.NotSame(first, await one.GetApiAsync("/other/prices", Token));

        await one.DisposeAsync();
        Assert.Equal([false, true], opened.Select(runner => runner.IsDisposed));
        await two.DisposeAsync();
        Assert.Equal([true, true], opened.Select(runner => runner.IsDisposed));
    }

    [Fact]
    public async Task A_runner_that_did_not_open_is_tried_again_at_the_next_use()
    {
        var failures = 1;
        var pool = new RunnerPool(_ => failures-- > 0
            ? Task.FromException<IBacktestApi>(new BacktestUnavailableException("The disk is full.", "Make room."))
            : Task.FromResult<IBacktestApi>(new FakeBacktestApi()));
        await using var session = new BacktestSession(pool);

        await Assert.ThrowsAsync<BacktestUnavailableException>(() => session.GetApiAsync(null, Token));

        Assert.IsType<FakeBacktestApi>(await session.GetApiAsync(null, Token));
    }

    [Fact]
    public void Closing_the_runspace_ends_its_connection()
    {
        var api = new FakeBacktestApi();

        using (new TestSession(api)) Assert.False(api.IsDisposed);

        Assert.True(api.IsDisposed);
    }

    [Fact]
    public void Removing_the_module_ends_the_connection()
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        session.Run("Remove-Module BacktestOps.PowerShell").WithoutErrors();

        Assert.True(api.IsDisposed);
        Assert.Null(session.State.Connection);
    }

    [Fact]
    public void A_connection_is_one_runspaces_own()
    {
        using var connected = new TestSession(new FakeBacktestApi());
        using var other = new TestSession();

        Assert.NotNull(connected.State.Connection);
        Assert.Null(other.State.Connection);
    }

    [Fact]
    public void Disconnecting_gives_the_session_its_embedded_runner_back()
    {
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        var connection = Assert.Single(session.Run("Disconnect-BacktestService; Get-BacktestService").WithoutErrors().As<ServiceConnection>());

        Assert.True(api.IsDisposed);
        Assert.Equal(ConnectionKind.Embedded, connection.Kind);
        Assert.Equal(Environment.GetEnvironmentVariable("BACKTESTOPS_HOME"), connection.Endpoint);
    }

    [Fact]
    public void A_connect_that_fails_leaves_the_connection_of_before()
    {
        using var nobody = new DeadPort();
        var api = new FakeBacktestApi();
        using var session = new TestSession(api);

        var error = session.Run($"Connect-BacktestService {nobody.Address}").Terminating;

        Assert.StartsWith("BacktestUnavailable,", error?.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ConnectionError, error!.CategoryInfo.Category);
        Assert.False(api.IsDisposed);
        Assert.Same(api, session.State.Connection?.Api);
    }

    [Theory]
    [InlineData("ftp://example.com")]
    [InlineData("127.0.0.1:3000")]
    [InlineData("/api")]
    public void What_is_no_address_of_a_service_does_not_bind(string uri)
    {
        using var session = new TestSession();

        Assert.NotNull(session.Run($"Connect-BacktestService '{uri}'").Terminating);
        Assert.NotNull(session.Run($"Test-DeploymentHealth '{uri}'").Terminating);
    }
}
