using System.Diagnostics;

namespace BacktestOps.Operations.Tests.Fixtures;

public sealed class LeftoversTests
{
    [Fact]
    public async Task What_a_killed_test_run_left_in_a_session_of_its_own_is_ended_and_nothing_else()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Marks are read from /proc, which only Linux has.");
        var (mark, token) = (Guid.NewGuid().ToString("N"), TestContext.Current.CancellationToken);
        using var guard = Leftovers.Guard(mark);
        using var left = await StartAsync(mark, token);
        using var other = await StartAsync(mark + "0", token);

        // As the kernel does it when the test process is gone.
        guard.StandardInput.Close();

        await left.WaitForExitAsync(token);
        await guard.WaitForExitAsync(token);
        Assert.False(other.HasExited);
        other.Kill(entireProcessTree: true);
        await other.WaitForExitAsync(token);
    }

    private static async Task<Process> StartAsync(string mark, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("setsid", ["sh", "-c", "echo up; while :; do sleep 600; done"]) { RedirectStandardOutput = true };
        Leftovers.Put(start, mark);
        var process = Process.Start(start)!;
        // While setsid becomes the shell, its environment reads as empty.
        Assert.Equal("up", await process.StandardOutput.ReadLineAsync(cancellationToken));
        return process;
    }
}
