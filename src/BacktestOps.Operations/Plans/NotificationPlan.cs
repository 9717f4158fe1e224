namespace BacktestOps.Operations.Plans;

/// <summary>What a notification channel is.</summary>
public enum NotificationChannelKind
{
    /// <summary>An address that takes the JSON of Slack's incoming webhooks.</summary>
    Webhook,

    /// <summary>A mail server.</summary>
    Smtp,

    /// <summary>The operator's own command.</summary>
    Command,
}

/// <summary>One notification channel.</summary>
public sealed record NotificationChannelPlan
{
    /// <summary>What the plan calls it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required NotificationChannelKind Kind { get; init; }

    /// <summary>True when it hears of what passed.</summary>
    public bool OnPass { get; init; } = true;

    /// <summary>True when it hears of what did not pass: failed, was inconclusive, could not be checked.</summary>
    public bool OnFail { get; init; } = true;

    /// <summary>The webhook; null where it is a secret.</summary>
    public Uri? Url { get; init; }

    /// <summary>The name of the secret that is the webhook; null where it is none.</summary>
    public string? UrlSecret { get; init; }

    /// <summary>The mail server.</summary>
    public MailServerPlan? Server { get; init; }

    /// <summary>Who writes.</summary>
    public string? From { get; init; }

    /// <summary>To whom.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>The program and its arguments; <c>{title}</c>, <c>{text}</c>, <c>{verdict}</c> and <c>{event}</c> are filled in.</summary>
    public IReadOnlyList<string> Run { get; init; } = [];

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often it is tried at most.</summary>
    public int Attempts { get; init; } = 3;
}
