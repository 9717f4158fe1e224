using System.Text.Json;

namespace BacktestOps.Operations.Plans;

/// <summary>Reads the section of a plan that says who is told.</summary>
internal static class NotificationSection
{
    public static IReadOnlyList<NotificationChannelPlan> Read(PlanObject plan)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return [.. plan.Items("notifications").Select(node => Channel(plan.Child(node), names))];
    }

    private static NotificationChannelPlan Channel(PlanObject channel, HashSet<string> names)
    {
        var usual = new NotificationChannelPlan { Name = KindSection.Name(channel, names), Kind = NotificationChannelKind.Webhook };
        var word = channel.Word("kind", "webhook", "smtp", "command");
        if (!channel.Has("kind")) channel.Fault("kind", "it is missing", "\"webhook\", \"smtp\" or \"command\"");
        KindSection.CheckKeys(
            channel, word,
            ("url", ["webhook"]), ("host", ["smtp"]), ("port", ["smtp"]), ("security", ["smtp"]), ("certificate_sha256", ["smtp"]), ("user", ["smtp"]), ("password", ["smtp"]),
            ("from", ["smtp"]), ("to", ["smtp"]), ("run", ["command"]));
        var (url, secret) = Url(channel, word == "webhook");
        var on = On(channel);
        var plan = usual with
        {
            Kind = word switch { "smtp" => NotificationChannelKind.Smtp, "command" => NotificationChannelKind.Command, _ => NotificationChannelKind.Webhook },
            OnPass = on.Pass,
            OnFail = on.Fail,
            Url = url,
            UrlSecret = secret,
            Server = KindSection.MailServer(channel, isUsed: word == "smtp", (465, 587), needsUser: false),
            From = Mailbox(channel, "from", channel.Text("from", required: word == "smtp", "\"backtest@example.com\"")),
            To = [.. channel.Texts("to", required: word == "smtp", "[ \"operators@example.com\" ]").Select(to => Mailbox(channel, "to", to)!)],
            Run = channel.Texts("run", required: word == "command", "[ \"/usr/local/bin/page\", \"{title}\" ]"),
            Timeout = channel.Time("timeout") ?? usual.Timeout,
            Attempts = (int)(channel.Whole("attempts", 1, 10) ?? usual.Attempts),
        };
        channel.Close();
        return plan;
    }

    /// <summary>A webhook's address lets whoever has it write: it may be a secret, and usually is.</summary>
    private static (Uri? Url, string? Secret) Url(PlanObject channel, bool required)
    {
        var text = channel.Text("url", required, "\"secret:OPERATORS_WEBHOOK\"");
        if (text is null) return (null, null);
        if (text.StartsWith(KindSection.SecretPrefix, StringComparison.Ordinal))
        {
            if (text.Length == KindSection.SecretPrefix.Length) channel.Fault("url", "it names no secret", "for example \"secret:OPERATORS_WEBHOOK\"");
            return (null, text[KindSection.SecretPrefix.Length..]);
        }

        return (KindSection.Address(channel, "url", text), null);
    }

    private static (bool Pass, bool Fail) On(PlanObject channel)
    {
        if (!channel.Has("on"))
        {
            channel.Find("on");
            return (true, true);
        }

        var words = channel.Texts("on");
        foreach (var word in words.Where(word => word is not ("pass" or "fail"))) channel.Fault("on", $"'{word}' is neither pass nor fail", "[ \"pass\", \"fail\" ]");
        if (words.Count == 0 && channel.Find("on") is { Kind: JsonValueKind.Array }) channel.Fault("on", "it is empty, so nobody would ever be told", "[ \"pass\", \"fail\" ]");
        return (words.Contains("pass"), words.Contains("fail"));
    }

    private static string? Mailbox(PlanObject channel, string key, string? text)
    {
        if (text is not null && !MimeKit.MailboxAddress.TryParse(text, out _)) channel.Fault(key, $"'{text}' is no mail address", "for example \"operators@example.com\"");
        return text;
    }
}
