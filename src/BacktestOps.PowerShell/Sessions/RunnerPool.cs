using BacktestOps.Contracts;
using BacktestOps.Runs;

namespace BacktestOps.PowerShell.Sessions;

/// <summary>
/// The embedded runners of this process, one for each home and data folder however many runspaces use it: two runners
/// of one home in one process would compete for its runs. The last lease that ends closes the runner.
/// </summary>
/// <param name="open">Opens a runner.</param>
internal sealed class RunnerPool(Func<RunnerOptions, Task<IBacktestApi>> open)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RunnerKey, Entry> _entries = [];

    /// <summary>The pool of the process.</summary>
    public static RunnerPool Shared { get; } = new(async options => await BacktestRunner.OpenAsync(options).ConfigureAwait(false));

    /// <summary>Takes a lease of the runner, which is opened for the first one.</summary>
    /// <param name="key">Which runner.</param>
    /// <param name="cancellationToken">Gives up waiting; the opening goes on for others.</param>
    public async Task<RunnerLease> LeaseAsync(RunnerKey key, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out entry!)) _entries.Add(key, entry = new Entry(key.OpenAsync(open)));
            entry.Leases++;
        }

        try
        {
            return new RunnerLease(this, key, await entry.Runner.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await ReleaseAsync(key).ConfigureAwait(false);
            throw;
        }
    }

    internal async ValueTask ReleaseAsync(RunnerKey key)
    {
        Entry entry;
        lock (_gate)
        {
            entry = _entries[key];
            if (--entry.Leases > 0) return;
            _entries.Remove(key);
        }

        try
        {
            await (await entry.Runner.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception) when (entry.Runner.IsFaulted || entry.Runner.IsCanceled)
        {
            // It never opened, and whoever asked for it was told why.
        }
    }

    private sealed class Entry(Task<IBacktestApi> runner)
    {
        public Task<IBacktestApi> Runner { get; } = runner;

        public int Leases { get; set; }
    }
}

/// <summary>Which embedded runner.</summary>
/// <param name="HomePath">Its home folder; null for the default.</param>
/// <param name="DataPath">Its folder of CSV files; null for the bundled data.</param>
internal sealed record RunnerKey(string? HomePath, string? DataPath)
{
    /// <summary>The runner that the environment asks for, with other data when a folder is given.</summary>
    /// <param name="dataPath">A folder of CSV files, absolute; null for BACKTESTOPS_DATA or the bundled data.</param>
    public static RunnerKey FromEnvironment(string? dataPath) =>
        new(Variable("BACKTESTOPS_HOME"), dataPath ?? Variable("BACKTESTOPS_DATA"));

    public Task<IBacktestApi> OpenAsync(Func<RunnerOptions, Task<IBacktestApi>> open) =>
        Task.Run(() => open(new RunnerOptions { HomePath = HomePath, DataPath = DataPath }));

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } path ? Path.GetFullPath(path) : null;
}

/// <summary>The use of an embedded runner.</summary>
internal sealed class RunnerLease(RunnerPool pool, RunnerKey key, IBacktestApi runner) : IAsyncDisposable
{
    private int _ended;

    /// <summary>The runner.</summary>
    public IBacktestApi Runner { get; } = runner;

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _ended, 1) == 0 ? pool.ReleaseAsync(key) : default;
}
