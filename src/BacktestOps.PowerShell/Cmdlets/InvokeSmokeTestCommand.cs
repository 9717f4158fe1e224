using System.Collections;
using System.Management.Automation;
using System.Threading.Channels;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Smoke;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;
using BacktestOps.PowerShell.Sessions;
using BacktestOps.Runs;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Invoke-SmokeTest: uses a service over HTTP and through its page as its users do, one verdict a check.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "SmokeTest", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(CheckResult), typeof(bool))]
public sealed class InvokeSmokeTestCommand : BacktestCmdlet
{
    // A view of its own: the checks of one test are of many subjects, by which others are grouped.
    private const string TypeName = "BacktestOps.Contracts.CheckResult#Smoke";

    /// <summary>The services' addresses; the connected service when absent.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateServiceUri]
    public Uri[]? Uri { get; set; }

    /// <summary>A deployment plan whose journey is made, without a deployment; what else is given takes the place of what the plan says.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? Plan { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>The version that health must name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? Version { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>JSON paths of the health document and the values expected there.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    [CellTransformation(typeof(IDictionary))]
    public IDictionary? Field { get; set; }

    /// <summary>The JSON that starts a backtest.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string? StartBody { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Leaves the page out; its part is then inconclusive.</summary>
    [Parameter]
    public SwitchParameter SkipBrowser { get; set; }

    /// <summary>How long the whole test of one service may take: a time span, or a number of seconds.</summary>
    [Parameter]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan? Timeout { get; set; }

    /// <summary>The longest time that one answer may take: a time span, or a number of seconds.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan? MaxLatency { get; set; }

    /// <summary>The folder where what was seen is kept.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? EvidencePath { get; set; }

    /// <summary>Gives one Boolean for each service: true when everything passed, the page included.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var evidence = EvidencePath is null ? Path.Combine(RunnerOptions.DefaultHomePath, "evidence") : ResolveFolder(EvidencePath);
        var tried = Plan is null ? null : PlannedJourney.Read(ResolveFolder(Plan));
        var plan = tried?.Journey ?? new SmokePlan { Address = new Uri("http://localhost") };
        plan = plan with
        {
            Version = Version ?? plan.Version,
            StartBody = StartBody ?? plan.StartBody,
            TimeLimit = Timeout ?? plan.TimeLimit,
            ResponseTimeLimit = MaxLatency ?? plan.ResponseTimeLimit,
            HealthFields = Field is null ? plan.HealthFields : FieldExpectations.Read(Field),
            Page = plan.Page is { } page ? page with { Skip = SkipBrowser } : null,
        };
        WriteVerbose(Messages.SmokeEvidence.With(evidence));
        var test = new SmokeTest(tried is null ? new ArtifactStore(evidence) : new ArtifactStore(evidence, tried.Redactor));
        foreach (var address in Uri ?? [tried?.Journey.Address ?? BacktestSession.Current.Connection?.Uri ?? throw NotConnected()])
        {
            if (ShouldProcess(address.ToString(), Messages.SmokeTestAction)) await RunAsync(test, plan with { Address = address });
        }
    }

    private async Task RunAsync(SmokeTest test, SmokePlan plan)
    {
        using var own = CancellationTokenSource.CreateLinkedTokenSource(StopToken);
        var found = Channel.CreateUnbounded<CheckResult>();
        var running = Task.Run(() => test.RunAsync(plan, check => found.Writer.TryWrite(check), own.Token));
        _ = running.ContinueWith(_ => found.Writer.Complete(), TaskScheduler.Default);
        try
        {
            await foreach (var check in found.Reader.ReadAllAsync(own.Token))
            {
                if (Quiet) continue;
                var shown = new PSObject(check);
                shown.TypeNames.Insert(0, TypeName);
                WriteObject(shown);
            }

            var report = await running;
            if (Quiet) WriteObject(report.Verdict == Verdict.Pass);
        }
        finally
        {
            // The browser is ours: it is gone before the command is.
            await own.CancelAsync();
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private static ModuleException NotConnected() => new(
        "NotConnected", ErrorCategory.ConnectionError, Messages.NotConnected, Messages.NotConnectedAction);
}
