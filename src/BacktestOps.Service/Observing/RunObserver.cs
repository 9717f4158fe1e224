using System.Diagnostics.Metrics;
using BacktestOps.Contracts;
using BacktestOps.Runs;

namespace BacktestOps.Service.Observing;

/// <summary>Writes what becomes of runs to the log, each line with the run's id, and counts and times them for metrics.</summary>
internal sealed partial class RunObserver : IDisposable
{
    /// <summary>The meter of runs.</summary>
    public const string MeterName = "BacktestOps.Service";

    private static readonly TimeSpan CountsLast = TimeSpan.FromSeconds(1);

    // The default ones are for milliseconds.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
    };

    private readonly Meter _meter;
    private readonly Histogram<double> _duration, _wait;
    private readonly ILogger _log;
    private readonly BackendGate _gate;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private (RunCounts Counts, long At)? _counted;

    public RunObserver(IMeterFactory meters, ILoggerFactory loggers, BackendGate gate, TimeProvider clock)
    {
        (_gate, _clock, _log) = (gate, clock, loggers.CreateLogger("BacktestOps.Service.Runs"));
        _meter = meters.Create(MeterName);
        _duration = _meter.CreateHistogram(
            "backtestops.run.duration", "s", "From the begin of a run's last execution to its end, by how it ended.", advice: Seconds);
        _wait = _meter.CreateHistogram(
            "backtestops.run.wait", "s", "From a run's acceptance to the begin of its last execution.", advice: Seconds);
        _meter.CreateObservableGauge("backtestops.runs", ByStatus, "{run}", "Runs of the home in each status.");
        _meter.CreateObservableGauge("backtestops.queue.depth", Waiting, "{run}", "Runs that wait in this process.");
    }

    /// <summary>Is told when an execution began, was put off or ended.</summary>
    public void Tell(BacktestProgress run)
    {
        switch (run)
        {
            case { Status: BacktestStatus.Running, StartedAt: { } startedAt }:
                _wait.Record((startedAt - run.AcceptedAt).TotalSeconds);
                LogBegun(run.BacktestId, run.Attempts);
                break;
            case { EndedAt: { } endedAt }:
                var seconds = (endedAt - (run.StartedAt ?? endedAt)).TotalSeconds;
                _duration.Record(seconds, new KeyValuePair<string, object?>("status", Word(run.Status)));
                if (run.Status == BacktestStatus.Failed)
                    LogFailed(run.BacktestId, seconds, run.Error);
                else
                    LogEnded(run.BacktestId, run.Status, seconds);
                break;
            case { Status: BacktestStatus.Queued, Activity: { } why }:
                LogPostponed(run.BacktestId, why);
                break;
        }
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> ByStatus() => Count() is { } counts
        ? counts.ByStatus.Select(pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>("status", Word(pair.Key))))
        : [];

    private IEnumerable<Measurement<long>> Waiting() => Count() is { } counts ? [new Measurement<long>(counts.Waiting)] : [];

    // Counted once for all gauges of a scrape. While the database is down there is no number, which is not the number 0.
    private RunCounts? Count()
    {
        lock (_lock)
        {
            if (_counted is { } last && _clock.GetElapsedTime(last.At) < CountsLast)
                return last.Counts;
            if (_gate.Current?.Count is not { } count)
                return null;
            try
            {
                var counts = Task.Run(() => count(CancellationToken.None)).GetAwaiter().GetResult();
                _counted = (counts, _clock.GetTimestamp());
                return counts;
            }
            catch (Exception fault) when (fault is BacktestOpsException or ObjectDisposedException)
            {
                return null;
            }
        }
    }

    private static string Word(BacktestStatus status) => status.ToString().ToLowerInvariant();

    [LoggerMessage(EventId = 30, Level = LogLevel.Information, Message = "Began backtest {BacktestId}, attempt {Attempt}")]
    private partial void LogBegun(string backtestId, int attempt);

    [LoggerMessage(EventId = 31, Level = LogLevel.Information, Message = "Ended backtest {BacktestId}: {Status} after {Seconds:0.000} s")]
    private partial void LogEnded(string backtestId, BacktestStatus status, double seconds);

    [LoggerMessage(EventId = 32, Level = LogLevel.Warning, Message = "Ended backtest {BacktestId}: failed after {Seconds:0.000} s: {Reason}")]
    private partial void LogFailed(string backtestId, double seconds, string? reason);

    [LoggerMessage(EventId = 33, Level = LogLevel.Warning, Message = "Put off backtest {BacktestId}: {Reason}")]
    private partial void LogPostponed(string backtestId, string reason);
}
