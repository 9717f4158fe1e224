using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;

namespace BacktestOps.Operations.Monitoring.Runs;

/// <summary>
/// Sees to it that what was completed stays: every known run is still there, and a part of the results, another one each
/// time, still has its bytes. New completed runs are learnt as they come.
/// </summary>
internal sealed class RunDataWatch
{
    private const int ComparedAtOnce = 20;
    private const int LearntAtOnce = 20;
    private const int MostKnown = 1000;

    private readonly IReadOnlyList<IRunSource> _sources;
    private readonly ArtifactStore _store;
    private readonly RunCatalogue _known;

    // When each run was compared last, in looks; what was bad last time comes first.
    private readonly Dictionary<string, int> _compared = new(StringComparer.Ordinal);
    private int _looks;

    /// <summary>Names what is watched.</summary>
    /// <param name="sources">Where runs can be seen.</param>
    /// <param name="store">Where the catalogue is kept.</param>
    /// <param name="catalogue">The digest of the catalogue of an earlier look; null for none.</param>
    public RunDataWatch(IReadOnlyList<IRunSource> sources, ArtifactStore store, string? catalogue)
    {
        (_sources, _store) = (sources, store);
        _known = (catalogue is null ? null : RunCatalogue.Read(store.Read(catalogue))) ?? RunCatalogue.Empty();
    }

    /// <summary>
    /// The run of the API whose result was good when it was last seen; null while none is known. Where none is good any more,
    /// the last stays: its fault is the users' too.
    /// </summary>
    public string? Good { get; private set; }

    /// <summary>Whether a completed run of the API was ever seen.</summary>
    public bool Knows(string id) => _known.Runs.ContainsKey(id);

    /// <summary>Learns completed runs, so that the first look has something to hold against.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        foreach (var source in _sources)
            await LearnAsync(source, (await source.ListAsync(cancellationToken).ConfigureAwait(false)).Runs, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks at the runs.</summary>
    public async Task<RunDataCheck> LookAsync(CancellationToken cancellationToken)
    {
        _looks++;
        var look = new RunDataCheck { Known = _known.Runs.Count, Listed = 0, Compared = 0 };
        foreach (var source in _sources) look = await LookAsync(source, look, cancellationToken).ConfigureAwait(false);
        var catalogue = _known.Runs.Count == 0 ? null : _store.Put(RunCatalogue.Name, "application/json", _known.Write()).Digest;
        return look with { Catalogue = catalogue };
    }

    private async Task<RunDataCheck> LookAsync(IRunSource source, RunDataCheck look, CancellationToken cancellationToken)
    {
        var (listed, problem) = await source.ListAsync(cancellationToken).ConfigureAwait(false);
        var (vanished, changed) = (new List<string>(), new List<string>());
        var compared = 0;
        foreach (var key in Chosen(source, listed))
        {
            var id = key[source.Prefix.Length..];
            var seen = await source.ReadAsync(id, cancellationToken).ConfigureAwait(false);
            if (seen.Problem is not null)
            {
                problem ??= $"a result could not be read: {seen.Problem}";
                continue;
            }

            compared++;
            var isGood = seen.Digest == _known.Runs[key];
            _compared[key] = isGood ? _looks : -1;
            if (seen.IsGone) vanished.Add(key);
            else if (!isGood) changed.Add(key);
            else if (source is ApiRuns) Good = id;
        }

        await LearnAsync(source, listed, cancellationToken).ConfigureAwait(false);
        return look with
        {
            Listed = listed is null ? look.Listed : look.Listed + listed.Count,
            Compared = look.Compared + compared,
            Vanished = [.. look.Vanished, .. vanished],
            Changed = [.. look.Changed, .. changed],
            Detail = look.Detail ?? problem,
        };
    }

    /// <summary>The known runs that are looked at: all that are not listed any more, then those whose look is longest ago.</summary>
    private List<string> Chosen(IRunSource source, IReadOnlyList<ListedRun>? listed)
    {
        var there = listed?.Select(run => source.Prefix + run.Id).ToHashSet(StringComparer.Ordinal);
        var known = _known.Runs.Keys.Where(key => IsOf(source, key)).ToList();
        var missing = there is null ? [] : known.Where(key => !there.Contains(key)).ToList();
        return [.. missing.Concat(known.Except(missing).OrderBy(key => _compared.GetValueOrDefault(key)).ThenBy(key => key, StringComparer.Ordinal)).Take(Math.Max(ComparedAtOnce, missing.Count))];
    }

    private async Task LearnAsync(IRunSource source, IReadOnlyList<ListedRun>? listed, CancellationToken cancellationToken)
    {
        var room = Math.Min(LearntAtOnce, MostKnown - _known.Runs.Count);
        foreach (var run in listed?.Where(run => run.MayBeCompleted && !_known.Runs.ContainsKey(source.Prefix + run.Id)).Take(room) ?? [])
        {
            if (await source.ReadAsync(run.Id, cancellationToken).ConfigureAwait(false) is not { Digest: { } digest }) continue;
            _known.Runs[source.Prefix + run.Id] = digest;
            _compared[source.Prefix + run.Id] = _looks;
            if (source is ApiRuns) Good ??= run.Id;
        }
    }

    /// <summary>True for a key of a source; the API's have no prefix, and no id of it has a colon.</summary>
    private static bool IsOf(IRunSource source, string key) =>
        source.Prefix.Length > 0 ? key.StartsWith(source.Prefix, StringComparison.Ordinal) : !key.Contains(':', StringComparison.Ordinal);
}
