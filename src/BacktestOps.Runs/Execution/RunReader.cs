using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs.Stores;

namespace BacktestOps.Runs.Execution;

/// <summary>Answers what runs are doing and gives their results, for the runs of every process that shares the home.</summary>
internal sealed class RunReader(RunStore store, ResultFiles files, LiveRuns live, string endpoint)
{
    private const int MostEnded = 10_000;
    private const long MostResultBytes = 64 << 20;

    // A state that never changes again is read from the database once.
    private readonly ConcurrentDictionary<string, BacktestProgress> _ended = new(StringComparer.Ordinal);
    // Files of variants whose bytes were seen to be the published ones, and when they had been written.
    private readonly ConcurrentDictionary<string, DateTime> _proved = new(StringComparer.Ordinal);
    private readonly ResultCache _results = new(MostResultBytes);

    /// <summary>The state of a run.</summary>
    /// <exception cref="BacktestNotFoundException">No such run.</exception>
    public BacktestProgress Progress(string backtestId)
    {
        ArgumentNullException.ThrowIfNull(backtestId);
        if (_ended.TryGetValue(backtestId, out var ended))
            return ended;
        if (live.Find(backtestId) is { } running)
            return running;
        var progress = (store.Find(backtestId) ?? throw new BacktestNotFoundException(backtestId, endpoint)).ToProgress();
        if (progress.Status.IsTerminal())
        {
            if (_ended.Count >= MostEnded)
                _ended.Clear();
            _ended[backtestId] = progress;
        }

        return progress;
    }

    /// <summary>Runs, newest first.</summary>
    /// <exception cref="InvalidRequestException">The query is out of its limits.</exception>
    public IReadOnlyList<BacktestProgress> List(BacktestQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Limit is < 1 or > 1000)
            throw new InvalidRequestException([new RequestFault("limit", FormattableString.Invariant($"{query.Limit} is out of range"), "1 to 1000")]);
        var runs = store.List(query)
            ?? throw new InvalidRequestException([new RequestFault("cursor", "is of no run", "take next_cursor of the page before, or leave it out")]);
        return [.. runs.Select(Newest)];
    }

    /// <summary>The published document of a run.</summary>
    /// <exception cref="BacktestNotFoundException">No such run.</exception>
    /// <exception cref="ResultNotReadyException">The run has not completed.</exception>
    /// <exception cref="ResultLostException">The file is gone or is not what was published.</exception>
    /// <exception cref="BacktestUnavailableException">The file can't be read now.</exception>
    public ResultDocument Result(string backtestId)
    {
        ArgumentNullException.ThrowIfNull(backtestId);
        if (_results.Find(backtestId) is { } held)
            return held;
        var progress = Progress(backtestId);
        if (progress is not { Status: BacktestStatus.Completed, ResultDigest: { } digest, ResultsFile: { } name })
            throw new ResultNotReadyException(progress);

        var document = new ResultDocument(backtestId, name, Read(files.PathOf(backtestId), digest), digest);
        _results.Add(document);
        return document;
    }

    /// <summary>The published variants of a sweep, open for reading.</summary>
    /// <exception cref="BacktestNotFoundException">No such run.</exception>
    /// <exception cref="ResultNotReadyException">The run has not completed.</exception>
    /// <exception cref="NotASweepException">It has no variants.</exception>
    /// <exception cref="ResultLostException">The file is gone or is not what was published.</exception>
    /// <exception cref="BacktestUnavailableException">The file can't be read now.</exception>
    public VariantsDocument Variants(string backtestId)
    {
        var result = JsonSerializer.Deserialize(Result(backtestId).Content.Span, ContractsJson.Default.BacktestResult)!;
        var published = result.Sweep?.File ?? throw new NotASweepException(backtestId);
        var path = files.VariantsPathOf(backtestId);
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
            if (IsPublished(file, published)) return new VariantsDocument(backtestId, published.Name, published.Bytes, published.Sha256, file);
            file.Dispose();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, fault);
        }
        throw new ResultLostException($"The file of variants 'results/{published.Name}' is not what was published: its SHA-256 is not that of the result.");
    }

    // Read whole once for as long as nobody writes it: a file of another length or content must never be given out as the published one.
    private bool IsPublished(FileStream file, SweepFile published)
    {
        if (file.Length != published.Bytes) return false;
        var written = File.GetLastWriteTimeUtc(file.SafeFileHandle);
        if (_proved.TryGetValue(published.Name, out var proved) && proved == written) return true;
        var isSame = Convert.ToHexStringLower(SHA256.HashData(file)) == published.Sha256;
        file.Position = 0;
        if (isSame) _proved[published.Name] = written;
        return isSame;
    }

    // The store is ahead of memory for the moment between a run's end and its leaving; what was told must not be taken back.
    private BacktestProgress Newest(RunRecord run)
    {
        if (run.Status.IsTerminal())
            live.Leave(run.Id);
        return live.Find(run.Id) ?? run.ToProgress();
    }

    private static byte[] Read(string path, string digest)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, fault);
        }

        return Convert.ToHexStringLower(SHA256.HashData(content)) == digest
            ? content
            : throw new ResultLostException($"The result file 'results/{Path.GetFileName(path)}' is not what was published: its SHA-256 differs from the one stored with the run.");
    }

    // What is gone stays gone; what a disk or a right keeps from being read may be read later.
    private static BacktestOpsException Unreadable(string path, Exception fault) => fault is FileNotFoundException or DirectoryNotFoundException
        ? new ResultLostException($"The result file 'results/{Path.GetFileName(path)}' is gone.", fault)
        : new BacktestUnavailableException($"The result file '{path}' can't be read: {fault.Message}", "Give this user the right to read it, or see to the disk; then ask again.", fault);
}
