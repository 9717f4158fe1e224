namespace BacktestOps.Operations.Plans;

/// <summary>How a service is watched after a deployment.</summary>
public sealed record WatchPlan
{
    /// <summary>How long.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The time between two samples.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The time between two lines of the record.</summary>
    public TimeSpan RecordEvery { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How many requests a sample sends to each endpoint.</summary>
    public int Requests { get; init; } = 5;

    /// <summary>The time between two smoke journeys during the watch; null for none.</summary>
    public TimeSpan? SmokeEvery { get; init; }

    /// <summary>What the values must be below.</summary>
    public WatchThresholds Thresholds { get; init; } = new();

    /// <summary>Endpoints beside the health and the download: names and paths.</summary>
    public IReadOnlyDictionary<string, string> Endpoints { get; init; } = new Dictionary<string, string>();

    /// <summary>What is looked for in the logs.</summary>
    public LogPlan Logs { get; init; } = new();

    /// <summary>The path that lists the runs; null when the plan says that there is none, and run data is not watched.</summary>
    public string? Runs { get; init; } = "/api/backtests";

    /// <summary>The files of results, absolute, with <c>*</c> in the name; null where only the API is asked.</summary>
    public string? RunFiles { get; init; }
}

/// <summary>What the values of a watch must be below.</summary>
public sealed record WatchThresholds
{
    /// <summary>CPU in percent of all processors, of the service and of the machine.</summary>
    public double CpuPercent { get; init; } = 80;

    /// <summary>Memory in percent of the machine's, of the service and of the machine.</summary>
    public double MemoryPercent { get; init; } = 80;

    /// <summary>The root's file system, as df counts.</summary>
    public double DiskPercent { get; init; } = 90;

    /// <summary>An answer (95th percentile).</summary>
    public TimeSpan Api { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A download (95th percentile).</summary>
    public TimeSpan Download { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>What is looked for in the logs.</summary>
public sealed record LogPlan
{
    /// <summary>Log files beside those that the service writes under the root, absolute; the file's name may have <c>*</c> in it.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>A line that tells of a request, as a regular expression; a group <c>count</c> says of how many.</summary>
    public string Request { get; init; } = LogPatterns.Request;

    /// <summary>Lines that are of no class whatever they say, as a regular expression.</summary>
    public string Ignore { get; init; } = LogPatterns.Ignored;

    /// <summary>The classes of lines, by name, as regular expressions.</summary>
    public IReadOnlyDictionary<string, string> Classes { get; init; } = LogPatterns.Usual;

    /// <summary>How many lines of a class a watch may see in one sample before that is a fail; none when a class is not named.</summary>
    public IReadOnlyDictionary<string, int> Allowed { get; init; } = new Dictionary<string, int>();
}

/// <summary>What says that a release must be taken back.</summary>
public sealed record CriteriaPlan
{
    /// <summary>The criterion that downloads answer 404.</summary>
    public const string DownloadNotFound = "download_404";

    /// <summary>The criterion that a feature does not work.</summary>
    public const string FeatureBroken = "feature_broken";

    /// <summary>The criterion that answers take much longer than before the deployment.</summary>
    public const string SevereSlowdown = "severe_slowdown";

    /// <summary>The criterion that completed runs are gone or changed.</summary>
    public const string DataLoss = "data_loss";

    /// <summary>All criteria that there are.</summary>
    public static IReadOnlyList<string> All { get; } = [DownloadNotFound, FeatureBroken, SevereSlowdown, DataLoss];

    /// <summary>The criteria that count.</summary>
    public IReadOnlyList<string> Criteria { get; init; } = All;

    /// <summary>When a slowdown is severe.</summary>
    public SlowdownPlan Slowdown { get; init; } = new();
}

/// <summary>When a slowdown is severe: all of it must hold.</summary>
public sealed record SlowdownPlan
{
    /// <summary>The one-sided exact p must be at most this.</summary>
    public double Alpha { get; init; } = 0.01;

    /// <summary>
    /// Vargha and Delaney's A must be at least this; they call 0.71 large (A Critique and Improvement of the CL Common Language
    /// Effect Size Statistics of McGraw and Wong, 2000).
    /// </summary>
    public double Effect { get; init; } = 0.71;

    /// <summary>Answers must take at least so many times as long (Hodges-Lehmann).</summary>
    public double Ratio { get; init; } = 2;

    /// <summary>The median must be at least so much longer: twice nearly nothing is nearly nothing.</summary>
    public TimeSpan LongerBy { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How many answers there must be, before and after, for the test to say anything.</summary>
    public int Samples { get; init; } = 20;
}
