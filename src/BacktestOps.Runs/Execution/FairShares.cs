namespace BacktestOps.Runs.Execution;

/// <summary>How much each of several parties has had, divided by its weight: who has had least is next.</summary>
/// <remarks>
/// Start-time fair queueing (Goyal, Vin and Cheng, 1996) with measured instead of announced lengths. A party that comes back begins
/// where the one that has had least stands, so that nobody saves up a claim by being away.
/// </remarks>
internal sealed class FairShares<T>
    where T : notnull
{
    private const int MostIdle = 1_000;

    private readonly Dictionary<T, double> _had = [];

    /// <summary>What a party has had, by weight.</summary>
    public double Of(T party) => _had.GetValueOrDefault(party);

    /// <summary>A party gets something.</summary>
    public void Charge(T party, double amount) => _had[party] = Of(party) + amount;

    /// <summary>A party that wanted nothing wants something.</summary>
    /// <param name="party">Who.</param>
    /// <param name="others">Who else wants something.</param>
    /// <param name="credit">How far before the others it may begin.</param>
    public void Enter(T party, IEnumerable<T> others, double credit = 0)
    {
        var least = double.PositiveInfinity;
        foreach (var other in others) least = Math.Min(least, Of(other));
        if (!double.IsFinite(least)) return;
        _had[party] = Math.Max(Of(party), least - credit);
        if (_had.Count <= MostIdle) return;
        // Who is behind all others would begin where they stand anyway.
        foreach (var (idle, had) in _had.ToArray())
        {
            if (had < least - credit && !idle.Equals(party)) _had.Remove(idle);
        }
    }
}
