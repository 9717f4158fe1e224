namespace BacktestOps.Engine;

/// <summary>What a check of a request may take, set by whoever checks on behalf of another.</summary>
public sealed record ValidationTerms
{
    /// <summary>The terms of a caller who checks for himself.</summary>
    internal static readonly ValidationTerms Own = new();

    /// <summary>The most combinations of a sweep, or as many as it draws; more are a fault, found before any is looked at.</summary>
    public long MostVariants { get; init; } = long.MaxValue;

    /// <summary>Ends the check, also in the middle of a search.</summary>
    public CancellationToken CancellationToken { get; init; }
}
