using System.Collections;
using System.Globalization;
using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Binding;

/// <summary>Reads the hashtables that a user gives for a sweep.</summary>
internal static class SweepParameters
{
    /// <summary>The values by parameter: a list, as <c>2..50</c>, or one number.</summary>
    /// <param name="given">What was given.</param>
    /// <param name="faults">Takes values that are no numbers; all of them are named.</param>
    public static SortedDictionary<string, IReadOnlyList<double>> Read(IDictionary given, List<RequestFault> faults)
    {
        var parameters = new SortedDictionary<string, IReadOnlyList<double>>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in given)
        {
            var name = Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "";
            var values = new List<double>();
            foreach (var item in List(entry.Value))
            {
                if (StrategyParameters.TryReadNumber(item, out var number)) values.Add(number);
                else faults.Add(new RequestFault($"sweep.parameters.{name}", Messages.ParameterNotANumber.With(item ?? "$null"), Messages.ParameterNotANumberHint));
            }
            if (!parameters.TryAdd(name, values)) faults.Add(new RequestFault($"sweep.parameters.{name}", Messages.ParameterTwice));
        }
        return parameters;
    }

    /// <summary>An objective's name in JSON, from that or from the figure's name: <c>sharpe_ratio</c>, <c>SharpeRatio</c>. One that there is not stays as it is.</summary>
    public static string ReadObjective(string given) =>
        SweepObjective.All.FirstOrDefault(known => known.Replace("_", "", StringComparison.Ordinal).Equals(given.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)) ?? given;

    /// <summary>How a walk-forward cuts the bars; null where none was asked for.</summary>
    /// <param name="given">What was given.</param>
    /// <param name="faults">Takes names that are not known, and values that are no whole numbers.</param>
    public static WalkForwardRequest? ReadWalkForward(IDictionary? given, List<RequestFault> faults)
    {
        if (given is null) return null;
        var (inSample, outOfSample, anchored, before) = (0, 0, false, faults.Count);
        foreach (DictionaryEntry entry in given)
        {
            var name = Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "";
            switch (name.ToUpperInvariant())
            {
                case "INSAMPLE": inSample = Whole(name, entry.Value, faults); break;
                case "OUTOFSAMPLE": outOfSample = Whole(name, entry.Value, faults); break;
                case "ANCHORED": anchored = LanguagePrimitives.IsTrue(entry.Value); break;
                default: faults.Add(new RequestFault($"sweep.walk_forward.{name}", Messages.WalkForwardUnknown, Messages.WalkForwardHint)); break;
            }
        }
        return faults.Count == before ? new() { InSample = inSample, OutOfSample = outOfSample, Anchored = anchored } : null;
    }

    /// <summary>Nothing; a parameter that says something of a sweep that is not there would be left out in silence.</summary>
    /// <param name="given">The parameters of a sweep, null where they were not given.</param>
    /// <param name="faults">Takes those that are such.</param>
    public static void RefuseRest(IEnumerable<(string Name, object? Value)> given, List<RequestFault> faults) =>
        faults.AddRange(given.Where(one => one.Value is not null).Select(one => new RequestFault($"-{one.Name}", Messages.OnlyWithSweep, Messages.OnlyWithSweepHint)));

    private static IEnumerable<object?> List(object? value)
    {
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        return plain is IEnumerable list and not string and not IDictionary ? list.Cast<object?>() : [plain];
    }

    private static int Whole(string name, object? value, List<RequestFault> faults)
    {
        if (StrategyParameters.TryReadNumber(value, out var number) && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue) return (int)number;
        faults.Add(new RequestFault($"sweep.walk_forward.{name}", Messages.ParameterNotANumber.With(value ?? "$null"), Messages.WalkForwardHint));
        return 0;
    }
}
