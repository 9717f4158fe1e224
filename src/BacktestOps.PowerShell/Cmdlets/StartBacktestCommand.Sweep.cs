using System.Collections;
using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;

namespace BacktestOps.PowerShell.Cmdlets;

// What makes many runs of one request.
public sealed partial class StartBacktestCommand
{
    /// <summary>The values of each parameter that is swept.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(StrategyParameterCompleter))]
    [CellTransformation(typeof(IDictionary))]
    public IDictionary? Sweep { get; set; }

    /// <summary>What must hold between parameters for a variant to be run.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(string[]))]
    public string[]? Constraint { get; set; }

    /// <summary>The figure whose largest value is looked for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ObjectiveCompleter))]
    [CellTransformation(typeof(string))]
    public string? Objective { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>How many variants to draw instead of running all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(int))]
    public int? Sample { get; set; }

    /// <summary>The seed of the draw.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(long))]
    public long? Seed { get; set; }

    /// <summary>How a walk-forward cuts the bars: InSample, OutOfSample, Anchored.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CellTransformation(typeof(IDictionary))]
    public IDictionary? WalkForward { get; set; }

    private SweepRequest? ReadSweep(List<RequestFault> faults)
    {
        if (Sweep is null)
        {
            SweepParameters.RefuseRest(
                [(nameof(Constraint), Constraint), (nameof(Objective), Objective), (nameof(Sample), Sample), (nameof(Seed), Seed), (nameof(WalkForward), WalkForward)], faults);
            return null;
        }

        return new SweepRequest
        {
            Parameters = SweepParameters.Read(Sweep, faults),
            Constraints = Constraint ?? [],
            Objective = SweepParameters.ReadObjective(Objective ?? nameof(Performance.SharpeRatio)),
            Sample = Sample,
            Seed = Seed ?? 0,
            WalkForward = SweepParameters.ReadWalkForward(WalkForward, faults),
        };
    }
}
