namespace BacktestOps.Operations.Plans;

/// <summary>Where users say how it is.</summary>
public sealed record FeedbackPlan
{
    /// <summary>The channels.</summary>
    public IReadOnlyList<FeedbackChannelPlan> Channels { get; init; } = [];

    /// <summary>How long reading one channel may take, waiting for its rate limit among it.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many messages of one channel are read at most; when there are more, the reading is inconclusive.</summary>
    public int MostItems { get; init; } = 1000;

    /// <summary>Further words that decide.</summary>
    public FeedbackWords Words { get; init; } = new([], [], []);
}

/// <summary>Words that decide what a message says, beside those that are known.</summary>
/// <param name="Positive">Words of praise; denied, they complain.</param>
/// <param name="Negative">Words of complaint; denied, they praise.</param>
/// <param name="BugReport">Words for what does not work; denied, they praise.</param>
public sealed record FeedbackWords(IReadOnlyList<string> Positive, IReadOnlyList<string> Negative, IReadOnlyList<string> BugReport);

/// <summary>What a feedback channel is.</summary>
public enum FeedbackChannelKind
{
    /// <summary>A mailbox.</summary>
    Imap,

    /// <summary>A Slack channel, over the Web API.</summary>
    Slack,

    /// <summary>A folder of files, one a message, or one file of JSON lines.</summary>
    Files,
}

/// <summary>One feedback channel.</summary>
public sealed record FeedbackChannelPlan
{
    /// <summary>What the plan calls it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required FeedbackChannelKind Kind { get; init; }

    /// <summary>The mail server; for <see cref="FeedbackChannelKind.Imap"/>.</summary>
    public MailServerPlan? Server { get; init; }

    /// <summary>The folder of the mailbox.</summary>
    public string Folder { get; init; } = "INBOX";

    /// <summary>The Slack channel's id.</summary>
    public string? Channel { get; init; }

    /// <summary>The name of the secret that is the Slack token.</summary>
    public string? TokenSecret { get; init; }

    /// <summary>Where the Slack Web API is, with a slash at its end.</summary>
    public Uri Address { get; init; } = new("https://slack.com/api/");

    /// <summary>The folder or JSONL file, absolute.</summary>
    public string? Path { get; init; }
}

/// <summary>How a connection to a mail server is kept from being read.</summary>
public enum MailSecurity
{
    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>TLS after STARTTLS; without it there is no connection.</summary>
    StartTls,

    /// <summary>None: to this machine only.</summary>
    None,
}

/// <summary>A mail server and who one is there.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">Its port.</param>
/// <param name="Security">How the connection is kept from being read.</param>
/// <param name="CertificateDigest">
/// SHA-256 of the one certificate that is trusted, hex; null to trust what this machine trusts. With it, no other is.
/// </param>
/// <param name="User">The user; null for none.</param>
/// <param name="PasswordSecret">The name of the secret that is the password; null for none.</param>
public sealed record MailServerPlan(string Host, int Port, MailSecurity Security, string? CertificateDigest, string? User, string? PasswordSecret);
