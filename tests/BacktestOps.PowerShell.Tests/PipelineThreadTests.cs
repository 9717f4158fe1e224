using BacktestOps.PowerShell.Pipeline;

namespace BacktestOps.PowerShell.Tests;

public sealed class PipelineThreadTests
{
    [Fact]
    public void Every_continuation_comes_back_to_the_calling_thread()
    {
        var caller = Environment.CurrentManagedThreadId;
        var seen = new List<int>();

        PipelineThread.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
            {
                await Task.Run(() => Assert.NotEqual(caller, Environment.CurrentManagedThreadId));
                seen.Add(Environment.CurrentManagedThreadId);
            }
        });

        Assert.Equal(Enumerable.Repeat(caller, 5), seen);
    }

    [Fact]
    public void An_exception_keeps_its_type_and_the_context_of_before_is_back()
    {
        var before = new SynchronizationContext();
        var saved = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(before);
        try
        {
            Assert.Throws<FormatException>(() => PipelineThread.Run(async () =>
            {
                await Task.Yield();
                throw new FormatException();
            }));

            Assert.Same(before, SynchronizationContext.Current);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(saved);
        }
    }

    [Fact]
    public void Other_code_that_blocks_on_asynchronous_work_of_its_own_does_not_wait_for_the_thread_it_blocks()
    {
        var finished = false;

        PipelineThread.Run(async () =>
        {
            await Task.Yield();
            using (PipelineThread.StepOut()) BlockOnWork().GetAwaiter().GetResult();
            await Task.Yield();
            finished = true;
        });

        Assert.True(finished);

        static async Task BlockOnWork() => await Task.Run(() => { });
    }

    [Fact]
    public async Task A_leftover_of_work_that_has_ended_runs_elsewhere()
    {
        var gate = new TaskCompletionSource();
        Task? leftover = null;

        await Task.Run(() => PipelineThread.Run(async () =>
        {
            leftover = WaitForGate();
            await Task.Yield();
        }), TestContext.Current.CancellationToken);
        gate.SetResult();

        await leftover!.WaitAsync(TestContext.Current.CancellationToken);

        async Task WaitForGate() => await gate.Task;
    }

    [Fact]
    public void A_blocking_call_to_the_thread_is_refused_instead_of_hanging() => PipelineThread.Run(async () =>
    {
        var context = SynchronizationContext.Current!;
        await Assert.ThrowsAsync<NotSupportedException>(() => Task.Run(() => context.Send(_ => { }, null), TestContext.Current.CancellationToken));
    });
}
