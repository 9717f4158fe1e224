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
    [Parameter]
    [ArgumentCompleter(typeof(StrategyParameterCompleter))]
    [ValidateNotNullOrEmpty]
    public IDictionary? Sweep { get; set; }

    /// <summary>What must hold between parameters for a variant to be run.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Constraint { get; set; } = [];

    /// <summary>The figure whose largest value is looked for.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ObjectiveCompleter))]
    [ValidateNotNullOrEmpty]
    public string Objective { get; set; } = nameof(Performance.SharpeRatio);

    /// <summary>How many variants to draw instead of running all.</summary>
    [Parameter]
    public int? Sample { get; set; }

    /// <summary>The seed of the draw.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>How a walk-forward cuts the bars: InSample, OutOfSample, Anchored.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public IDictionary? WalkForward { get; set; }

    private SweepRequest? ReadSweep(List<RequestFault> faults)
    {
        if (Sweep is null)
        {
            SweepParameters.RefuseRest(MyInvocation.BoundParameters.Keys, faults);
            return null;
        }

        return new SweepRequest
        {
            Parameters = SweepParameters.Read(Sweep, faults),
            Constraints = Constraint,
            Objective = SweepParameters.ReadObjective(Objective),
            Sample = Sample,
            Seed = Seed,
            WalkForward = SweepParameters.ReadWalkForward(WalkForward, faults),
        };
    }
}
