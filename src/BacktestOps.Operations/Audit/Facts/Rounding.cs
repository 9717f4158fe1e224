namespace BacktestOps.Operations.Audit.Facts;

/// <summary>How a figure and what it was computed of can belong together.</summary>
internal enum RoundingMatch
{
    /// <summary>The figure is the exact value, rounded as usual.</summary>
    Exact,

    /// <summary>One way of rounding, kept to throughout, gives the figure.</summary>
    Explained,

    /// <summary>None does.</summary>
    None,
}

/// <summary>
/// Whether rounding explains a figure. What is shown may itself be rounded, so the true value lies in an interval; but the
/// one who rounded the samples up did not round their mean down: a convention holds for both.
/// </summary>
internal static class Rounding
{
    /// <summary>Compares a figure with a value that was computed of shown values.</summary>
    /// <param name="claimed">The figure.</param>
    /// <param name="claimedStep">One in its last place.</param>
    /// <param name="computed">The exact value of what is shown.</param>
    /// <param name="shownStep">One in the last place of what is shown.</param>
    public static RoundingMatch Compare(decimal claimed, decimal claimedStep, decimal computed, decimal shownStep)
    {
        var difference = claimed - computed;
        if (Math.Abs(difference) <= claimedStep / 2) return RoundingMatch.Exact;

        // To nearest: computed ± shown/2, then ± claimed/2. Down: [computed, computed + shown), then down by less than one
        // claimed step. Up: the mirror image. The last two also cover shown values that are exact.
        var nearest = Math.Abs(difference) < (shownStep + claimedStep) / 2;
        var down = difference > -claimedStep && difference < shownStep;
        var up = difference < claimedStep && difference > -shownStep;
        return nearest || down || up ? RoundingMatch.Explained : RoundingMatch.None;
    }
}
