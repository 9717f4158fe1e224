using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Health;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.ServiceProcesses;
using BacktestOps.Operations.Services;

namespace BacktestOps.Operations.Deployments;

/// <summary>What a gate saw.</summary>
/// <param name="Checks">The checks of the last look.</param>
/// <param name="Looks">How many looks there were.</param>
/// <param name="Members">How many processes of the release lived through the last look.</param>
/// <param name="Latency">How long the last answer took; null when none came.</param>
internal sealed record GateResult(IReadOnlyList<CheckResult> Checks, int Looks, int Members, TimeSpan? Latency)
{
    public Verdict Verdict => Verdicts.Combine(Checks.Select(check => check.Verdict));
}

/// <summary>
/// Lets a release through when a healthy answer names its version and comes from its own process. When a port is taken the
/// program that has it still answers, so an answer alone proves nothing about the process that was started.
/// </summary>
internal sealed class HealthGate(DeploymentPlan plan, IServiceHost host, DeploymentTools tools)
{
    public const string ProcessCheck = "process";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks once.</summary>
    /// <param name="version">The version that must answer.</param>
    /// <param name="release">The release whose process must answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<GateResult> LookAsync(string version, string release, CancellationToken cancellationToken)
    {
        var members = await OfReleaseAsync(release, cancellationToken).ConfigureAwait(false);
        var owners = tools.PortOwners(plan.Service.Port);
        var expected = owners?.FirstOrDefault(owner => members.Any(member => member.Identity.Id == owner)) is > 0 and var owner
            ? owner
            : members.FirstOrDefault(member => member.IsRoot)?.Identity.Id ?? 0;
        using var check = new HealthCheck(tools.Http?.Invoke(), tools.Clock);
        var report = await check.RunAsync(HealthExpectations.Of(plan, version, expected), cancellationToken).ConfigureAwait(false);
        // Looked at again after the answer: only a process that lived before and after it can have given it.
        var still = members.Where(member => member.Identity.IsAlive()).ToList();
        return new GateResult([.. report.Checks, ProcessOf(release, still, owners, report)], 1, still.Count, report.Latency);
    }

    /// <summary>Looks until the release is through, or can't be any more, or the plan's time is over.</summary>
    /// <exception cref="DeploymentException">It did not come through.</exception>
    public async Task<GateResult> WaitAsync(string version, string release, string logPath, CancellationToken cancellationToken)
    {
        var begin = tools.Clock.GetTimestamp();
        for (var looks = 1; ; looks++)
        {
            var seen = await LookAsync(version, release, cancellationToken).ConfigureAwait(false) with { Looks = looks };
            if (seen.Verdict == Verdict.Pass) return seen;
            if (seen.Members == 0)
                throw new DeploymentException(
                    "ServiceExited",
                    $"The process of release {release} ended before it was healthy. Its log says:{Environment.NewLine}{ServiceLog.Tail(logPath, 8)}",
                    $"Mend what the log names; the whole log is '{logPath}'.") { Checks = seen.Checks };
            if (WrongVersion(seen)) throw Fault(seen, "VersionMismatch", version, "the process of the new release names another version");
            if (tools.Clock.GetElapsedTime(begin) >= plan.Health.Timeout)
                throw Fault(seen, Reason(seen), version, FormattableString.Invariant($"not healthy within {plan.Health.Timeout.TotalSeconds:0.###} s"));
            await Task.Delay(Pause, tools.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<List<ServiceMember>> OfReleaseAsync(string release, CancellationToken cancellationToken) =>
        [.. (await host.FindAsync(cancellationToken).ConfigureAwait(false)).Where(member => member.Release is null || member.Release == release)];

    private CheckResult ProcessOf(string release, List<ServiceMember> members, IReadOnlyList<int>? owners, HealthReport report)
    {
        var ids = members.Select(member => member.Identity.Id).ToHashSet();
        var strangers = owners?.Where(owner => !ids.Contains(owner)).ToList() ?? [];
        var named = plan.Health.ProcessField is { } field && report.Checks.Any(check => check.Name == field && check.Verdict == Verdict.Pass);
        var (verdict, detail) = (members.Count, owners, strangers.Count) switch
        {
            (0, _, _) => (Verdict.Fail, "no process of this release lives"),
            (_, { Count: > 0 }, > 0) => (Verdict.Fail, "another process has the port, so the answers are not this release's"),
            (_, { Count: > 0 }, _) => (Verdict.Pass, null),
            _ when named => (Verdict.Pass, "named by the health document"),
            _ => (Verdict.Inconclusive, "who has the port can't be seen, and the health document names no process"),
        };
        return new CheckResult
        {
            Name = ProcessCheck,
            Subject = string.Create(CultureInfo.InvariantCulture, $"port {plan.Service.Port}"),
            Verdict = verdict,
            Expected = $"a process of release {release}",
            Observed = owners is { Count: > 0 } ? string.Join(", ", owners.Select(owner => $"process {owner}{(ids.Contains(owner) ? $" of {release}" : "")}")) : "nobody seen",
            Detail = detail,
            Action = verdict == Verdict.Pass ? null : "See who listens on the port ('ss -ltnp'), and end it when it should not.",
            Samples = 1,
            ObservedAt = tools.Clock.GetUtcNow(),
        };
    }

    private bool WrongVersion(GateResult seen) =>
        seen.Checks.Any(check => check.Name == ProcessCheck && check.Verdict == Verdict.Pass)
        && seen.Checks.Any(check => check.Name == "HTTP status" && check.Verdict == Verdict.Pass)
        && seen.Checks.Any(check => check.Name == plan.Health.VersionField && check is { Verdict: Verdict.Fail, Observed: not null });

    private static string Reason(GateResult seen) =>
        seen.Checks.Any(check => check is { Name: ProcessCheck, Verdict: Verdict.Fail }) ? "StrangerAnswers" : "Unhealthy";

    private DeploymentException Fault(GateResult seen, string reason, string version, string what)
    {
        var failed = seen.Checks.Where(check => check.Verdict != Verdict.Pass).Select(check => Checks.Describe(check));
        return new DeploymentException(
            reason, $"Version {version} at {plan.Service.Address}: {what}: {string.Join("; ", failed)}.",
            seen.Checks.First(check => check.Verdict != Verdict.Pass).Action ?? "Read the service's log.") { Checks = seen.Checks };
    }
}

/// <summary>Check results in words.</summary>
internal static class Checks
{
    private const int LongestDetail = 200;

    /// <summary>What a check found, on one line; of a long detail its begin, the whole is in the ledger.</summary>
    public static string Describe(CheckResult check) =>
        $"{check.Name}: {check.Observed?.TrimEnd('.') ?? "nothing seen"}, expected {check.Expected}{(check.Detail is null ? "" : $" ({Begin(check.Detail)})")}";

    private static string Begin(string detail)
    {
        var line = detail.Split('\n')[0].TrimEnd();
        return line.Length <= LongestDetail ? line : line[..LongestDetail] + "…";
    }
}
