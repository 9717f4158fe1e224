namespace BacktestOps.Contracts;

/// <summary>What is said of a start beside the request itself.</summary>
public sealed record StartOptions
{
    /// <summary>1 to 255 visible ASCII characters, made by the caller, so that the call can be repeated; null for none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whose run it is, for a fair share of the workers: the name of an API key. All callers without a name share one share.</summary>
    public string? Caller { get; init; }
}
