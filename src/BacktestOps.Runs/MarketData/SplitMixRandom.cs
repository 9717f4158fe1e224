namespace BacktestOps.Runs.MarketData;

/// <summary>
/// Random numbers that are the same on every platform and with every version of .NET:
/// SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014).
/// </summary>
internal sealed class SplitMixRandom(ulong seed)
{
    private const int UniformsPerNormal = 12;
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong NextBits()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>
    /// Nearly normal, mean 0, variance 1, within ±6: the sum of twelve uniforms less six (Irwin–Hall).
    /// Additions only, because logarithms and sines differ in their last bits between C libraries.
    /// </summary>
    public double NextNormal()
    {
        var sum = 0.0;
        for (var i = 0; i < UniformsPerNormal; i++)
            sum += NextUniform();
        return sum - UniformsPerNormal / 2.0;
    }
}
