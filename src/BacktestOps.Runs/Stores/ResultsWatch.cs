using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using BacktestOps.Contracts;
using Microsoft.Data.Sqlite;

namespace BacktestOps.Runs.Stores;

/// <summary>
/// Looks now and then, when health is asked for, whether the database and the folder of results tell the same story: a result that is
/// gone or was changed, and results of runs that the database does not know, because it was removed or replaced.
/// </summary>
/// <param name="databasePath">The database file.</param>
/// <param name="files">The results.</param>
/// <param name="clock">The clock.</param>
internal sealed class ResultsWatch(string databasePath, ResultFiles files, TimeProvider clock)
{
    // Names are compared each time; of the contents some are read, in turn, so that a look stays short however many there are.
    private const long MostBytesALook = 32 << 20;
    private const int Named = 5;
    private static readonly TimeSpan Good = TimeSpan.FromSeconds(30), Bad = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, bool> _altered = new(StringComparer.Ordinal);
    private Task _check = Task.CompletedTask;
    private long? _ended;
    private string _last = "";

    /// <summary>What is wrong with the results; null while nothing is known to be.</summary>
    public string? ResultsProblem { get; private set; }

    /// <summary>What the database lacks; null while nothing is known to be missing.</summary>
    public string? DatabaseProblem { get; private set; }

    /// <summary>True when the database knows no run at all, so that nobody put it there: one of a backup knows some.</summary>
    public bool IsDatabaseEmpty { get; private set; }

    /// <summary>Makes the check if it is due; one that takes long is left to end in the background, and the last one holds.</summary>
    public void LookIfDue()
    {
        Task check;
        lock (_lock)
        {
            var isDue = _ended is not { } ended || clock.GetElapsedTime(ended) > (ResultsProblem is null && DatabaseProblem is null ? Good : Bad);
            if (_check.IsCompleted && isDue) _check = Task.Run(Look);
            check = _check;
        }

        check.Wait(Patience);
    }

    private void Look()
    {
        var (results, database) = (ResultsProblem, DatabaseProblem);
        try
        {
            // The files first: a result has its name a moment before its run is completed, never after.
            var named = files.Ids();
            using var session = new SqliteSession(databasePath, SqliteOpenMode.ReadOnly, Patience);
            var runs = session.Query(
                "SELECT id, result_digest, json_valid(request) AND request ->> '$.sweep' IS NOT NULL FROM runs",
                row => (Id: row.GetString(0), Digest: row.IsDBNull(1) ? null : row.GetString(1), IsSweep: row.GetBoolean(2)));
            var completed = runs.Where(run => run.Digest is not null).ToDictionary(run => run.Id, run => run.Digest!, StringComparer.Ordinal);
            // A sweep has two files, and its result is of no use for much of what it is asked without the other.
            var lost = runs.Where(run => run.Digest is not null && ((!named.Contains(run.Id) && !File.Exists(files.PathOf(run.Id))) || (run.IsSweep && !File.Exists(files.VariantsPathOf(run.Id)))))
                .Select(run => run.Id).ToList();
            FindAltered(completed);
            string?[] problems = [Tell(lost, "is gone", "are gone"), Tell([.. _altered.Keys], "is not what was published", "are not what was published")];
            results = problems.Any(problem => problem is not null) ? string.Join(" ", problems.OfType<string>()) : null;
            named.ExceptWith(runs.Select(run => run.Id));
            IsDatabaseEmpty = runs.Count == 0;
            database = named.Count == 0 ? null : string.Create(
                CultureInfo.InvariantCulture,
                $"The run database knows nothing of {named.Count:N0} of the results in the folder 'results' ({List(named)}): it was removed, emptied or replaced. Restore it from a backup, or stop the service and run Repair-BacktestHome, which rebuilds it from the results.");
        }
        catch (Exception fault) when (fault is BacktestUnavailableException or IOException or UnauthorizedAccessException)
        {
            // The database or the folder is down, which the looks at them tell; what was known of the results still holds.
        }

        lock (_lock) (ResultsProblem, DatabaseProblem, _ended) = (results, database, clock.GetTimestamp());
    }

    private void FindAltered(Dictionary<string, string> completed)
    {
        foreach (var id in _altered.Keys.Where(id => !completed.ContainsKey(id) || !File.Exists(files.PathOf(id)))) _altered.TryRemove(id, out _);
        var budget = MostBytesALook;
        // From where the look before ended, and around.
        var turn = completed.Keys.Order(StringComparer.Ordinal).ToList();
        var next = turn.FindIndex(id => string.CompareOrdinal(id, _last) > 0);
        foreach (var id in (next < 0 ? turn : [.. turn.Skip(next), .. turn.Take(next)]))
        {
            var path = files.PathOf(id);
            if (!File.Exists(path)) continue;
            // At least one a look, however large it is.
            if (budget <= 0) return;
            budget -= new FileInfo(path).Length;
            using var file = File.OpenRead(path);
            if (Convert.ToHexStringLower(SHA256.HashData(file)) == completed[id]) _altered.TryRemove(id, out _);
            else _altered[id] = true;
            _last = id;
        }
    }

    private static string? Tell(List<string> ids, string one, string many) => ids.Count == 0 ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"{ids.Count:N0} published {(ids.Count == 1 ? "result" : "results")} {(ids.Count == 1 ? one : many)} ({List(ids)}). Restore the {(ids.Count == 1 ? "file" : "files")} from a backup, or stop the service and run Repair-BacktestHome, which marks such runs as failed.");

    private static string List(IReadOnlyCollection<string> ids) =>
        string.Join(", ", ids.Order(StringComparer.Ordinal).Take(Named)) + (ids.Count > Named ? ", …" : "");
}
