namespace BacktestOps.Operations.Deployments;

/// <summary>A step of a deployment begins or ends.</summary>
/// <param name="Step">The step.</param>
/// <param name="Activity">What it does, for people.</param>
/// <param name="IsDone">True at its end.</param>
/// <param name="Expected">How long it took the last time; null when that is not known.</param>
/// <param name="Actual">How long it took; null while it is under way.</param>
/// <param name="Detail">What it did, or why it failed.</param>
public sealed record StepProgress(string Step, string Activity, bool IsDone, TimeSpan? Expected, TimeSpan? Actual, string? Detail);

/// <summary>The steps and what they do, in words.</summary>
internal static class Step
{
    public const string Preflight = "preflight";
    public const string Baseline = "baseline";
    public const string Backup = "backup";
    public const string Fetch = "fetch";
    public const string Build = "build";
    public const string Files = "files";
    public const string Stop = "stop";
    public const string Restore = "restore";
    public const string Switch = "switch";
    public const string Start = "start";
    public const string Health = "health";
    public const string Smoke = "smoke";
    public const string Record = "record";
    public const string Rollback = "rollback.";

    /// <summary>A step's name without the prefix of the rollback.</summary>
    public static string Base(string step) => step.StartsWith(Rollback, StringComparison.Ordinal) ? step[Rollback.Length..] : step;

    /// <summary>What a step does, as part of a sentence: <c>while stopping the service</c>.</summary>
    public static string Activity(string step) => Base(step) switch
    {
        Preflight => "checking whether all is ready",
        Baseline => "measuring the running release",
        Backup => "backing up the database",
        Fetch => "fetching the release",
        Build => "building the release",
        Files => "checking the release's files",
        Stop => "stopping the service",
        Restore => "restoring the database",
        Switch => "switching to the release",
        Start => "starting the service",
        Health => "waiting for the release's own healthy answer",
        Smoke => "making the smoke journey",
        Record => "recording the result",
        _ => step,
    };
}
