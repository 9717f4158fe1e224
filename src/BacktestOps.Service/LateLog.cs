namespace BacktestOps.Service;

/// <summary>Takes lines for the log from the moment the backend is opened, which is before it and the log are put together.</summary>
public sealed class LateLog
{
    private const int MostWaiting = 100;

    private readonly Lock _lock = new();
    private readonly List<string> _waiting = [];
    private Action<string>? _log;

    /// <summary>Writes to the log, or keeps the first lines until there is one.</summary>
    /// <param name="text">What is to be said.</param>
    public void Write(string text)
    {
        lock (_lock)
        {
            if (_log is null && _waiting.Count < MostWaiting)
                _waiting.Add(text);
            _log?.Invoke(text);
        }
    }

    /// <summary>Says where the log is.</summary>
    /// <param name="log">Takes one event at a time.</param>
    public void Open(Action<string> log)
    {
        ArgumentNullException.ThrowIfNull(log);
        lock (_lock)
        {
            _waiting.ForEach(log);
            _waiting.Clear();
            _log = log;
        }
    }
}
