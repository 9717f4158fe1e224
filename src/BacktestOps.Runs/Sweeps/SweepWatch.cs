using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.Sweeps;

/// <summary>Measures how fast a sweep is and tells how far.</summary>
/// <param name="clock">The clock.</param>
/// <param name="variants">Variants in all.</param>
/// <param name="tell">Is told the fraction done, what is being done, and the numbers.</param>
internal sealed class SweepWatch(TimeProvider clock, long variants, Action<double, string, SweepProgress> tell)
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly long _start = clock.GetTimestamp();
    private long _done, _skipped, _told;

    /// <summary>Variants that an earlier execution left behind: done, but no measure of speed.</summary>
    public void Skip(long count) => (_done, _skipped) = (_done + count, _skipped + count);

    /// <summary>Variants that were run. From any thread.</summary>
    public void Advance(long count)
    {
        lock (_lock)
        {
            _done += count;
            if (_told != 0 && clock.GetElapsedTime(_told) < s_every) return;
            _told = clock.GetTimestamp();
            tell((double)_done / variants, Describe(out var progress), progress);
        }
    }

    private string Describe(out SweepProgress progress)
    {
        var elapsed = clock.GetElapsedTime(_start);
        var speed = elapsed >= s_least ? (_done - _skipped) / elapsed.TotalSeconds : (double?)null;
        var left = speed > 0 ? (variants - _done) / speed : null;
        progress = new SweepProgress { Done = _done, Variants = variants, VariantsPerSecond = speed, SecondsLeft = left };
        var text = string.Create(CultureInfo.InvariantCulture, $"{_done:N0} of {variants:N0} variants");
        return speed is null ? text : string.Create(CultureInfo.InvariantCulture, $"{text}, {speed:N0} a second, {Math.Ceiling(left ?? 0):N0} s left");
    }
}
