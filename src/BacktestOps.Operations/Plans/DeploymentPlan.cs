using BacktestOps.Operations.Smoke;

namespace BacktestOps.Operations.Plans;

/// <summary>What is deployed, where, and how it is known to be well: the content of a <c>deployment.json</c>.</summary>
public sealed record DeploymentPlan
{
    /// <summary>The plan file, absolute.</summary>
    public required string FilePath { get; init; }

    /// <summary>SHA-256 of the plan file, so that a deployment can name the plan that it followed.</summary>
    public required string Digest { get; init; }

    /// <summary>The deployed thing's name, lower case.</summary>
    public required string Name { get; init; }

    /// <summary>The folder that everything of the deployment lies in, absolute.</summary>
    public required string Root { get; init; }

    /// <summary>Where releases come from.</summary>
    public required SourcePlan Source { get; init; }

    /// <summary>Commands that make a release out of what the source gives, in this order.</summary>
    public IReadOnlyList<BuildCommand> Build { get; init; } = [];

    /// <summary>What a release must contain after its build.</summary>
    public IReadOnlyList<RequiredFile> Files { get; init; } = [];

    /// <summary>Paths (relative to a release) that live in <c>shared</c> and are linked into each release.</summary>
    public IReadOnlyList<string> Shared { get; init; } = [];

    /// <summary>How the service is run.</summary>
    public required ServicePlan Service { get; init; }

    /// <summary>The service's database; null when it has none that is to be backed up.</summary>
    public DatabasePlan? Database { get; init; }

    /// <summary>What a healthy service answers.</summary>
    public required HealthPlan Health { get; init; }

    /// <summary>The smoke journey; null when the plan says that there is none.</summary>
    public SmokeSettings? Smoke { get; init; }

    /// <summary>How the service is watched after a deployment.</summary>
    public WatchPlan Watch { get; init; } = new();

    /// <summary>What says that a release must be taken back.</summary>
    public CriteriaPlan Rollback { get; init; } = new();

    /// <summary>What the machine must have.</summary>
    public Requirements Requirements { get; init; } = new();

    /// <summary>Where users say how it is; null when the plan names no channel.</summary>
    public FeedbackPlan? Feedback { get; init; }

    /// <summary>Who is told of what ended.</summary>
    public IReadOnlyList<NotificationChannelPlan> Notifications { get; init; } = [];

    /// <summary>How the week after a deployment is looked at; null when the plan says that it is not.</summary>
    public FollowUpPlan? FollowUp { get; init; }

    /// <summary>What of the procedure only people can answer.</summary>
    public ChecklistPlan Checklist { get; init; } = new();

    /// <summary>How many good releases are kept, the live one among them.</summary>
    public int Keep { get; init; } = 5;
}

/// <summary>Where releases come from: a git repository, or archives.</summary>
/// <param name="Git">The repository's URL or path; null for archives.</param>
/// <param name="Tag">The tag of a version, with <c>{version}</c> in it.</param>
/// <param name="Zip">The archive of a version, absolute, with <c>{version}</c> in it; null for git.</param>
/// <param name="Digests">The SHA-256 of each version's archive, hex.</param>
public sealed record SourcePlan(string? Git, string Tag, string? Zip, IReadOnlyDictionary<string, string> Digests);

/// <summary>A command of the build.</summary>
/// <param name="Command">The program and its arguments; <c>{version}</c> and <c>{release}</c> (the folder) stand for themselves.</param>
/// <param name="Timeout">How long it may take.</param>
public sealed record BuildCommand(IReadOnlyList<string> Command, TimeSpan Timeout);

/// <summary>Something that a release must contain.</summary>
/// <param name="Path">Relative; with a slash at its end, a folder that is not empty.</param>
/// <param name="Json">Fields that a JSON file must have, by path; values may contain <c>{version}</c>.</param>
/// <param name="Contains">A text that the file must contain; null for none. It may contain <c>{version}</c>.</param>
public sealed record RequiredFile(string Path, IReadOnlyDictionary<string, string> Json, string? Contains);

/// <summary>What runs a service.</summary>
public enum ServiceKind
{
    /// <summary>A process of its own session that outlives whoever started it.</summary>
    Process,

    /// <summary>A unit of systemd.</summary>
    Systemd,

    /// <summary>The operator's own start, stop and status commands.</summary>
    Command,
}

/// <summary>How the service is run.</summary>
public sealed record ServicePlan
{
    /// <summary>What runs it.</summary>
    public ServiceKind Kind { get; init; }

