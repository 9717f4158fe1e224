namespace BacktestOps.Operations.Plans;

/// <summary>What a plan refers to as a secret, beside the service's environment.</summary>
internal static class PlanSecrets
{
    /// <summary>The names of the secrets of feedback and notification channels.</summary>
    public static IEnumerable<string> OfChannels(DeploymentPlan plan) => ByChannel(plan).Select(found => found.Secret);

    /// <summary>The names of the secrets of feedback and notification channels, with the channel that needs each.</summary>
    public static IEnumerable<(string Secret, string Channel)> ByChannel(DeploymentPlan plan)
    {
        var feedback = (plan.Feedback?.Channels ?? []).SelectMany(channel =>
            Named([channel.Server?.PasswordSecret, channel.TokenSecret], $"the feedback channel {channel.Name}"));
        return feedback.Concat(plan.Notifications.SelectMany(channel =>
            Named([channel.Server?.PasswordSecret, channel.UrlSecret], $"the notification channel {channel.Name}")));

        static IEnumerable<(string, string)> Named(IEnumerable<string?> secrets, string channel) => secrets.OfType<string>().Select(secret => (secret, channel));
    }

    /// <summary>What stands in the plan openly and is a secret all the same: whoever has a webhook's address can write there.</summary>
    public static IEnumerable<string> Open(DeploymentPlan plan) =>
        plan.Notifications.Select(channel => channel.Url?.PathAndQuery).OfType<string>().Where(path => path.Length > 8).Concat(OfSource(plan));

    /// <summary>The password in a repository's address, as it stands there and as it is meant; git prints the address when it fails.</summary>
    private static IEnumerable<string> OfSource(DeploymentPlan plan)
    {
        if (!Uri.TryCreate(plan.Source.Git, UriKind.Absolute, out var address) || address.UserInfo.Length == 0) return [];
        var parts = address.UserInfo.Split(':', 2);
        // A token may stand alone, in the place of the user; over SSH that is only a name.
        if (parts.Length == 1 && address.Scheme is not ("http" or "https")) return [];
        var secret = parts[^1];
        return [secret, Uri.UnescapeDataString(secret)];
    }
}
