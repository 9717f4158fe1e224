using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

/// <summary>What a rollback asks before it gives up what was accepted, and what Ctrl+C leaves behind.</summary>
public sealed class RollbackQuestionTests : IDisposable
{
    private const int Yes = 0, NotContinue = 1;

    private readonly TestSession _session = new();
    private readonly DeploymentRoot _root;
    private readonly List<string> _asked = [];

    public RollbackQuestionTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
        _root = new DeploymentRoot(_session.Folder);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _root?.Dispose();
        _session.Dispose();
    }

    [Fact]
    public void What_was_accepted_while_the_question_stood_is_asked_for_and_a_no_leaves_everything_as_it_was()
    {
        DeployTwice();
        AnswerWhileAccepting(last: NotContinue);

        var run = _session.Run("Invoke-Rollback -RestoreDatabase");

        Assert.Equal(DeploymentOutcome.RolledBack, Assert.Single(run.As<Deployment>()).Outcome);
        Assert.Contains("RestoreNotConfirmed: 5 of accepted entries would be given up", Assert.Single(run.Errors).ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal(2, _asked.Count);
        Assert.Contains("3", _asked[0], StringComparison.Ordinal);
        Assert.Contains("5", _asked[1], StringComparison.Ordinal);
        Assert.Equal(15, _root.Count());
        Assert.Equal("000002-1.1.0", Assert.Single(_session.Run("Get-Deployment -Current").WithoutErrors().As<Deployment>()).Live);
    }

    [Fact]
    public void A_yes_gives_it_up()
    {
        DeployTwice();
        AnswerWhileAccepting(last: Yes);

        var back = Assert.Single(_session.Run("Invoke-Rollback -RestoreDatabase").WithoutErrors().As<Deployment>());

        Assert.Equal((DeploymentOutcome.Succeeded, "000001-1.0.0"), (back.Outcome, back.Live));
        Assert.Equal((2, 10L), (_asked.Count, _root.Count()));
    }

    [Fact]
    public void Force_asks_no_second_time()
    {
        DeployTwice();
        AnswerWhileAccepting(last: NotContinue);

        _session.Run("Invoke-Rollback -RestoreDatabase -Force").WithoutErrors();

        Assert.Single(_asked);
        Assert.Equal(10, _root.Count());
    }

    [Fact]
    public async Task Ctrl_C_in_a_build_ends_promptly_leaves_what_was_live_and_the_lock_free()
    {
        var archives = (_root.Archive("1.0.0"), _root.Archive("1.1.0"));
        _root.WritePlan(archives.Item1, archives.Item2);
        _session.Run("Invoke-Deployment 1.0.0").WithoutErrors();
        var (started, pipe) = (Path.Combine(_session.Folder, "started"), Path.Combine(_session.Folder, "never"));
        _root.Build = [["sh", "-c", $"mkfifo '{pipe}'; echo $$ > '{started}'; read nothing < '{pipe}'"]];
        _root.WritePlan(archives.Item1, archives.Item2);

        using var pipeline = System.Management.Automation.PowerShell.Create(_session.Runspace);
        pipeline.AddScript("Invoke-Deployment 1.1.0");
        var running = pipeline.BeginInvoke();
        while (!File.Exists(started)) Assert.False(running.AsyncWaitHandle.WaitOne(10), "The deployment ended before its build began.");
        await pipeline.StopAsync(null, null).WaitAsync(TimeSpan.FromSeconds(30), Token);

        var current = Assert.Single(_session.Run("$null = Resume-Deployment; Get-Deployment -Current").WithoutErrors().As<Deployment>());
        Assert.Equal("000001-1.0.0", current.Live);
        _root.Build = [];
        _root.WritePlan(archives.Item1, archives.Item2);
        Assert.Equal(DeploymentOutcome.Succeeded, Assert.Single(_session.Run("Invoke-Deployment 1.1.0").WithoutErrors().As<Deployment>()).Outcome);
    }

    private void DeployTwice()
    {
        _root.Accept(10);
        _root.WritePlan(_root.Archive("1.0.0"), _root.Archive("1.1.0"));
        _session.Run("Invoke-Deployment 1.0.0").WithoutErrors();
        _session.Run("Invoke-Deployment 1.1.0").WithoutErrors();
        _root.Accept(3);
    }

    // Two more arrive between the question and its answer.
    private void AnswerWhileAccepting(int last) => _session.Host.Answer = question =>
    {
        _asked.Add(question);
        if (_asked.Count > 1) return last;
        _root.Accept(2);
        return Yes;
    };
}
