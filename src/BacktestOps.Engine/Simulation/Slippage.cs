using BacktestOps.Contracts;

namespace BacktestOps.Engine.Simulation;

/// <summary>What a fill sees of its bar.</summary>
internal readonly record struct FillBar(double High, double Low, double Volume);

/// <summary>How far a market order fills from its price, against the trader.</summary>
internal interface ISlippage
{
    /// <summary>Money for each share, 0 or more.</summary>
    /// <param name="price">The price of the bar at which the order is due.</param>
    /// <param name="shares">How many shares, 0 or more.</param>
    /// <param name="bar">The bar.</param>
    double PerShare(double price, double shares, in FillBar bar);
}

/// <summary>A part of the price.</summary>
/// <param name="fraction">The part; half the spread, for example.</param>
internal sealed class PriceSlippage(double fraction) : ISlippage
{
    public double PerShare(double price, double shares, in FillBar bar) => price * fraction;
}

/// <summary>A part of the bar's range.</summary>
/// <param name="fraction">The part.</param>
internal sealed class RangeSlippage(double fraction) : ISlippage
{
    public double PerShare(double price, double shares, in FillBar bar) => Math.Max(0, bar.High - bar.Low) * fraction;
}

/// <summary>
/// Price × factor × (shares / volume)², as zipline's and LEAN's models by share of volume; at most as for the whole volume, beyond
/// which a bar says nothing.
/// </summary>
/// <param name="factor">The factor.</param>
internal sealed class VolumeImpact(double factor) : ISlippage
{
    public double PerShare(double price, double shares, in FillBar bar)
    {
        if (!(bar.Volume > 0)) return 0;
        var share = Math.Min(1, shares / bar.Volume);
        return price * factor * share * share;
    }
}

/// <summary>The models of a request, added up.</summary>
internal sealed class SlippageSum
{
    private readonly ISlippage[] _parts;

    /// <summary>Makes the models that the terms ask for.</summary>
    public SlippageSum(SlippageTerms? terms)
    {
        var parts = new List<ISlippage>();
        if (terms is { BasisPoints: > 0 }) parts.Add(new PriceSlippage(terms.BasisPoints / 10_000));
        if (terms is { SpreadBasisPoints: > 0 }) parts.Add(new PriceSlippage(terms.SpreadBasisPoints / 20_000));
        if (terms is { RangeFraction: > 0 }) parts.Add(new RangeSlippage(terms.RangeFraction));
        if (terms is { VolumeImpact: > 0 }) parts.Add(new VolumeImpact(terms.VolumeImpact));
        _parts = [.. parts];
        ReadsRange = terms is { RangeFraction: > 0 };
        DependsOnSize = terms is { VolumeImpact: > 0 };
    }

    /// <summary>True when orders fill at the price of the bar.</summary>
    public bool IsNone => _parts.Length == 0;

    /// <summary>True when the bar's high and low take part.</summary>
    public bool ReadsRange { get; }

    /// <summary>True when a larger order fills at a worse price.</summary>
    public bool DependsOnSize { get; }

    /// <summary>The price of a fill; 0 at the lowest.</summary>
    /// <param name="side">1 to buy, −1 to sell.</param>
    /// <param name="price">The price of the bar.</param>
    /// <param name="shares">How many shares.</param>
    /// <param name="bar">The bar.</param>
    public double Fill(int side, double price, double shares, in FillBar bar)
    {
        if (_parts.Length == 0) return price;
        var distance = 0.0;
        foreach (var part in _parts) distance += part.PerShare(price, shares, bar);
        return Math.Max(0, price + side * distance);
    }
}
