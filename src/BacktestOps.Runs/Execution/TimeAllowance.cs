namespace BacktestOps.Runs.Execution;

/// <summary>The time that one execution may take. While the run makes room for others it does not pass.</summary>
internal sealed class TimeAllowance : IDisposable
{
    private readonly CancellationTokenSource _late;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private TimeSpan _left;
    private long _since;
    private bool _isPaused, _isOver;

    public TimeAllowance(TimeSpan most, TimeProvider clock)
    {
        (_left, _clock, _since, _late) = (most, clock, clock.GetTimestamp(), new CancellationTokenSource(most, clock));
    }

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Over => _late.Token;

    /// <summary>Stops the time, or lets it go on.</summary>
    public void Pause(bool isPaused)
    {
        lock (_lock)
        {
            if (_isOver || isPaused == _isPaused) return;
            _isPaused = isPaused;
            if (isPaused)
            {
                _left -= _clock.GetElapsedTime(_since);
                _late.CancelAfter(Timeout.InfiniteTimeSpan);
                return;
            }

            _since = _clock.GetTimestamp();
            _late.CancelAfter(_left > TimeSpan.Zero ? _left : TimeSpan.Zero);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _late.Dispose();
        }
    }
}
