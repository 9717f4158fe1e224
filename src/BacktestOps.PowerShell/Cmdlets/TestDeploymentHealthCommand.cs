using System.Collections;
using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Health;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;
using BacktestOps.PowerShell.Sessions;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Test-DeploymentHealth: holds a service's health against what is expected, one verdict an assertion.</summary>
[Cmdlet(VerbsDiagnostic.Test, "DeploymentHealth")]
[OutputType(typeof(CheckResult), typeof(bool))]
public sealed class TestDeploymentHealthCommand : AsyncCmdlet
{
    /// <summary>The services' addresses; the connected service when absent.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateServiceUri]
    public Uri[]? Uri { get; set; }

    /// <summary>The path of the health document.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "/api/health";

    /// <summary>The HTTP status that is expected.</summary>
    [Parameter]
    [ValidateRange(100, 599)]
    public int StatusCode { get; set; } = 200;

    /// <summary>JSON paths and the values expected there.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Field { get; set; } = new SortedDictionary<string, object>(StringComparer.Ordinal)
    {
        ["services.database"] = "connected",
        ["status"] = "healthy",
    };

    /// <summary>How long the whole answer may take: a time span, or a number of seconds.</summary>
    [Parameter]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest time that a good answer takes: a time span, or a number of seconds.</summary>
    [Parameter]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan? MaxLatency { get; set; }

    /// <summary>Gives one Boolean for each service: true when every assertion passed.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var fields = FieldExpectations.Read(Field);
        using var check = new HealthCheck();
        foreach (var address in Uri ?? [BacktestSession.Current.Connection?.Uri ?? throw NotConnected()])
        {
            WriteVerbose(Messages.LookingAt.With(new Uri(address, Path)));
            var report = await check.RunAsync(
                new HealthExpectation
                {
                    Address = address, Path = Path, StatusCode = StatusCode, Fields = fields, Timeout = Timeout, MaxLatency = MaxLatency,
                },
                StopToken);
            if (Quiet) WriteObject(report.Verdict == Verdict.Pass);
            else foreach (var result in report.Checks) WriteObject(result);
        }
    }

    private static ModuleException NotConnected() => new(
        "NotConnected", ErrorCategory.ConnectionError, Messages.NotConnected, Messages.NotConnectedAction);
}
