using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using MimeKit;
using MimeKit.Text;

namespace BacktestOps.Operations.Feedback.Channels;

/// <summary>What somebody wrote in a mail: without markup, and without the mail that is answered.</summary>
internal static partial class MailText
{
    private static readonly string[] Blocks = ["p", "br", "div", "li", "tr", "td", "h1", "h2", "h3"];

    /// <summary>A mail as a message of a channel.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="id">What the channel calls it, where it has no id of its own.</param>
    /// <param name="at">When the channel got it.</param>
    public static ChannelMessage MessageOf(MimeMessage mail, string id, DateTimeOffset at)
    {
        var own = string.IsNullOrEmpty(mail.MessageId) ? id : mail.MessageId;
        var from = mail.From.Mailboxes.FirstOrDefault()?.Address;
        var body = mail.TextBody ?? (mail.HtmlBody is { } html ? Plain(html) : null);
        if (body is null) return new ChannelMessage(own, at, from, null, "it has no part of text", IsByProgram(mail));
        var text = WithoutQuotes(body).Trim();
        // A subject with "Re:" is of the mail that is answered.
        var subject = (mail.Subject ?? "").Trim();
        if (subject.Length > 0 && !Answer().IsMatch(subject)) text = $"{subject}\n{text}";
        return new ChannelMessage(own, at, from, text.Trim(), IsByProgram: IsByProgram(mail));
    }

    /// <summary>True for what a program sent by itself (RFC 3834), our own notifications among it.</summary>
    private static bool IsByProgram(MimeMessage mail) =>
        (mail.Headers["Auto-Submitted"] is { } value && !value.Trim().Equals("no", StringComparison.OrdinalIgnoreCase))
        || mail.Headers["Precedence"]?.Trim().ToLowerInvariant() is "auto_reply" or "bulk" or "junk";

    private static string WithoutQuotes(string body)
    {
        var kept = new StringBuilder();
        foreach (var line in body.ReplaceLineEndings("\n").Split('\n'))
        {
            // From here on it is somebody else's, or a signature.
            if (QuoteHead().IsMatch(line) || line == "-- ") break;
            if (!line.StartsWith('>')) kept.Append(line).Append('\n');
        }

        return kept.ToString();
    }

    private static string Plain(string html)
    {
        var text = new StringBuilder();
        var tokens = new HtmlTokenizer(new StringReader(html)) { DecodeCharacterReferences = true };
        var hidden = 0;
        while (tokens.ReadNextToken(out var token))
        {
            if (token is HtmlTagToken tag)
            {
                if (tag.Name is "style" or "script" or "blockquote" or "head") hidden = Math.Max(0, hidden + (tag.IsEndTag ? -1 : tag.IsEmptyElement ? 0 : 1));
                if (Blocks.Contains(tag.Name)) text.Append('\n');
            }
            else if (token is HtmlDataToken data && hidden == 0)
            {
                text.Append(WebUtility.HtmlDecode(data.Data));
            }
        }

        return text.ToString();
    }

    [GeneratedRegex(@"^(?:re|aw|회신|답장)\s*:", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Answer();

    [GeneratedRegex(@"^(?:On .{4,120} wrote:|-{2,} ?(?:Original Message|Forwarded message|원본 메시지|Original message) ?-{2,}|.{4,120}(?:님이 작성|작성):|보낸 사람:.*|From: .*@.*)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex QuoteHead();
}
