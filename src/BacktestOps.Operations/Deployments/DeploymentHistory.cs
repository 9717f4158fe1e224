using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Releases;

namespace BacktestOps.Operations.Deployments;

/// <summary>What became of a release.</summary>
internal enum ReleaseStanding
{
    /// <summary>It was never verified.</summary>
    Unproven,

    /// <summary>It ran and was verified.</summary>
    Good,

    /// <summary>It failed, or was gone back from.</summary>
    Bad,
}

/// <summary>A release as the history knows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Standing">What became of it.</param>
/// <param name="LiveOrder">Grows with each time that it went live; 0 for never.</param>
/// <param name="Why">Why it is bad.</param>
internal sealed record ReleaseHistory(string Name, ReleaseStanding Standing, int LiveOrder, string? Why);

/// <summary>All deployments of a root, told by their journals in the order of their numbers, never by the times of files.</summary>
internal sealed class DeploymentHistory
{
    private readonly DeploymentLayout _layout;
    private readonly List<(int Id, List<JournalRecord> Records)> _journals;
    private readonly Dictionary<string, ReleaseHistory> _releases = new(StringComparer.Ordinal);

    private DeploymentHistory(DeploymentLayout layout, List<(int Id, List<JournalRecord> Records)> journals)
    {
        (_layout, _journals) = (layout, journals);
        var order = 0;
        foreach (var (_, records) in journals)
        {
            if (records.LastOrDefault(record => record.Entry == JournalEntry.Closed) is not { } closed) continue;
            Live = closed.Fact(Facts.Live);
            if (closed.Fact(Facts.Good) is { } good) Update(good, release => release with { Standing = ReleaseStanding.Good, LiveOrder = ++order, Why = null });
            if (closed.Fact(Facts.Bad) is { } bad) Update(bad, release => release with { Standing = ReleaseStanding.Bad, Why = closed.Detail });
        }
    }

    /// <summary>The release that should be live, as the last closed journal says.</summary>
    public string? Live { get; }

    /// <summary>The number of the next deployment.</summary>
    public int NextId => _journals.Count == 0 ? 1 : _journals[^1].Id + 1;

    /// <summary>The deployment that was not closed; null when all were.</summary>
    public int? OpenId => _journals.FindLast(journal => journal.Records.All(record => record.Entry != JournalEntry.Closed)).Id is > 0 and var id ? id : null;

    public static DeploymentHistory Read(DeploymentLayout layout)
    {
        var journals = new List<(int, List<JournalRecord>)>();
        if (!Directory.Exists(layout.Deployments)) return new DeploymentHistory(layout, journals);
        foreach (var folder in Directory.EnumerateDirectories(layout.Deployments).Order(StringComparer.Ordinal))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            // Killed before its first record: nothing was begun.
            if (Journal.Read(folder, out _) is { Count: > 0 } records) journals.Add((id, records));
        }

