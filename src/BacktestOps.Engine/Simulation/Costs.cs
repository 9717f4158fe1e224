using BacktestOps.Contracts;

namespace BacktestOps.Engine.Simulation;

/// <summary>The commission of fills, and what cash can buy under it.</summary>
/// <param name="Rate">Fraction of the money traded.</param>
/// <param name="Minimum">The least that a fill costs.</param>
/// <param name="FractionalShares">True when fractions of a share can be bought.</param>
/// <param name="PerShare">Money for each share.</param>
/// <param name="Maximum">The most that a fill costs; infinite for no limit.</param>
internal readonly record struct Costs(double Rate, double Minimum, bool FractionalShares, double PerShare = 0, double Maximum = double.PositiveInfinity)
{
    // A quotient this near to a whole number is that number: cash carries the roundings of the fills before it.
    private const double WholeDoubt = 1.0 / (1L << 44);

    public Costs(CommissionTerms terms, bool fractionalShares)
        : this(terms.Rate, terms.Minimum, fractionalShares, terms.PerShare, terms.Maximum ?? double.PositiveInfinity)
    {
    }

    /// <summary>The commission of a fill.</summary>
    /// <param name="money">Shares × price, positive.</param>
    /// <param name="shares">The shares, positive.</param>
    public double Commission(double money, double shares) => Math.Min(Math.Max(Rate * money + PerShare * shares, Minimum), Maximum);

    /// <summary>The most shares that the cash buys, commission included; zero when it buys none.</summary>
    /// <param name="cash">The cash.</param>
    /// <param name="price">The price of a share.</param>
    /// <param name="weight">What a unit of commission takes from the cash: 1, or 1 / initial margin on credit.</param>
    public double Affordable(double cash, double price, double weight = 1)
    {
        if (!(price > 0)) return 0;
        // money + commission ≤ cash, where the commission is the smaller of its maximum and the larger of the other two.
        var byRate = cash / (price * (1 + (Rate + PerShare / price) * weight));
        var byMinimum = (cash - Minimum * weight) / price;
        var shares = Math.Max(Math.Min(byRate, byMinimum), (cash - Maximum * weight) / price);
        return shares > 0 ? Whole(shares) : 0;
    }

    /// <summary>A number of shares as it can be traded: itself, or the whole number at or below it.</summary>
    public double Whole(double shares)
    {
        if (FractionalShares) return shares;
        var nearest = Math.Round(shares);
        return Math.Abs(shares - nearest) <= nearest * WholeDoubt ? nearest : Math.Floor(shares);
    }
}
