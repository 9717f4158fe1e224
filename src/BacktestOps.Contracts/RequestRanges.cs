namespace BacktestOps.Contracts;

/// <summary>The numbers that a member of a request may have.</summary>
/// <param name="Minimum">The least.</param>
/// <param name="Maximum">The most.</param>
/// <param name="ExcludesMinimum">True when the least itself is not taken.</param>
/// <param name="ExcludesMaximum">True when the most itself is not taken.</param>
public sealed record NumberRange(double Minimum, double Maximum, bool ExcludesMinimum = false, bool ExcludesMaximum = false)
{
    /// <summary>True when a number is taken; NaN never is.</summary>
    /// <param name="value">The number.</param>
    public bool Takes(double value) =>
        (ExcludesMinimum ? value > Minimum : value >= Minimum) && (ExcludesMaximum ? value < Maximum : value <= Maximum);

    /// <summary>The range in words: <c>above 0, at most 10</c>.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{(ExcludesMinimum ? "above" : "from")} {Minimum:0.#########}{(ExcludesMaximum ? " to below" : ExcludesMinimum ? ", at most" : " to")} {Maximum:0.#########}");
}

/// <summary>The ranges of the numbers of a request: what the check of a request enforces, and the OpenAPI document and the help of Start-Backtest state.</summary>
/// <remarks>A number within them gives finite money over any data. What depends on other members (a maximum on its minimum) is checked besides.</remarks>
public static class RequestRanges
{
    // The next number above 0 would be one; shares and money made of it round to nothing, or divide by it.
    private const double Least = 1e-9;

    /// <summary>Any amount of money but the cash at the start, in the currency of the prices.</summary>
    public static NumberRange Money { get; } = new(0, 1e12);

    /// <summary>Money or shares of a fixed size.</summary>
    public static NumberRange Size { get; } = new(Least, 1e15);

    /// <summary>A part of the equity in one position; more than the margin gives credit for is refused besides.</summary>
    public static NumberRange Fraction { get; } = new(Least, 100);

    /// <summary>A volatility target: a fraction a year.</summary>
    public static NumberRange Volatility { get; } = new(Least, 10);

    /// <summary>The value of a strategy's parameter, whatever the strategy allows.</summary>
    public static NumberRange Parameter { get; } = new(-1e15, 1e15);

    private static readonly Dictionary<(Type Owner, string Member), NumberRange> _ranges = new()
    {
        [(typeof(BacktestRequest), nameof(BacktestRequest.InitialCash))] = new(0.01, 1e15),
        [(typeof(BacktestRequest), nameof(BacktestRequest.VolumeLimit))] = new(Least, 1),
        [(typeof(BacktestRequest), nameof(BacktestRequest.PeriodsPerYear))] = new(0.01, 1e8),
        [(typeof(BacktestRequest), nameof(BacktestRequest.RiskFreeRate))] = new(-1, 10, ExcludesMinimum: true),
        [(typeof(CommissionTerms), nameof(CommissionTerms.Rate))] = new(0, 1, ExcludesMaximum: true),
        [(typeof(CommissionTerms), nameof(CommissionTerms.Minimum))] = Money,
        [(typeof(CommissionTerms), nameof(CommissionTerms.PerShare))] = Money,
        [(typeof(CommissionTerms), nameof(CommissionTerms.Maximum))] = Money,
        // Half of it each side: a spread of 200 % would make a sale bring in nothing.
        [(typeof(SlippageTerms), nameof(SlippageTerms.BasisPoints))] = new(0, 10_000, ExcludesMaximum: true),
        [(typeof(SlippageTerms), nameof(SlippageTerms.SpreadBasisPoints))] = new(0, 10_000, ExcludesMaximum: true),
        [(typeof(SlippageTerms), nameof(SlippageTerms.RangeFraction))] = new(0, 10, ExcludesMaximum: true),
        [(typeof(SlippageTerms), nameof(SlippageTerms.VolumeImpact))] = new(0, 10, ExcludesMaximum: true),
        [(typeof(MarginTerms), nameof(MarginTerms.Initial))] = new(0.01, 1),
        [(typeof(MarginTerms), nameof(MarginTerms.Maintenance))] = new(0, 1),
        [(typeof(MarginTerms), nameof(MarginTerms.BorrowRate))] = new(0, 100, ExcludesMaximum: true),
        [(typeof(MarginTerms), nameof(MarginTerms.LoanRate))] = new(0, 100, ExcludesMaximum: true),
        [(typeof(SleeveTerms), nameof(SleeveTerms.Share))] = new(Least, 1),
        [(typeof(SizingRule), nameof(SizingRule.Value))] = new(0, 1e15),
        [(typeof(SizingRule), nameof(SizingRule.Window))] = new(2, 4_096),
        [(typeof(RebalanceRule), nameof(RebalanceRule.Drift))] = new(0, 1, ExcludesMaximum: true),
        [(typeof(OrderRule), nameof(OrderRule.Bars))] = new(1, 4_096),
        [(typeof(SweepRequest), nameof(SweepRequest.Sample))] = new(1, 10_000_000),
        [(typeof(WalkForwardRequest), nameof(WalkForwardRequest.InSample))] = new(3, 20_000_000),
        [(typeof(WalkForwardRequest), nameof(WalkForwardRequest.OutOfSample))] = new(1, 20_000_000),
    };

    /// <summary>Every member that has a range. A seed has none: it is any whole number of 64 bits.</summary>
    public static IReadOnlyDictionary<(Type Owner, string Member), NumberRange> All => _ranges;

    /// <summary>The range of a member; null where it has none.</summary>
    /// <param name="owner">The type that declares it.</param>
    /// <param name="member">Its name in C#.</param>
    public static NumberRange? Find(Type owner, string member) => _ranges.GetValueOrDefault((owner, member));

    /// <summary>The range of a member that has one.</summary>
    /// <param name="member">Its name in C#.</param>
    /// <exception cref="KeyNotFoundException">It has none.</exception>
    public static NumberRange Of<T>(string member) => _ranges[(typeof(T), member)];
}
