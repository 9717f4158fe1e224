using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.FollowUps.Scheduling;

/// <summary>Which scheduler to use.</summary>
public enum SchedulerChoice
{
    /// <summary>Task Scheduler on Windows; elsewhere the user's systemd where it runs, else cron.</summary>
    Auto,

    /// <summary>The user's systemd.</summary>
    Systemd,

    /// <summary>The user's crontab.</summary>
    Cron,

    /// <summary>Windows' Task Scheduler.</summary>
    TaskScheduler,
}

/// <summary>What runs PowerShell scripts on this machine, and the module.</summary>
/// <param name="Command">The program, absolute, and what stands before the script's path: <c>pwsh -NoProfile -NonInteractive -File</c>.</param>
/// <param name="Module">The module's manifest, absolute.</param>
public sealed record ScriptHost(IReadOnlyList<string> Command, string Module);

/// <summary>
/// Puts the follow-ups of a plan on the machine's own scheduler, and takes them off again. They are run every hour: a run with
/// nothing due does nothing, and a machine that was off at nine loses no day.
/// </summary>
public sealed class FollowUpRegistrar
{
    private readonly DeploymentPlan _plan;
    private readonly DeploymentTools _tools;
    private readonly DeploymentLayout _layout;
    private readonly IReadOnlyList<IMachineScheduler> _schedulers;

    /// <summary>Names the plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="tools">The outside things.</param>
    public FollowUpRegistrar(DeploymentPlan plan, DeploymentTools tools)
        : this(plan, tools, [new WindowsScheduler(tools.Commands), new SystemdScheduler(tools.Commands), new CronScheduler(tools.Commands)])
    {
    }

    internal FollowUpRegistrar(DeploymentPlan plan, DeploymentTools tools, IReadOnlyList<IMachineScheduler> schedulers) =>
        (_plan, _tools, _layout, _schedulers) = (plan, tools, new DeploymentLayout(plan), schedulers);

    private string Name => $"backtestops-follow-up-{_layout.Scope}";

    private string ScriptPath => Path.Combine(_layout.State, "follow-up.ps1");

    /// <summary>What would be written where. It changes nothing.</summary>
    /// <param name="choice">Which scheduler.</param>
    /// <param name="host">What runs the script.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DeploymentException">This machine has no such scheduler (<c>SchedulerMissing</c>).</exception>
    public async Task<string> PreviewAsync(SchedulerChoice choice, ScriptHost host, CancellationToken cancellationToken = default)
    {
        var scheduler = await ChooseAsync(choice, cancellationToken).ConfigureAwait(false);
        return $"{scheduler.Name}:\n{scheduler.Preview(Entry(host))}\n{ScriptPath}:\n{Script(host)}";
    }

    /// <summary>Registers them. Registered already, as wanted, nothing is changed.</summary>
    /// <param name="choice">Which scheduler.</param>
    /// <param name="host">What runs the script.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DeploymentException">This machine has no such scheduler (<c>SchedulerMissing</c>), or it refused (<c>SchedulerFailed</c>).</exception>
    public async Task<FollowUpRegistration> RegisterAsync(SchedulerChoice choice, ScriptHost host, CancellationToken cancellationToken = default)
    {
        var scheduler = await ChooseAsync(choice, cancellationToken).ConfigureAwait(false);
        var entry = Entry(host);
        try
        {
            Directory.CreateDirectory(_layout.State);
            _layout.Prepare();
            var script = Encoding.UTF8.GetBytes(Script(host));
            var isSame = File.Exists(ScriptPath) && (await File.ReadAllBytesAsync(ScriptPath, cancellationToken).ConfigureAwait(false)).AsSpan().SequenceEqual(script);
            if (!isSame) _tools.Disk.Write(ScriptPath, script);
            var changed = await scheduler.RegisterAsync(entry, cancellationToken).ConfigureAwait(false);
            // Moved from one scheduler to another, the first one lets go: else each day would be done by two.
            foreach (var other in _schedulers.Where(other => other != scheduler)) changed |= await RemoveAsync(other, cancellationToken).ConfigureAwait(false);
            return Registration(scheduler.Name, entry, changed || !isSame) with { Notices = [.. await scheduler.NoticesAsync(cancellationToken).ConfigureAwait(false), .. SecretNotices()] };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DeploymentException.From(error, "registering the follow-ups");
        }
    }