    /// <summary>The program and its arguments; for <see cref="ServiceKind.Command"/> the command that starts it.</summary>
    public IReadOnlyList<string> Start { get; init; } = [];

    /// <summary>The command that stops it, for <see cref="ServiceKind.Command"/>.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>The command that says whether it runs (exit code 0: yes, its first line may be the process id), for <see cref="ServiceKind.Command"/>.</summary>
    public IReadOnlyList<string> Status { get; init; } = [];

    /// <summary>The unit, for <see cref="ServiceKind.Systemd"/>.</summary>
    public string? Unit { get; init; }

    /// <summary>The folder that it is started in, relative to the release.</summary>
    public string WorkingFolder { get; init; } = ".";

    /// <summary>Its environment, beside the operator's; values may be <c>secret:NAME</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A file of <c>NAME=value</c> lines with mode 0600, absolute; null when secrets are in the operator's environment only.</summary>
    public string? SecretsFile { get; init; }

    /// <summary>The TCP port that it listens on.</summary>
    public required int Port { get; init; }

    /// <summary>Where it is asked: health and smoke.</summary>
    public required Uri Address { get; init; }

    /// <summary>How long it may take to end by itself before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How large its log may grow before it is rotated, in bytes.</summary>
    public long LogBytes { get; init; } = 16 << 20;

    /// <summary>How many logs are kept.</summary>
    public int LogFiles { get; init; } = 5;
}

/// <summary>When a rollback puts the database back to the backup that was made before the deployment.</summary>
public enum RestorePolicy
{
    /// <summary>Never, unless it is asked for.</summary>
    Never,

    /// <summary>When nothing was accepted since the backup.</summary>
    WhenNothingIsLost,

    /// <summary>Always; what is given up is counted, said and kept beside.</summary>
    Always,
}

/// <summary>The service's database.</summary>
/// <param name="Path">The SQLite file, absolute.</param>
/// <param name="Restore">When a rollback restores it.</param>
/// <param name="AcceptedTable">The table of accepted work; null when the plan names none.</param>
/// <param name="AcceptedKey">Its key column.</param>
public sealed record DatabasePlan(string Path, RestorePolicy Restore, string? AcceptedTable, string? AcceptedKey);

/// <summary>What a healthy service answers.</summary>
public sealed record HealthPlan
{
    /// <summary>The path of its health document.</summary>
    public string Path { get; init; } = "/api/health";

    /// <summary>The fields that it must have; a value is a string, a Boolean, a number (decimal) or null, strings may contain <c>{version}</c>.</summary>
    public IReadOnlyDictionary<string, object?> Fields { get; init; } = new Dictionary<string, object?>();

    /// <summary>The field that names the version.</summary>
    public string VersionField { get; init; } = "version";

    /// <summary>The field that names the process id; null when the document has none, and the owner of the port is the proof alone.</summary>
    public string? ProcessField { get; init; }

    /// <summary>How long a started service may take until it is healthy.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest time of one answer.</summary>
    public TimeSpan MaxLatency { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>The smoke journey: through the API, and through the page in a browser.</summary>
public sealed record SmokeSettings
{
    /// <summary>The JSON that is posted to start a backtest; null for a <c>BuyAndHold</c> of the first symbol that the service lists.</summary>
    public string? StartBody { get; init; }

    /// <summary>True to send an <c>Idempotency-Key</c> with the start.</summary>
    public bool SendIdempotencyKey { get; init; }

    /// <summary>Where the service answers.</summary>
    public SmokeEndpoints Endpoints { get; init; } = new();

    /// <summary>The way through the page; null when the service has none.</summary>
    public PagePlan? Page { get; init; } = new();

    /// <summary>How long one answer may take, the download among them.</summary>
    public TimeSpan ResponseTimeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the whole journey may take.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>What the machine must have.</summary>
public sealed record Requirements
{
    /// <summary>Programs and the lowest version of each.</summary>
    public IReadOnlyList<ToolRequirement> Tools { get; init; } = [];

    /// <summary>Environment variables of the operator that must be there (their values are never read further).</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Free bytes on the root's file system.</summary>
    public long DiskFreeBytes { get; init; } = 256 << 20;
}

/// <summary>A program that must be there.</summary>
/// <param name="Name">Its name or path.</param>
/// <param name="Arguments">What makes it print its version.</param>
/// <param name="Minimum">The lowest version; null for any.</param>
public sealed record ToolRequirement(string Name, IReadOnlyList<string> Arguments, Version? Minimum);
