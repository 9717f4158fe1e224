using System.Management.Automation;
using System.Reflection;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Pipeline;

/// <summary>Looks at what was given to a cmdlet for what would get lost without a word.</summary>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class ParameterInput(PSCmdlet cmdlet)
{
    private const int ShortestName = 3;

    // The object that is in the pipeline now is known to the engine alone; without it a misspelt column could not be seen.
    private static readonly PropertyInfo? PipelineObject = typeof(Cmdlet).BaseType!.GetProperty("CurrentPipelineObject", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);

    private readonly HashSet<string> _told = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The object of the pipeline that the cmdlet works on now; null where there is none.</summary>
    public PSObject? Current => PipelineObject?.GetValue(cmdlet) as PSObject;

    /// <summary>Nothing; an empty cell is not given, but emptiness on a command line is a variable that has no value.</summary>
    /// <exception cref="ModuleException">A parameter of the command line is empty.</exception>
    public void RefuseEmpty()
    {
        foreach (var (name, value) in cmdlet.MyInvocation.BoundParameters)
        {
            if (value is null or "" && cmdlet.GetType().GetProperty(name) is { } property && property.GetCustomAttributes().Any(attribute => attribute is IOptionalCell))
                throw new ModuleException("ParameterEmpty", ErrorCategory.InvalidArgument, Messages.ParameterEmpty.With(name), Messages.ParameterEmptyAction.With(name));
        }
    }

    /// <summary>What to say of columns of a table that are left out, each once: those that nearly are a parameter, and those that are one that is not taken from tables.</summary>
    public IEnumerable<string> Warnings()
    {
        if (Current is not { BaseObject: PSCustomObject } row) yield break;
        var parameters = cmdlet.MyInvocation.MyCommand.Parameters.Values;
        string[] taken = [.. parameters.Where(IsByName).SelectMany(parameter => parameter.Aliases.Prepend(parameter.Name))];
        string[] columns = [.. row.Properties.Select(property => property.Name)];
        foreach (var column in columns)
        {
            if (column.Length < ShortestName || taken.Contains(column, StringComparer.OrdinalIgnoreCase) || _told.Contains(column)) continue;
            var free = taken.Where(name => name.Length >= ShortestName && !columns.Contains(name, StringComparer.OrdinalIgnoreCase));
            if (NameSuggestion.Nearest(column, free) is not { } nearest) continue;
            _told.Add(column);
            yield return Messages.ColumnNearlyMatches.With(column, cmdlet.MyInvocation.MyCommand.Name, nearest);
        }
    }

    /// <summary>Columns of a table that have the name of a parameter and a value, and that were not taken: the other columns are of another parameter set.</summary>
    public IReadOnlyList<string> LeftOut()
    {
        if (Current is not { BaseObject: PSCustomObject } row) return [];
        var bound = cmdlet.MyInvocation.BoundParameters;
        return [.. row.Properties
            .Where(column => column.Value is not (null or "") && cmdlet.MyInvocation.MyCommand.Parameters.Values.Any(parameter =>
                IsByName(parameter) && !bound.ContainsKey(parameter.Name) && parameter.Aliases.Prepend(parameter.Name).Contains(column.Name, StringComparer.OrdinalIgnoreCase)))
            .Select(column => column.Name)];
    }

    private static bool IsByName(ParameterMetadata parameter) => parameter.ParameterSets.Values.Any(set => set.ValueFromPipelineByPropertyName);
}
