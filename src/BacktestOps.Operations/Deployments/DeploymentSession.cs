using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Services;

namespace BacktestOps.Operations.Deployments;

/// <summary>
/// The right to change a root, and everything that changing it needs: the lock is held from the beginning to the disposal,
/// and every step goes through <see cref="StepAsync{T}"/>, which writes down what is about to be done and what was.
/// </summary>
internal sealed class DeploymentSession : IDisposable
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromMilliseconds(500);

    private readonly DeploymentLock _lock;
    private readonly IProgress<StepProgress>? _progress;
    private readonly List<CheckResult> _checks = [];
    private IReadOnlyDictionary<string, TimeSpan> _expected;
    private Journal? _journal;

    private DeploymentSession(DeploymentPlan plan, DeploymentTools tools, DeploymentLayout layout, DeploymentLock own, IProgress<StepProgress>? progress)
    {
        (Plan, Tools, Layout, _lock, _progress) = (plan, tools.Guarded(plan, layout, hasLock: true), layout, own, progress);
        Secrets = Secrets.Resolve(plan, tools.Variable);
        Ledger = new EvidenceLedger(layout.Ledger, tools.Clock, tools.Disk, Secrets.Redactor);
        Host = Tools.Host?.Invoke(plan, layout, Tools) ?? ServiceHosts.For(plan, layout, Tools);
        History = DeploymentHistory.Read(layout);
        _expected = History.Durations();
    }

    public DeploymentPlan Plan { get; }

    public DeploymentTools Tools { get; }

    public DeploymentLayout Layout { get; }

    public Secrets Secrets { get; }

    public IServiceHost Host { get; }

    public EvidenceLedger Ledger { get; }

    public DeploymentHistory History { get; private set; }

    public Journal Journal => _journal ?? throw new InvalidOperationException("No journal was opened.");

    /// <summary>The number of the deployment whose journal is open.</summary>
    public int Id { get; private set; }

    public IReadOnlyList<CheckResult> Checks => _checks;

    /// <summary>Takes the lock, and ends what a killed deployment left running.</summary>
    /// <exception cref="DeploymentException">The root can't be used, or another process changes it.</exception>
    public static async Task<DeploymentSession> BeginAsync(
        DeploymentPlan plan, DeploymentTools tools, IProgress<StepProgress>? progress, CancellationToken cancellationToken)
    {
        var layout = new DeploymentLayout(plan);
        DeploymentLock own;
        try
        {
            Directory.CreateDirectory(layout.Root);
            DeploymentLayout.MakePrivate(layout.State);
            own = await LockAsync(layout, tools, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DeploymentException.From(error, $"preparing the root '{plan.Root}'");
        }

        try
        {
            layout.Prepare();
            if (ServiceProcessRecord.Read(layout.ServiceRecord) is { } started) ServiceLogs.Rotate(started.LogPath, plan.Service.LogBytes, tools.Clock.GetUtcNow());
            await Leftovers.EndAsync(tools.Guarded(plan, layout, hasLock: true), cancellationToken).ConfigureAwait(false);
            return new DeploymentSession(plan, tools, layout, own, progress);
        }
        catch (Exception error)
        {
            own.Dispose();
            if (error is IOException or UnauthorizedAccessException) throw DeploymentException.From(error, $"preparing the root '{plan.Root}'");
            throw;
        }
    }

    /// <summary>
    /// Takes the lock. A process that was killed while it forked leaves a child that has the lock until it becomes its
    /// program, a moment later; so a lock that is taken is looked at a little longer.
    /// </summary>
    private static async Task<DeploymentLock> LockAsync(DeploymentLayout layout, DeploymentTools tools, CancellationToken cancellationToken)
    {
        var begin = tools.Clock.GetTimestamp();
        while (true)
        {
            try
            {
                return DeploymentLock.Acquire(layout.LockFile, tools.Disk, tools.Clock);
            }
            catch (DeploymentException error) when (error.ErrorId == "DeploymentLocked" && tools.Clock.GetElapsedTime(begin) < LockPatience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), tools.Clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Begins the journal of a new deployment.</summary>
    public void Open(DeploymentKind kind, string? version, Func<int, string?> release, string? reason, IReadOnlyDictionary<string, string>? more = null)
    {
        Id = History.NextId;
        try
        {
            _journal = Journal.Create(Layout.DeploymentFolder(Id), Tools.Disk, Tools.Clock, Secrets.Redactor, Tools.Recorded);
            _journal.Write(JournalEntry.Opened, detail: reason, facts: new Dictionary<string, string>(more ?? new Dictionary<string, string>())
            {
                [Facts.Name] = Plan.Name,
                [Facts.Kind] = Facts.Write(kind),
                [Facts.Version] = version ?? "",
                [Facts.Release] = release(Id) ?? "",
                [Facts.Previous] = Layout.LiveRelease() ?? "",
                [Facts.Plan] = Plan.Digest,
                [Facts.Operator] = Tools.Operator,
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DeploymentException.From(error, "beginning the journal");
        }
    }

    /// <summary>Goes on with the journal of a deployment that was not closed.</summary>
    public void Reopen(int id)
    {
        Id = id;
        _journal = Journal.Open(Layout.DeploymentFolder(id), Tools.Disk, Tools.Clock, Secrets.Redactor, Tools.Recorded);
        _expected = History.Durations(id);
    }

    /// <summary>Does a step: intent, work, done. A failure is recorded where that is possible, and thrown.</summary>
    public async Task<T> StepAsync<T>(
        string step, Func<Task<(T Value, string Detail)>> work, Func<T, IReadOnlyDictionary<string, string>>? facts = null)
    {
        var begin = Tools.Clock.GetTimestamp();
        TimeSpan? expected = _expected.TryGetValue(step, out var time) ? time : null;
        _progress?.Report(new StepProgress(step, Step.Activity(step), IsDone: false, expected, null, null));
        try
        {
            WriteIfPossible(JournalEntry.Intent, step);
            var (value, detail) = await work().ConfigureAwait(false);
            var took = Tools.Clock.GetElapsedTime(begin);
            WriteIfPossible(JournalEntry.Done, step, detail, took, facts?.Invoke(value));
            _progress?.Report(new StepProgress(step, Step.Activity(step), IsDone: true, expected, took, detail));
            return value;
        }
        catch (Exception error)
        {
            var known = DeploymentException.From(error, Step.Activity(step));
            known = RedactedException.Of(known, Secrets.Redactor) ?? known;
            if (known is DeploymentException { Checks.Count: > 0 } checkedFault) await KeepIfPossibleAsync(Step.Base(step), checkedFault.Checks).ConfigureAwait(false);
            var took = Tools.Clock.GetElapsedTime(begin);
            Tolerate(() => Journal.Write(JournalEntry.Failed, step, $"{known.ErrorId}: {known.Message}", took));
            _progress?.Report(new StepProgress(step, Step.Activity(step), IsDone: true, expected, took, known.Message));
            if (ReferenceEquals(known, error)) throw;
            throw known;
        }
    }

    /// <summary>Keeps checks as evidence; <paramref name="data"/> is what the record of a check carries for programs.</summary>
    public async Task KeepAsync(
        string kind, IReadOnlyList<CheckResult> checks, IReadOnlyList<string>? artifacts = null, Func<CheckResult, JsonElement?>? data = null)
    {
        checks = [.. checks.Select(check => RedactedCheck.Of(check, Secrets.Redactor))];
        _checks.AddRange(checks);
        foreach (var check in checks)
        {
            try
            {
                await Ledger.AppendAsync(EvidenceRecord.Of(kind, check, Id, artifacts) with { Data = data?.Invoke(check) }).ConfigureAwait(false);
            }
            catch (Exception error) when (IsGoingBack && error is (IOException or UnauthorizedAccessException or DeploymentException))
            {
                // Going back must not be kept from succeeding by a full disk or a ledger that somebody damaged.
            }
        }
    }

    /// <summary>True while what ran before is brought back: then a record that can't be written stops nothing.</summary>
    public bool IsGoingBack { get; set; }

    /// <summary>
    /// Ends the deployment: first as evidence, then in the journal. So no closed journal is without its evidence; a process that
    /// dies in between leaves the journal open, and whoever resumes it writes the evidence of how it really ended.
    /// </summary>
    public async Task<Deployment> CloseAsync(
        DeploymentOutcome outcome, Verdict verdict, string? reason, string? action, IReadOnlyDictionary<string, string> facts)
    {
        try
        {
            var closing = new DeploymentClosing(outcome, verdict, reason, action, facts);
            try
            {
                await Ledger.AppendAsync(DeploymentEnd.Of(DeploymentHistory.Read(Layout).Describe(Id), closing, Plan, Tools.Clock.GetUtcNow())).ConfigureAwait(false);
            }
            catch (Exception error) when ((outcome != DeploymentOutcome.Succeeded || IsGoingBack) && error is (IOException or UnauthorizedAccessException or DeploymentException))
            {
                // A deployment that did not succeed must be able to end on a full disk; one whose success can't be shown is none.
            }

            Journal.Write(JournalEntry.Closed, detail: reason, facts: new Dictionary<string, string>(facts)
            {
                [Facts.Outcome] = Facts.Write(outcome),
                [Facts.Verdict] = Facts.Write(verdict),
                [Facts.Action] = action ?? "",
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DeploymentException.From(error, $"closing the journal ({Facts.Write(outcome)}; Resume-Deployment closes it)");
        }

        return Result();
    }

    /// <summary>The deployment as its journal tells it now, with the checks of this session.</summary>
    public Deployment Result()
    {
        History = DeploymentHistory.Read(Layout);
        return History.Describe(Id) with { Checks = _checks };
    }

    /// <summary>Ends what its commands left behind, while nobody else can have the lock.</summary>
    public async Task EndStartedAsync()
    {
        try
        {
            await Leftovers.EndAsync(Tools, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DeploymentException)
        {
            // How the deployment ended is decided; whoever has the root next tries again, and says so.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    /// <summary>Keeps the checks of a failure: what can't be kept must not hide it.</summary>
    private async Task KeepIfPossibleAsync(string kind, IReadOnlyList<CheckResult> checks)
    {
        try
        {
            await KeepAsync(kind, checks).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DeploymentException)
        {
            // They are part of what is returned.
        }
    }

    private void WriteIfPossible(JournalEntry entry, string step, string? detail = null, TimeSpan? took = null, IReadOnlyDictionary<string, string>? facts = null)
    {
        void Write() => Journal.Write(entry, step, detail, took, facts);
        if (IsGoingBack) Tolerate(Write);
        else Write();
    }

    private static void Tolerate(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
            // The journal only explains what is found; what is done here is found on the disk and among the processes.
        }
    }
}
