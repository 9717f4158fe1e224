using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Checklists;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.FollowUps.Scheduling;
using BacktestOps.Operations.Plans;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.FollowUps;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Deployments;

/// <summary>Invoke-DeploymentChecklist: runs the whole procedure, from preflight to the follow-ups, item by item.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DeploymentChecklist", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ChecklistItem))]
public sealed class InvokeDeploymentChecklistCommand : DeploymentCmdlet
{
    /// <summary>The version to bring up.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [CellTransformation(typeof(string))]
    public string Version { get; set; } = "";

    /// <summary>Why, for the record.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Reason { get; set; }

    /// <summary>How long to watch; what the plan says when absent.</summary>
    [Parameter]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan? Duration { get; set; }

    /// <summary>The time between two samples; what the plan says when absent.</summary>
    [Parameter]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan? Interval { get; set; }

    /// <summary>The time between two lines of the record; what the plan says when absent.</summary>
    [Parameter]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan? RecordEvery { get; set; }

    /// <summary>Goes back by itself when a rollback criterion is met during the watch.</summary>
    [Parameter]
    public SwitchParameter AutoRollback { get; set; }

    /// <summary>Asks what only a person can answer.</summary>
    [Parameter]
    public SwitchParameter Interactive { get; set; }

    /// <summary>Puts the follow-ups on the machine's own scheduler too.</summary>
    [Parameter]
    public SwitchParameter Register { get; set; }

    /// <summary>The language of the items.</summary>
    [Parameter]
    [ValidateSet("ko-KR", "en-US")]
    public string Culture { get; set; } = System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "ko" ? "ko-KR" : "en-US";

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var plan = PlanReader.Read(ResolveFolder(Plan));
        if (!ShouldProcess(Messages.DeploymentOf.With(Version, Plan), Messages.ChecklistAction)) return;
        var items = await WithProgressAsync(Messages.ChecklistTitle.With(Version), (progress, ask) => RunAsync(plan, progress, new ChecklistPrompt(this, ask)));
        foreach (var item in items.Where(item => item.State is ChecklistState.Failed or ChecklistState.Missed))
        {
            WriteError(
                new DeploymentException($"ChecklistItem{item.State}", Messages.ChecklistItemAgainst.With(item.Id, item.Text, item.Detail), Messages.ChecklistItemAgainstAction.With(string.Join(", ", item.Evidence))),
                item);
        }
    }

    private async Task<List<ChecklistItem>> RunAsync(DeploymentPlan plan, IProgress<StepProgress> progress, ChecklistPrompt pipeline)
    {
        var items = new List<ChecklistItem>();
        var request = new ChecklistRequest
        {
            Version = Version,
            Reason = Reason,
            Duration = Duration,
            Interval = Interval,
            RecordEvery = RecordEvery,
            AutoRollback = AutoRollback,
            Culture = Culture,
            Ask = Interactive ? pipeline.AskAsync : null,
            Register = Register ? token => RegisterAsync(plan, token) : null,
            Progress = progress,
            Sampled = pipeline.Samples,
            Notices = pipeline.Notices,
        };
        await foreach (var item in new DeploymentChecklist(plan, new DeploymentTools()).RunAsync(request, StopToken).ConfigureAwait(false))
        {
            items.Add(item);
            await pipeline.DoAsync(() => WriteObject(item)).ConfigureAwait(false);
        }

        return items;
    }

    private async Task<IReadOnlyList<string>> RegisterAsync(DeploymentPlan plan, CancellationToken cancellationToken)
    {
        var host = new ScriptHost(SessionHost.Command(), SessionHost.Module(MyInvocation.MyCommand.Module));
        return (await new FollowUpRegistrar(plan, new DeploymentTools()).RegisterAsync(SchedulerChoice.Auto, host, cancellationToken).ConfigureAwait(false)).Notices;
    }
}
