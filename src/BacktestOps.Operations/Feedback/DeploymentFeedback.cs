using System.Globalization;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Feedback.Channels;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Feedback;

/// <summary>What users say of a deployed service: read from the plan's channels, kept, and written to the ledger.</summary>
public sealed class DeploymentFeedback : IFeedbackReader
{
    private readonly DeploymentPlan _plan;
    private readonly DeploymentTools _tools;
    private readonly DeploymentLayout _layout;
    private readonly Secrets _secrets;
    private readonly FeedbackReader? _reader;
    private readonly bool _keepsMessages;

    /// <summary>Names the plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="tools">The outside things.</param>
    /// <param name="keepsMessages">False to write nothing: the messages are given and not kept.</param>
    public DeploymentFeedback(DeploymentPlan plan, DeploymentTools tools, bool keepsMessages = true)
    {
        (_plan, _tools, _layout, _keepsMessages) = (plan, tools, new DeploymentLayout(plan), keepsMessages);
        _secrets = Secrets.Resolve(plan, tools.Variable);
        if (plan.Feedback is null) return;
        var store = !keepsMessages ? null : new ArtifactStore(Path.Combine(_layout.Evidence, "artifacts"), _secrets.Redactor);
        _reader = new FeedbackReader(plan.Feedback, Open, store, _secrets.Redactor, tools.Clock);
    }

    /// <summary>True when the plan names channels.</summary>
    public bool HasChannels => _reader is not null;

    /// <summary>From when on messages are about the release that is live: the beginning of its deployment.</summary>
    /// <exception cref="DeploymentException">No release is live.</exception>
    public DateTimeOffset SinceDeployment() => Live()?.StartedAt ?? throw new DeploymentException(
        "NothingDeployed", $"No release of '{_plan.Name}' is live, so there is no time since when feedback is about it.", "Say from when on with -Since.");

    /// <inheritdoc/>
    /// <exception cref="DeploymentException">The plan names no channels.</exception>
    public Task<IReadOnlyList<FeedbackReading>> ReadAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (_reader is null)
            throw new DeploymentException("NoFeedbackChannels", $"The plan '{_plan.FilePath}' names no feedback channels.", "Add a 'feedback' section; New-DeploymentPlan writes one to begin with.");
        if (since > _tools.Clock.GetUtcNow()) throw new DeploymentException("SinceInFuture", $"{since:u} is in the future, so nothing could have been written since.", "Give an earlier time.");
        if (_keepsMessages) Explained(_layout.Prepare);
        return _reader.ReadAsync(since, cancellationToken);
    }

    /// <summary>Writes readings to the ledger.</summary>
    /// <param name="readings">The readings.</param>
    /// <param name="deployment">The deployment that they belong to; null for the one whose release is live.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The numbers of the records, in the order of the readings.</returns>
    public async Task<IReadOnlyList<int>> RecordAsync(IReadOnlyList<FeedbackReading> readings, int? deployment = null, CancellationToken cancellationToken = default)
    {
        var ledger = new EvidenceLedger(_layout.Ledger, _tools.Clock, _tools.Disk, _secrets.Redactor);
        deployment ??= Live()?.Id;
        var numbers = new List<int>();
        try
        {
            foreach (var reading in readings)
                numbers.Add((await ledger.AppendAsync(FeedbackRecord.Of(reading, deployment), cancellationToken).ConfigureAwait(false)).Sequence);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DeploymentException.From(error, "recording what users say");
        }

        return numbers;
    }

    private static void Explained(Action prepare)
    {
        try
        {
            prepare();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DeploymentException.From(error, "preparing where feedback is kept");
        }
    }

    private Deployment? Live() => RootReading.Of(_layout, [_layout.Deployments], () => DeploymentHistory.Read(_layout).Deployments()).LastOrDefault(deployment => deployment.IsCurrent);

    private IFeedbackChannel Open(FeedbackChannelPlan channel) => channel.Kind switch
    {
        FeedbackChannelKind.Imap => new ImapChannel(channel.Server!, Secret(channel.Server!.PasswordSecret!), channel.Folder),
        FeedbackChannelKind.Slack => new SlackChannel(channel.Address, channel.Channel!, Secret(channel.TokenSecret!), _tools.Clock, _tools.ChannelHttp),
        _ => new FileChannel(channel.Path!),
    };

    private string Secret(string name) => _secrets.Find(name) ?? throw new FeedbackException(
        "SecretMissing", $"The secret {name} is not set{(_secrets.FileFault is { } fault ? $" ({fault})" : "")}.",
        $"Set {name} in the operator's environment, or in the file that service.secrets_file names: a scheduled run has no other environment.");
}

/// <summary>A reading as a record of the ledger.</summary>
internal static class FeedbackRecord
{
    public static EvidenceRecord Of(FeedbackReading reading, int? deployment) => new()
    {
        At = reading.ReadAt,
        Kind = EvidenceKind.Feedback,
        Subject = $"user feedback of {reading.Kind} channel '{reading.Channel}'",
        Deployment = deployment,
        Expected = "no complaint and no bug report",
        Observed = reading.Verdict == Verdict.Error ? null : Observed(reading),
        Verdict = reading.Verdict,
        Detail = reading.Detail,
        WindowSeconds = Math.Max(0, (reading.ReadAt - reading.Since).TotalSeconds),
        Samples = reading.Items.Count,
        Artifacts = [.. reading.Items.Select(item => item.Digest).OfType<string>().Distinct(StringComparer.Ordinal)],
        Data = JsonSerializer.SerializeToElement(
            new FeedbackData
            {
                Channel = reading.Channel,
                ChannelKind = reading.Kind,
                Since = reading.Since,
                Until = reading.ReadAt,
                WasRead = reading.Verdict != Verdict.Error,
                Items = reading.Items.Count,
                Positive = reading.Positive,
                Negative = reading.Negative,
                BugReports = reading.BugReports,
                Neutral = reading.Neutral,
                Unreadable = reading.Unreadable,
                Ignored = reading.Ignored,
                Found = [.. reading.Items.Select(item => new FeedbackItemData(item.Id, item.At, item.Class, item.Words, item.Digest))],
            },
            FeedbackJson.Default.FeedbackData),
    };

    /// <summary>A reading on one line.</summary>
    public static string Observed(FeedbackReading reading) => string.Create(
        CultureInfo.InvariantCulture,
        $"{reading.Items.Count} messages: {reading.Positive} positive, {reading.Negative} negative, {reading.BugReports} bug reports, {reading.Neutral} neutral, {reading.Unreadable} unreadable; {reading.Ignored} by programs left out");
}
