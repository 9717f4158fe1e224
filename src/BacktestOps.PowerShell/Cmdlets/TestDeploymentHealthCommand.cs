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
    private const string DefaultPath = "/api/health";

    /// <summary>The services' addresses; the connected service when absent.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateServiceUri]
    public Uri[]? Uri { get; set; }

    /// <summary>The path of the health document.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string))]
    public string Path { get; set => field = string.IsNullOrEmpty(value) ? DefaultPath : value; } = DefaultPath;

    /// <summary>The HTTP status that is expected.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(int), Minimum = 100, Maximum = 599)]
    public int? StatusCode { get; set; }

    /// <summary>JSON paths and the values expected there.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(IDictionary))]
    public IDictionary? Field { get; set; }

    private static SortedDictionary<string, object> Healthy => new SortedDictionary<string, object>(StringComparer.Ordinal)
    {
        ["services.database"] = "connected",
        ["status"] = "healthy",
    };

    /// <summary>How long the whole answer may take: a time span, or a number of seconds.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan? Timeout { get; set; }

    /// <summary>The longest time that a good answer takes: a time span, or a number of seconds.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [TimeSpanTransformation]
    [ValidatePositiveTime]
    public TimeSpan? MaxLatency { get; set; }

    /// <summary>Gives one Boolean for each service: true when every assertion passed.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var fields = FieldExpectations.Read(Field ?? Healthy);
        using var check = new HealthCheck();
        foreach (var address in Uri ?? [BacktestSession.Current.Connection?.Uri ?? throw NotConnected()])
        {
            WriteVerbose(Messages.LookingAt.With(new Uri(address, Path)));
            var report = await check.RunAsync(
                new HealthExpectation
                {
                    Address = address, Path = Path, StatusCode = StatusCode ?? 200, Fields = fields, Timeout = Timeout ?? TimeSpan.FromSeconds(5), MaxLatency = MaxLatency,
                },
                StopToken);
            if (Quiet) WriteObject(report.Verdict == Verdict.Pass);
            else foreach (var result in report.Checks) WriteObject(result);
        }
    }

    private static ModuleException NotConnected() => new(
        "NotConnected", ErrorCategory.ConnectionError, Messages.NotConnected, Messages.NotConnectedAction);
}
