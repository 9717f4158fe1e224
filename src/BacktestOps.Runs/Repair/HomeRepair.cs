using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs.Execution;
using BacktestOps.Runs.Stores;
using Microsoft.Data.Sqlite;

namespace BacktestOps.Runs.Repair;

/// <summary>Puts a home's database right by its published results. No result is ever changed or removed.</summary>
public sealed class HomeRepair
{
    private readonly RunnerHome _home;
    private readonly ResultFiles _files;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, string?> _known;
    private readonly string? _damage;
    private readonly List<(long Sequence, DateTimeOffset AcceptedAt)> _order = [];
    private bool _isAside;
    private long? _before;

    private HomeRepair(RunnerHome home, TimeProvider clock)
    {
        (_home, _files, _clock) = (home, new ResultFiles(home.Results, new DiskFlush()), clock);
        (_known, _damage) = ReadDatabase();
    }

    /// <summary>The home folder, absolute.</summary>
    public string HomePath => _home.Root;

    /// <summary>Why the database is put aside and made anew; null where it can be read, or where there is none.</summary>
    public string? Damage => _damage;

    /// <summary>Looks at a home that no process has open. Nothing is changed.</summary>
    /// <param name="homePath">The folder; null for BACKTESTOPS_HOME, else the user's local application data.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <exception cref="BacktestUnavailableException">There is no such home, a process has it open, or it can't be read.</exception>
    public static HomeRepair Open(string? homePath, TimeProvider? clock = null)
    {
        var home = RunnerHome.At(homePath);
        if (!Directory.Exists(home.Results))
            throw new BacktestUnavailableException($"'{home.Root}' has no folder 'results', so there is nothing to repair by.", "Name the home folder of the runs: -HomePath, or BACKTESTOPS_HOME.");
        try
        {
            if (OwnerLease.IsAnyHeld(home.Owners))
                throw new BacktestUnavailableException($"A process has the home '{home.Root}' open.", "Stop the service with Stop-BacktestService, and close the sessions that use this home; then try again.");
            return new HomeRepair(home, clock ?? TimeProvider.System);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BacktestUnavailableException($"The home '{home.Root}' can't be read: {fault.Message}", "Repair it as the user whose runs these are.", fault);
        }
    }

    /// <summary>Every run and result of the home, in the order of acceptance as far as ids and results tell it.</summary>
    public IEnumerable<HomeItem> Look()
    {
        var ids = _files.Ids().Concat(_known.Where(run => run.Value is not null).Select(run => run.Key)).Distinct();
        // An id tells the second of acceptance; of those of one second the one that ended first stands first.
        foreach (var id in ids.OrderBy(id => BacktestIds.AcceptedAt(id)).ThenBy(EndOf).ThenBy(id => id, StringComparer.Ordinal)) yield return Look(id);
    }

    /// <summary>Puts right what is unknown or lost; gives the item as it is then.</summary>
    /// <param name="item">An item that <see cref="Look()"/> gave.</param>
    /// <exception cref="BacktestUnavailableException">The database can't be written.</exception>
    public HomeItem Repair(HomeItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item is not { Finding: HomeFinding.Unknown or HomeFinding.Lost, BacktestId: { } id }) return item;
        PutDamagedAside();
        using var store = new RunStore(_home.Database, _clock);
        if (item.Finding == HomeFinding.Lost) store.MarkLost(id, $"The result was lost: {item.Detail} Start the backtest again.");
        else
        {
            var (run, symbols) = RunOf(id, File.ReadAllBytes(_files.PathOf(id)))!.Value;
            store.Restore(run, symbols, PlaceOf(run));
        }

