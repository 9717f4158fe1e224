namespace BacktestOps.Operations.Plans;

/// <summary>Reads the section of a plan that says where users say how it is.</summary>
/// <param name="absolute">Makes a path of the file absolute.</param>
internal sealed class FeedbackSection(Func<string?, string?> absolute)
{
    public FeedbackPlan Read(PlanObject feedback)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var usual = new FeedbackPlan();
        var plan = new FeedbackPlan
        {
            Channels = [.. feedback.Items("channels", required: true, "[ { \"name\": \"inbox\", \"kind\": \"files\", \"path\": \"feedback\" } ]").Select(node => Channel(feedback.Child(node), names))],
            Timeout = feedback.Time("timeout") ?? usual.Timeout,
            MostItems = (int)(feedback.Whole("most_items", 1, 100_000) ?? usual.MostItems),
            Words = feedback.Object("words") is { } words ? Words(words) : usual.Words,
        };
        feedback.Close();
        return plan;
    }

    private static FeedbackWords Words(PlanObject words)
    {
        var read = new FeedbackWords(words.Texts("positive"), words.Texts("negative"), words.Texts("bug_report"));
        words.Close();
        return read;
    }

    private FeedbackChannelPlan Channel(PlanObject channel, HashSet<string> names)
    {
        var name = KindSection.Name(channel, names);
        var word = channel.Word("kind", "files", "imap", "slack");
        if (!channel.Has("kind")) channel.Fault("kind", "it is missing", "\"imap\", \"slack\" or \"files\"");
        KindSection.CheckKeys(
            channel, word,
            ("host", ["imap"]), ("port", ["imap"]), ("security", ["imap"]), ("certificate_sha256", ["imap"]), ("user", ["imap"]), ("password", ["imap"]), ("folder", ["imap"]),
            ("channel", ["slack"]), ("token", ["slack"]), ("address", ["slack"]), ("path", ["files"]));
        var address = KindSection.Address(channel, "address", channel.Text("address"));
        if (address is { Scheme: "http", IsLoopback: false }) channel.Fault("address", "over http everybody on the way could read the token", "an https address");
        var plan = new FeedbackChannelPlan
        {
            Name = name,
            Kind = word switch { "imap" => FeedbackChannelKind.Imap, "slack" => FeedbackChannelKind.Slack, _ => FeedbackChannelKind.Files },
            Server = KindSection.MailServer(channel, isUsed: word == "imap", (993, 143), needsUser: true),
            Folder = channel.Text("folder") ?? "INBOX",
            Channel = channel.Text("channel", required: word == "slack", "\"C0123456789\""),
            TokenSecret = KindSection.Secret(channel, "token", required: word == "slack", "secret:SLACK_TOKEN"),
            Path = absolute(channel.Text("path", required: word == "files", "\"feedback\"")),
        };
        channel.Close();
        return address is null ? plan : plan with { Address = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/") };
    }
}
