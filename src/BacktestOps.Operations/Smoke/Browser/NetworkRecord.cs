namespace BacktestOps.Operations.Smoke.Browser;

/// <summary>One request of a page, as the browser's Network tab would list it.</summary>
public sealed record NetworkRecord
{
    /// <summary>The address asked for.</summary>
    public required Uri Address { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>What asked: <c>Document</c>, <c>Script</c>, <c>Fetch</c> …</summary>
    public required string Initiator { get; init; }

    /// <summary>The HTTP status; null when no answer came.</summary>
    public int? Status { get; init; }

    /// <summary>The answer's media type; null when no answer came.</summary>
    public string? MediaType { get; init; }

    /// <summary>Why the request failed; null when it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>True when the page or the browser gave the request up by itself: a reload, an abort, a download that took it over.</summary>
    public bool WasCanceled { get; init; }

    /// <summary>True when the answer was read to its end, or will never be.</summary>
    public bool HasEnded { get; init; }

    /// <summary>From the request to the last byte; null while it is under way.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The answer's headers, by lower-case name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The browser's own name of the request.</summary>
    internal string RequestId { get; init; } = "";
}

/// <summary>A file that the page had the browser download.</summary>
/// <param name="Address">Where it came from.</param>
/// <param name="FileName">The name that it would be saved under.</param>
/// <param name="Path">Where it lies until the browser ends.</param>
/// <param name="IsWhole">False when the browser gave the download up before its end; the file is not there then.</param>
public sealed record DownloadedFile(Uri Address, string FileName, string Path, bool IsWhole = true);
