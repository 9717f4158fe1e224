using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Feedback.Channels;
using BacktestOps.Operations.Feedback.Classification;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Feedback;

/// <summary>Reads the channels, classes what users wrote, and keeps it.</summary>
/// <param name="plan">The channels.</param>
/// <param name="open">Opens a channel; what it throws is why the channel can't be read.</param>
/// <param name="store">Where the messages are kept; null to keep none.</param>
/// <param name="redactor">Takes secrets out of what users wrote.</param>
/// <param name="clock">The clock.</param>
internal sealed class FeedbackReader(
    FeedbackPlan plan, Func<FeedbackChannelPlan, IFeedbackChannel> open, ArtifactStore? store, Redactor redactor, TimeProvider clock) : IFeedbackReader
{
    private readonly FeedbackClassifier _classifier = new(plan.Words);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FeedbackReading>> ReadAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        await Task.WhenAll(plan.Channels.Select(channel => ReadAsync(channel, since.ToUniversalTime(), cancellationToken))).ConfigureAwait(false);

    private async Task<FeedbackReading> ReadAsync(FeedbackChannelPlan channel, DateTimeOffset since, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(plan.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var content = await open(channel).ReadAsync(since, plan.MostItems, either.Token).ConfigureAwait(false);
            return Judge(channel, since, content);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(channel, since, FormattableString.Invariant($"it could not be read within {plan.Timeout.TotalSeconds:0.###} s"), "See whether it is slow or limits its rate, or give feedback.timeout more time.");
        }
        catch (BacktestOpsException error)
        {
            return Failed(channel, since, $"{error.ErrorId}: {error.Message}", error.RecommendedAction);
        }
    }

    private FeedbackReading Judge(FeedbackChannelPlan channel, DateTimeOffset since, ChannelContent content)
    {
        var byPeople = content.Messages.Where(message => !message.IsByProgram).ToList();
        var reading = Empty(channel, since, Verdict.Pass) with
        {
            Items = [.. byPeople.Select(message => Item(channel, message))],
            Ignored = content.Messages.Count - byPeople.Count,
        };
        var gap = string.Join("; ", ((string?[])
        [
            content.Gap,
            reading.Unreadable > 0 ? string.Join(", ", reading.Items.Where(item => item.Class == FeedbackClass.Unreadable).Take(5).Select(item => $"'{item.Id}' {Problem(byPeople, item.Id)}")) : null,
        ]).OfType<string>());
        if (reading.Negative + reading.BugReports > 0)
            return reading with { Verdict = Verdict.Fail, Detail = gap.Length > 0 ? gap : null, Action = "Read them, answer them, and decide whether to roll back." };
        if (gap.Length > 0) return reading with { Verdict = Verdict.Inconclusive, Detail = gap, Action = "Read what could not be read yourself, or ask for less with -Since." };
        return reading with { Detail = reading.Items.Count == 0 ? "nobody wrote; that is no praise" : null };
    }

    private FeedbackItem Item(FeedbackChannelPlan channel, ChannelMessage message)
    {
        var text = redactor.Redact(message.Text ?? "");
        var said = message.Text is null ? new Classification.Classification(FeedbackClass.Unreadable, []) : _classifier.Classify(text);
        var item = new FeedbackItem
        {
            Channel = channel.Name,
            Id = redactor.Redact(message.Id),
            At = message.At.ToUniversalTime(),
            From = message.From is null ? null : redactor.Redact(message.From),
            Text = text,
            Class = said.Class,
            Words = said.Words,
        };
        return item with { Digest = store?.Put($"feedback {channel.Name} {item.Id}", "application/json", Content(item)).Digest };
    }

    /// <summary>A message as it is kept: the same message is the same bytes, however often it is read.</summary>
    private static byte[] Content(FeedbackItem item)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("channel", item.Channel);
            json.WriteString("id", item.Id);
            json.WriteString("at", item.At);
            json.WriteString("from", item.From);
            json.WriteString("class", JsonNamingPolicy.SnakeCaseLower.ConvertName(item.Class.ToString()));
            json.WriteStartArray("words");
            foreach (var word in item.Words) json.WriteStringValue(word);
            json.WriteEndArray();
            json.WriteString("text", item.Text);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static string Problem(List<ChannelMessage> messages, string id) =>
        messages.Find(message => message.Id == id)?.Problem is { } problem ? $"can't be read: {problem}" : "is neither English nor Korean";

    private FeedbackReading Failed(FeedbackChannelPlan channel, DateTimeOffset since, string why, string action) =>
        Empty(channel, since, Verdict.Error) with { Detail = redactor.Redact(why), Action = action };

    private FeedbackReading Empty(FeedbackChannelPlan channel, DateTimeOffset since, Verdict verdict) => new()
    {
        Channel = channel.Name,
        Kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(channel.Kind.ToString()),
        Verdict = verdict,
        Since = since,
        ReadAt = clock.GetUtcNow(),
    };
}
