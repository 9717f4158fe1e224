namespace BacktestOps.Operations.Smoke.Browser;

/// <summary>The browser could not do what it was told, or went away.</summary>
public sealed class BrowserException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What could not be done.</param>
    /// <param name="innerException">What caused it.</param>
    public BrowserException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>True when the page was replaced by another one while the command ran.</summary>
    internal bool PageWasReplaced { get; init; }

    /// <summary>True when the browser itself is gone, so that nothing more can be said of the page.</summary>
    internal bool BrowserWasLost { get; init; }
}
