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
    public static IEnumerable<string> Open(DeploymentPlan plan) => plan.Notifications.Select(channel => channel.Url?.PathAndQuery).OfType<string>().Where(path => path.Length > 8);
}