    /// <summary>Takes them off every scheduler that has them.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One for each scheduler that had them; none when none had.</returns>
    public async Task<IReadOnlyList<FollowUpRegistration>> UnregisterAsync(CancellationToken cancellationToken = default)
    {
        var removed = new List<FollowUpRegistration>();
        foreach (var scheduler in _schedulers)
        {
            if (await RemoveAsync(scheduler, cancellationToken).ConfigureAwait(false))
                removed.Add(new FollowUpRegistration { Name = Name, Scheduler = scheduler.Name, Plan = _plan.FilePath, Command = ScriptPath, Changed = true });
        }

        try
        {
            if (File.Exists(ScriptPath)) File.Delete(ScriptPath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DeploymentException.From(error, $"removing '{ScriptPath}'");
        }

        return removed;
    }

    private static async Task<bool> RemoveAsync(IMachineScheduler scheduler, string name, CancellationToken cancellationToken) =>
        await scheduler.IsUsableAsync(cancellationToken).ConfigureAwait(false) && await scheduler.UnregisterAsync(name, cancellationToken).ConfigureAwait(false);

    private Task<bool> RemoveAsync(IMachineScheduler scheduler, CancellationToken cancellationToken) => RemoveAsync(scheduler, Name, cancellationToken);

    private async Task<IMachineScheduler> ChooseAsync(SchedulerChoice choice, CancellationToken cancellationToken)
    {
        var wanted = _schedulers.Where(scheduler => choice == SchedulerChoice.Auto || scheduler.Name == Facts.Write(choice)).ToList();
        foreach (var scheduler in wanted)
        {
            if (await scheduler.IsUsableAsync(cancellationToken).ConfigureAwait(false)) return scheduler;
        }

        throw new DeploymentException(
            "SchedulerMissing", $"This user can use none of {string.Join(", ", wanted.Select(scheduler => scheduler.Name))} on this machine.",
            "Install cron, or run Invoke-DeploymentFollowUp every hour by what this machine has instead.");
    }

    private SchedulerEntry Entry(ScriptHost host) => new()
    {
        Name = Name,
        Title = _plan.Name,
        Command = [.. host.Command, ScriptPath],
        Environment = _tools.Variable("DOTNET_ROOT") is { Length: > 0 } root ? new Dictionary<string, string> { ["DOTNET_ROOT"] = root } : [],
        // Not all plans of a machine at once.
        Minute = SHA256.HashData(Encoding.UTF8.GetBytes(Name))[0] % 60,
        LogPath = Path.Combine(_layout.Logs, "follow-up.log"),
    };

    private string Script(ScriptHost host) =>
        $"""
        # Written by Register-DeploymentFollowUp ({Name}); Unregister-DeploymentFollowUp removes it.
        $ErrorActionPreference = 'Stop'
        Import-Module {Quote(host.Module)}
        Invoke-DeploymentFollowUp -Plan {Quote(_plan.FilePath)} -Confirm:$false

        """;

    private FollowUpRegistration Registration(string scheduler, SchedulerEntry entry, bool changed) => new()
    {
        Name = Name,
        Scheduler = scheduler,
        Plan = _plan.FilePath,
        Command = string.Join(' ', entry.Command),
        Changed = changed,
    };

    private IEnumerable<string> SecretNotices()
    {
        var scheduled = Secrets.Resolve(_plan, _ => null);
        var missing = PlanSecrets.OfChannels(_plan).Distinct(StringComparer.Ordinal).Where(name => scheduled.Find(name) is null).ToList();
        if (missing.Count > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Scheduled runs have not the environment of this session: {string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} missing there. Put them into the file that service.secrets_file names (mode 0600).");
    }

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
