namespace BacktestOps.Runs.PythonWorkers;

/// <summary>Finds targets that rest on later bars: the strategy is asked again as if the data ended earlier.</summary>
/// <remarks>
/// A target that changes at t because of what comes after t is most likely another one when the data ends at t. So the bars
/// are cut right after changes of target, spread over all of them, and at a few even points, for those that never change.
/// It is a probe, not a proof: what differs at none of the cuts is not found.
/// </remarks>
internal static class LookAheadProbe
{
    private const int AtChanges = 8, AtEvenPoints = 4;

    /// <summary>The numbers of first bars to ask for, ascending.</summary>
    /// <param name="targets">The targets of all bars.</param>
    public static int[] Cuts(ReadOnlySpan<double> targets)
    {
        var changes = new List<int>();
        for (var t = 1; t < targets.Length - 1; t++)
        {
            if (targets[t] != targets[t - 1])
                changes.Add(t + 1);
        }

        var cuts = new SortedSet<int>();
        for (var i = 0; i < Math.Min(AtChanges, changes.Count); i++)
            cuts.Add(changes[(int)((long)i * (changes.Count - 1) / Math.Max(1, Math.Min(AtChanges, changes.Count) - 1))]);
        for (var i = 1; i <= AtEvenPoints; i++)
            cuts.Add((int)((long)targets.Length * i / (AtEvenPoints + 1)));
        // Nothing can be asked about no bars, and all of them were asked about.
        cuts.Remove(0);
        return [.. cuts];
    }

    /// <summary>The first bar at which the answer for fewer bars is another one; null when there is none.</summary>
    public static int? Difference(ReadOnlySpan<double> targets, ReadOnlySpan<double> answer)
    {
        var same = targets.CommonPrefixLength(answer);
        return same == answer.Length ? null : same;
    }
}
