using System.Globalization;
using System.Text;
using System.Text.Json;
using MimeKit;

namespace BacktestOps.Operations.Feedback.Channels;

/// <summary>
/// A folder in which each file is a message (<c>.eml</c> as mail, anything else as text, its time the time of the file), or
/// a file of JSON lines: <c>{"at":"2026-02-09T01:00:00Z","from":"kim","text":"…"}</c>, with an <c>id</c> where there is one.
/// </summary>
internal sealed class FileChannel(string path) : IFeedbackChannel
{
    private const int SizeLimit = 1 << 20;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public async Task<ChannelContent> ReadAsync(DateTimeOffset since, int most, CancellationToken cancellationToken)
    {
        try
        {
            if (File.Exists(path)) return Lines(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false), since, most);
            if (Directory.Exists(path)) return await FolderAsync(since, most, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FeedbackException("FeedbackUnreadable", $"'{path}' can't be read: {error.Message}", "Give the operator's user the right to read it.", error);
        }

        throw new FeedbackException("FeedbackMissing", $"There is neither a file nor a folder '{path}'.", "Correct the channel's 'path' in the plan, or make the folder: an empty one says that nobody wrote.");
    }

    private async Task<ChannelContent> FolderAsync(DateTimeOffset since, int most, CancellationToken cancellationToken)
    {
        var messages = new List<ChannelMessage>();
        var files = new DirectoryInfo(path).EnumerateFiles().Where(file => file.Name[0] != '.').OrderBy(file => file.Name, StringComparer.Ordinal);
        foreach (var file in files)
        {
            var at = new DateTimeOffset(file.LastWriteTimeUtc);
            if (at < since) continue;
            if (messages.Count == most) return new ChannelContent(messages, Gap(most));
            messages.Add(file.Length > SizeLimit
                ? new ChannelMessage(file.Name, at, null, null, $"it has {file.Length} bytes, more than the {SizeLimit} that are read")
                : Message(file, at, await File.ReadAllBytesAsync(file.FullName, cancellationToken).ConfigureAwait(false), since));
        }

        // A mail says itself when it came.
        return new ChannelContent([.. messages.Where(message => message.At >= since)]);
    }

    private static ChannelMessage Message(FileInfo file, DateTimeOffset at, byte[] bytes, DateTimeOffset since)
    {
        if (file.Extension.Equals(".eml", StringComparison.OrdinalIgnoreCase))
        {
            using var stream = new MemoryStream(bytes);
            try
            {
                var mail = MimeMessage.Load(stream);
                return MailText.MessageOf(mail, file.Name, at);
            }
            catch (FormatException error)
            {
                return new ChannelMessage(file.Name, at, null, null, $"it is no mail: {error.Message}");
            }
        }

        try
        {
            return new ChannelMessage(file.Name, at, null, Strict.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return new ChannelMessage(file.Name, at, null, null, "it is not UTF-8 text");
        }
    }

    private static ChannelContent Lines(ReadOnlyMemory<byte> file, DateTimeOffset since, int most)
    {
        var messages = new List<ChannelMessage>();
        var number = 0;
        foreach (var line in Evidence.LedgerFile.Lines(file))
        {
            number = line.Number;
            if (line.Bytes.Span.Trim(" \t\r\uFEFF"u8).IsEmpty) continue;
            if (Read(line.Bytes, line.Number, since) is not { } message) continue;
            if (messages.Count == most) return new ChannelContent(messages, Gap(most));
            messages.Add(message);
        }

        return new ChannelContent(messages);
    }

    /// <summary>A line; null for one from before. A line that can't be read counts: it may be of today.</summary>
    private static ChannelMessage? Read(ReadOnlyMemory<byte> line, int number, DateTimeOffset since)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"line {number}");
        try
        {
            using var document = JsonDocument.Parse(line);
            var item = document.RootElement;
            if (item.ValueKind != JsonValueKind.Object) return Bad("it is no JSON object");
            if (!(item.TryGetProperty("at", out var time) && time.ValueKind == JsonValueKind.String && time.TryGetDateTimeOffset(out var at))) return Bad("'at' is no time such as \"2026-02-09T01:00:00Z\"");
            if (at < since) return null;
            var own = item.TryGetProperty("id", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : id;
            var from = item.TryGetProperty("from", out var author) && author.ValueKind == JsonValueKind.String ? author.GetString() : null;
            return item.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
                ? new ChannelMessage(own, at, from, text.GetString())
                : new ChannelMessage(own, at, from, null, "'text' is no string");
        }
        catch (JsonException)
        {
            return Bad("it is no JSON");
        }
        catch (InvalidOperationException)
        {
            return Bad("it is not UTF-8 text");
        }

        ChannelMessage Bad(string why) => new(id, since, null, null, why);
    }

    private static string Gap(int most) => string.Create(CultureInfo.InvariantCulture, $"there are more than {most} messages, and the first {most} were read");
}
