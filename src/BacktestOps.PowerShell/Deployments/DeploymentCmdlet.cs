using System.Management.Automation;
using System.Threading.Channels;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Deployments;

/// <summary>A cmdlet about the deployments of a plan.</summary>
public abstract class DeploymentCmdlet : BacktestCmdlet
{
    private const int Activity = 4210;

    /// <summary>The plan file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string Plan { get; set => field = string.IsNullOrEmpty(value) ? "deployment.json" : value; } = "deployment.json";

    private protected override object? Subject => Plan;

    private protected Deployer Deployer => new(PlanReader.Read(ResolveFolder(Plan)), new DeploymentTools());

    /// <summary>Steps as a numbered list, for -WhatIf and for the question before they are done.</summary>
    private protected static string StepList(IReadOnlyList<string> steps) =>
        string.Join(Environment.NewLine, steps.Select((step, index) => $"  {index + 1}. {step}"));

    /// <summary>
    /// Does work that reports its steps, and shows them. The work is always waited for: when the pipeline is stopped it takes
    /// back what it began, and only then does the cmdlet end.
    /// </summary>
    private protected async Task<T> WithProgressAsync<T>(string title, Func<IProgress<StepProgress>, Func<Func<bool>, Task<bool>>, Task<T>> work)
    {
        var calls = Channel.CreateUnbounded<Action>();
        var running = Task.Run(async () =>
        {
            try
            {
                return await work(new Steps(step => calls.Writer.TryWrite(() => Show(title, step))), AskAsync).ConfigureAwait(false);
            }
            finally
            {
                calls.Writer.Complete();
            }
        });
        PipelineStoppedException? stopped = null;
        await foreach (var call in calls.Reader.ReadAllAsync())
        {
            try
            {
                call();
            }
            catch (PipelineStoppedException error)
            {
                stopped = error;
            }
        }

        var result = await running;
        if (stopped is not null) throw stopped;
        WriteProgress(new ProgressRecord(Activity, title, Messages.Done) { RecordType = ProgressRecordType.Completed });
        return result;

        // Only the pipeline's own thread may ask the user.
        Task<bool> AskAsync(Func<bool> question)
        {
            var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            calls.Writer.TryWrite(() =>
            {
                try
                {
                    answer.SetResult(question());
                }
                catch (Exception error)
                {
                    // A host without a user can't say yes.
                    answer.SetResult(false);
                    if (error is PipelineStoppedException) throw;
                }
            });
            return answer.Task;
        }
    }

    /// <summary>Writes a deployment, and an error where it did not succeed.</summary>
    private protected void WriteOutcome(Deployment deployment)
    {
        WriteObject(deployment);
        WriteNotices(deployment.Notices);
        if (deployment.Outcome != DeploymentOutcome.Succeeded)
            WriteError(
                new DeploymentException($"Deployment{deployment.Outcome}", deployment.Reason ?? deployment.Outcome.ToString(), deployment.Action ?? ""),
                deployment);
    }

    /// <summary>Warns of what an operator must know beside the outcome.</summary>
    private protected void WriteNotices(IReadOnlyList<string> notices)
    {
        foreach (var notice in notices) WriteWarning(notice);
    }

    private void Show(string title, StepProgress step)
    {
        if (step.IsDone)
            WriteVerbose(Messages.StepDone.With(step.Step, step.Actual!.Value.TotalSeconds, step.Expected?.TotalSeconds, step.Detail));
        WriteProgress(new ProgressRecord(Activity, title, Messages.StepUnderWay.With(step.Step, step.Activity))
        {
            SecondsRemaining = step is { IsDone: false, Expected: { } expected } ? (int)Math.Ceiling(expected.TotalSeconds) : -1,
        });
    }

    private sealed class Steps(Action<StepProgress> report) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => report(value);
    }
}
