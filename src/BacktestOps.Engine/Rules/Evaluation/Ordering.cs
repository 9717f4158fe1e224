namespace BacktestOps.Engine.Rules.Evaluation;

/// <summary>How two series compare at every bar: three bit masks, none set where one is undefined.</summary>
/// <param name="Less">Bars at which the first is below the second.</param>
/// <param name="Equal">Bars at which they are equal.</param>
/// <param name="Greater">Bars at which the first is above the second.</param>
/// <param name="Count">How many bars.</param>
internal sealed record Ordering(ulong[] Less, ulong[] Equal, ulong[] Greater, int Count)
{
    /// <summary>The same of the second to the first.</summary>
    public Ordering Reverse() => new(Greater, Equal, Less, Count);

    /// <summary>first &lt; second.</summary>
    public ConditionColumn IsLess() => new(Less, ConditionColumn.Either(Equal, Greater), Count);

    /// <summary>first ≤ second.</summary>
    public ConditionColumn IsLessOrEqual() => new(ConditionColumn.Either(Less, Equal), Greater, Count);

    /// <summary>first = second.</summary>
    public ConditionColumn IsEqual() => new(Equal, ConditionColumn.Either(Less, Greater), Count);

    /// <summary>At the bar before first ≤ second, at this bar first &gt; second; undefined where one of the two bars is.</summary>
    /// <param name="holds">Takes the bars at which it does; as long as the masks, with anything in it.</param>
    /// <param name="fails">Takes those at which it does not.</param>
    public ConditionColumn CrossesOver(ulong[] holds, ulong[] fails)
    {
        var (carryBelow, carryAbove) = (0UL, 0UL);
        for (var i = 0; i < holds.Length; i++)
        {
            var below = Less[i] | Equal[i];
            var wasBelow = below << 1 | carryBelow;
            var wasAbove = Greater[i] << 1 | carryAbove;
            holds[i] = Greater[i] & wasBelow;
            fails[i] = (below & (wasBelow | wasAbove)) | (Greater[i] & wasAbove);
            (carryBelow, carryAbove) = (below >> 63, Greater[i] >> 63);
        }
        return new(holds, fails, Count);
    }
}
