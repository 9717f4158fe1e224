using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Feedback;
using BacktestOps.Operations.Plans;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Deployments;

/// <summary>Get-DeploymentFeedback: what users say, from the plan's channels, one reading a channel.</summary>
[Cmdlet(VerbsCommon.Get, "DeploymentFeedback", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FeedbackReading))]
public sealed class GetDeploymentFeedbackCommand : DeploymentCmdlet
{
    /// <summary>From when on messages count; the beginning of the live deployment when absent.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(DateTimeOffset))]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Keeps the messages, and writes the readings to the ledger.</summary>
    [Parameter]
    public SwitchParameter Record { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var record = Record && ShouldProcess(Plan, Messages.RecordFeedbackAction);
        var feedback = new DeploymentFeedback(PlanReader.Read(ResolveFolder(Plan)), new DeploymentTools(), keepsMessages: record);
        var readings = await feedback.ReadAsync(Since ?? feedback.SinceDeployment(), StopToken);
        if (record) await feedback.RecordAsync(readings, cancellationToken: StopToken);
        foreach (var reading in readings)
        {
            WriteObject(reading);
            if (reading.Verdict == Verdict.Error)
                WriteError(new DeploymentException("FeedbackUnreadable", Messages.FeedbackUnreadable.With(reading.Channel, reading.Detail), reading.Action ?? ""), reading);
        }
    }
}
