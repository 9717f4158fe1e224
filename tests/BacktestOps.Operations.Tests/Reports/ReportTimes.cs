namespace BacktestOps.Operations.Tests.Reports;

/// <summary>How long the parts of a deployment and its watch take, in a ledger made for a test.</summary>
internal sealed class ReportTimes
{
    private readonly double[] _late = new double[13];
    private readonly double[] _slower = new double[13];

    /// <summary>Times as they stand in examples: whole minutes, every sample on time.</summary>
    public ReportTimes()
    {
    }

    /// <summary>Times as machines have them: fractions of everything, samples a little or a lot after they were due.</summary>
    /// <param name="seed">The same times for the same seed.</param>
    public ReportTimes(int seed)
    {
        var random = new Random(seed);
        // From a watch of seconds to one of hours.
        Interval = TimeSpan.FromMilliseconds(Math.Round(Math.Pow(10, 2 + (random.NextDouble() * 5))));
        if (random.Next(2) == 0) Interval = TimeSpan.FromMinutes(random.Next(1, 20));
        // What a busy machine adds to a sample: mostly nothing to speak of, and now and then almost an interval.
        for (var slot = 0; slot < _late.Length; slot++) _late[slot] = Interval.TotalSeconds * Math.Pow(random.NextDouble(), 4) * 0.9;
        for (var slot = 0; slot < _slower.Length; slot++) _slower[slot] = random.NextDouble() * 900;
        Steps = [.. StepNames.Select(_ => Math.Pow(10, (random.NextDouble() * 5) - 2))];
        Smoke = Math.Pow(10, (random.NextDouble() * 4) - 1.5);
    }

    public IReadOnlyList<string> StepNames { get; } = ["preflight", "files", "stop", "start", "health"];

    /// <summary>Seconds that each of <see cref="StepNames"/> took.</summary>
    public IReadOnlyList<double> Steps { get; } = [20, 30, 1, 1, 38];

    /// <summary>Seconds that the smoke test took.</summary>
    public double Smoke { get; } = 39.5;

    /// <summary>From one sample of the watch to the next; there are twelve of them.</summary>
    public TimeSpan Interval { get; } = TimeSpan.FromMinutes(5);

    /// <summary>How long after it was due a sample was taken.</summary>
    public TimeSpan Late(int slot) => TimeSpan.FromSeconds(_late[slot]);

    /// <summary>Milliseconds more of a response.</summary>
    public double Slower(int slot) => _slower[slot];
}