        return item with { IsRepaired = true };
    }

    // Lists are in the order of acceptance, which is that of the sequence: what is older than all that is known gets a place before it.
    private long? PlaceOf(RunRecord run)
    {
        if (_order.Count == 0 || run.AcceptedAt > _order.Max(known => known.AcceptedAt)) return null;
        _before ??= _order.Min(known => known.Sequence) - _files.Ids().Count(id => !_known.ContainsKey(id)) - 1;
        return ++_before;
    }

    private DateTimeOffset? EndOf(string id)
    {
        try
        {
            return _known.ContainsKey(id) ? null : RunOf(id, File.ReadAllBytes(_files.PathOf(id)))?.Run.EndedAt;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private HomeItem Look(string id)
    {
        var item = new HomeItem { BacktestId = id, File = ResultFiles.NameOf(id), Finding = HomeFinding.Sound };
        byte[] content;
        try
        {
            content = File.ReadAllBytes(_files.PathOf(id));
        }
        catch (FileNotFoundException)
        {
            return item with { Finding = HomeFinding.Lost, Detail = "The file is gone." };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return item with { Finding = HomeFinding.Unusable, Detail = fault.Message };
        }

        if (_known.TryGetValue(id, out var digest))
        {
            // A run that has not completed has no result to hold its file against; the next opening sees to it.
            return digest is null || digest == Digest(content) ? item : item with { Finding = HomeFinding.Lost, Detail = "The file is not what was published: its SHA-256 differs from the one stored with the run." };
        }

        return RunOf(id, content) is null
            ? item with { BacktestId = null, Finding = HomeFinding.Unusable, Detail = "The file is no result document of the run that its name tells." }
            : item with { Finding = HomeFinding.Unknown, Detail = "The database does not know the run." };
    }

    private static (RunRecord Run, IReadOnlyList<string> Symbols)? RunOf(string id, byte[] content)
    {
        try
        {
            if (JsonSerializer.Deserialize(content, ContractsJson.Default.BacktestResult) is not { Status: BacktestStatus.Completed } result || result.BacktestId != id) return null;
            return (new RunRecord
            {
                Id = id,
                Status = BacktestStatus.Completed,
                RequestJson = JsonSerializer.Serialize(result.Request, ContractsJson.Default.BacktestRequest),
                Fingerprints = [.. result.Data.Append(result.BenchmarkData).OfType<DataUsed>().Select(data => data.Fingerprint)],
                StrategyFingerprint = result.StrategyFile?.Fingerprint,
                Owner = "repair",
                Attempts = 1,
                // The id tells the second of acceptance; no document tells when the execution began.
                AcceptedAt = BacktestIds.AcceptedAt(id) ?? result.CompletedAt,
                EndedAt = result.CompletedAt,
                ResultDigest = Digest(content),
            }, result.Request.Symbols);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private (Dictionary<string, string?> Known, string? Damage) ReadDatabase()
    {
        var known = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (new FileInfo(_home.Database) is not { Exists: true, Length: > 0 }) return (known, null);
        try
        {
            using var session = new SqliteSession(_home.Database, SqliteOpenMode.ReadOnly, TimeSpan.FromSeconds(5));
            foreach (var (id, digest, sequence, at) in session.Query(
                "SELECT id, result_digest, seq, accepted_at FROM runs", row => (row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetInt64(2), row.GetInt64(3))))
            {
                known[id] = digest;
                _order.Add((sequence, DateTimeOffset.FromUnixTimeMilliseconds(at)));
            }

            return (known, null);
        }
        catch (BacktestUnavailableException fault) when (StoreFault.IsDamage(fault))
        {
            return ([], fault.Message);
        }
    }

    private void PutDamagedAside()
    {
        if (_damage is null || _isAside) return;
        _isAside = true;
        var aside = string.Create(CultureInfo.InvariantCulture, $"{_home.Database}.damaged-{_clock.GetUtcNow():yyyyMMdd-HHmmss}");
        for (var number = 2; File.Exists(aside); number++) aside = string.Create(CultureInfo.InvariantCulture, $"{aside.Split(" (")[0]} ({number})");
        foreach (var suffix in (string[])["-wal", "-shm", ""])
            if (File.Exists(_home.Database + suffix)) File.Move(_home.Database + suffix, aside + suffix);
    }

    private static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