        return new DeploymentHistory(layout, journals);
    }

    public IReadOnlyList<JournalRecord> Records(int id) => _journals.Find(journal => journal.Id == id).Records ?? [];

    public ReleaseHistory Release(string name) => _releases.GetValueOrDefault(name) ?? new ReleaseHistory(name, ReleaseStanding.Unproven, 0, null);

    /// <summary>The good releases that can be gone back to, the one that was live last first.</summary>
    /// <param name="live">The release that is live: it is not among them.</param>
    public IReadOnlyList<string> RollbackTargets(string? live) =>
    [
        .. _releases.Values
            .Where(release => release.Standing == ReleaseStanding.Good && release.Name != live && ReleaseManifest.Read(_layout.ReleaseFolder(release.Name)) is not null)
            .OrderByDescending(release => release.LiveOrder)
            .Select(release => release.Name),
    ];

    /// <summary>The number of the deployment whose backup has the database as it was when a release was live last; null when there is none.</summary>
    public int? BackupAfter(string release) => _journals.FindLast(journal =>
        journal.Records.Exists(record => record.Entry == JournalEntry.Opened && record.Fact(Facts.Previous) == release && record.Fact(Facts.Kind) == "deploy")
        && File.Exists(_layout.BackupFile(journal.Id))).Id is > 0 and var id ? id : null;

    /// <summary>How long each step took the last time it was done.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Durations(int before = int.MaxValue)
    {
        var durations = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var record in _journals.Where(journal => journal.Id < before).SelectMany(journal => journal.Records))
        {
            if (record is { Entry: JournalEntry.Done, Step: { } step, Seconds: { } seconds }) durations[step] = Time(seconds);
        }

        return durations;
    }

    /// <summary>Every deployment, in the order of their numbers.</summary>
    public IReadOnlyList<Deployment> Deployments() => [.. _journals.Select(journal => Describe(journal.Id, journal.Records))];

    public Deployment Describe(int id) => Describe(id, Records(id));

    private Deployment Describe(int id, IReadOnlyList<JournalRecord> records)
    {
        var opened = records[0];
        var closed = records.LastOrDefault(record => record.Entry == JournalEntry.Closed);
        var release = opened.Fact(Facts.Release);
        return new Deployment
        {
            Id = id,
            Name = opened.Fact(Facts.Name) ?? "",
            Kind = Facts.Parse<DeploymentKind>(opened.Fact(Facts.Kind)),
            Version = opened.Fact(Facts.Version),
            Release = release,
            Revision = records.Select(record => record.Fact(Facts.Revision)).LastOrDefault(revision => revision is not null),
            Previous = opened.Fact(Facts.Previous),
            Live = closed?.Fact(Facts.Live),
            Outcome = closed is null ? DeploymentOutcome.Open : Facts.Parse<DeploymentOutcome>(closed.Fact(Facts.Outcome)),
            Verdict = closed is null ? Verdict.Inconclusive : Facts.Parse<Verdict>(closed.Fact(Facts.Verdict)),
            Reason = closed?.Detail ?? opened.Detail,
            Action = closed is null ? "Resume-Deployment finds out what there is and finishes it." : closed.Fact(Facts.Action),
            Operator = opened.Fact(Facts.Operator),
            StartedAt = opened.At,
            Duration = closed is null ? null : closed.At - opened.At,
            Gap = closed?.Fact(Facts.Gap) is { } gap ? Time(double.Parse(gap, CultureInfo.InvariantCulture)) : null,
            IsCurrent = closed is not null && Live is not null && release == Live && closed.Fact(Facts.Live) == Live,
            IsBad = release is not null && Release(release).Standing == ReleaseStanding.Bad,
            Steps = Steps(records, Durations(id)),
        };
    }

    private static List<DeploymentStep> Steps(IReadOnlyList<JournalRecord> records, IReadOnlyDictionary<string, TimeSpan> expected)
    {
        var steps = new List<DeploymentStep>();
        foreach (var record in records.Where(record => record.Step is not null))
        {
            if (record.Entry == JournalEntry.Intent)
                steps.Add(new DeploymentStep
                {
                    Name = record.Step!,
                    StartedAt = record.At,
                    ExpectedDuration = expected.TryGetValue(record.Step!, out var time) ? time : null,
                });
            else if (steps.Count > 0 && steps[^1].Name == record.Step)
                steps[^1] = steps[^1] with
                {
                    Duration = record.Seconds is { } seconds ? Time(seconds) : null,
                    Succeeded = record.Entry == JournalEntry.Done,
                    Detail = record.Detail,
                };
        }

        return steps;
    }

    private void Update(string name, Func<ReleaseHistory, ReleaseHistory> change) => _releases[name] = change(Release(name));

    // As it was before it was written: FromSeconds cuts, and the double of a time is now and then a hair below it.
    private static TimeSpan Time(double seconds) => TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
}
