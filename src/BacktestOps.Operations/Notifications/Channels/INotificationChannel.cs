namespace BacktestOps.Operations.Notifications.Channels;

/// <summary>Somewhere that people are told.</summary>
internal interface INotificationChannel
{
    /// <summary>Tries once.</summary>
    /// <returns>What the channel answered.</returns>
    /// <exception cref="SendException">It was not taken.</exception>
    Task<string> SendAsync(Notification notification, CancellationToken cancellationToken);
}

/// <summary>A channel did not take a message.</summary>
/// <param name="message">What it said.</param>
/// <param name="isFinal">True when trying again would change nothing.</param>
/// <param name="retryAfter">When the channel wants to be asked again; null where it does not say.</param>
/// <param name="innerException">What caused it.</param>
internal sealed class SendException(string message, bool isFinal, TimeSpan? retryAfter = null, Exception? innerException = null) : Exception(message, innerException)
{
    public bool IsFinal { get; } = isFinal;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
