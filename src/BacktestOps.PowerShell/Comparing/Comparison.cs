using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Comparing;

/// <summary>Runs side by side: a row a figure, a column a run.</summary>
internal sealed class Comparison
{
    /// <summary>The type name of a row, for views.</summary>
    public const string RowType = "BacktestOps.FigureComparison";

    private const string Figure = "Figure", Unit = "Unit", Best = "Best";

    private readonly IReadOnlyList<BacktestResult> _runs;
    private readonly IReadOnlyList<string> _labels;

    /// <summary>Puts runs side by side.</summary>
    /// <param name="runs">The runs; the first is the one that differences are against.</param>
    public Comparison(IReadOnlyList<BacktestResult> runs) =>
        (_runs, _labels) = (runs, RunLabels.Of(runs, [Figure, Unit, Best]));

    /// <summary>What makes the figures of these runs hard to compare.</summary>
    public IEnumerable<string> Warnings()
    {
        if (Differ(run => run.EquityCurve.Count == 0 ? default : (run.EquityCurve[0].Date, run.EquityCurve[^1].Date)))
            yield return Messages.ComparedDatesDiffer;
        if (Differ(run => (run.Conventions.PeriodsPerYear, run.Conventions.RiskFreeRate, run.Conventions.Fill)))
            yield return Messages.ComparedConventionsDiffer;
        if (Differ(run => run.Performance.InitialCash)) yield return Messages.ComparedCashDiffers;
    }

    /// <summary>The rows of the figures that any of the runs has.</summary>
    /// <param name="chosen">True for the name of a figure that is wanted.</param>
    /// <param name="differences">True for the differences from the first run in the columns of the others.</param>
    public IEnumerable<PSObject> Rows(Func<string, bool> chosen, bool differences)
    {
        foreach (var figure in PerformanceFigure.All)
        {
            if (!chosen(figure.Name)) continue;
            double?[] values = [.. _runs.Select(run => figure.Read(run.Performance))];
            if (values.Any(value => value is not null)) yield return Row(figure, values, differences);
        }
    }

    private PSObject Row(PerformanceFigure figure, double?[] values, bool differences)
    {
        var row = new PSObject();
        row.TypeNames.Insert(0, RowType);
        row.Properties.Add(new PSNoteProperty(Figure, figure.Name));
        for (var i = 0; i < values.Length; i++)
            row.Properties.Add(new PSNoteProperty(_labels[i], differences && i > 0 ? values[i] - values[0] : values[i]));
        row.Properties.Add(new PSNoteProperty(Best, BestOf(figure.Better, values)));
        row.Properties.Add(new PSNoteProperty(Unit, figure.Unit));
        return row;
    }

    // Nobody is the best of one, nor where the best is shared.
    private string? BestOf(FigureSense better, double?[] values)
    {
        if (better == FigureSense.None || values.Length < 2) return null;
        var best = better == FigureSense.Higher ? values.Max() : values.Min();
        return values.Count(value => value == best) == 1 ? _labels[Array.IndexOf(values, best)] : null;
    }

    private bool Differ<T>(Func<BacktestResult, T> read) => _runs.Select(read).Distinct().Skip(1).Any();
}
