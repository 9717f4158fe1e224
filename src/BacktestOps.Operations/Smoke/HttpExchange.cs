using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Smoke;

/// <summary>One request over HTTP and all that came back, or why nothing did.</summary>
internal sealed record HttpExchange
{
    public required string Method { get; init; }

    public required Uri Address { get; init; }

    /// <summary>Null when no answer came.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The answer's headers as they came, by lower-case name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>What was read of the body; null when no answer came.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Set when the body was not read to its end.</summary>
    public string? BodyProblem { get; init; }

    /// <summary>Why no answer came.</summary>
    public string? Failure { get; init; }

    /// <summary>True when the request never left this machine's network, so that nothing can be said of the service.</summary>
    public bool AskFailed { get; init; }

    /// <summary>From the request to the last byte, or to the failure.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>What was kept of it: the head and the body.</summary>
    public IReadOnlyList<Artifact> Artifacts { get; init; } = [];

    public string Subject => $"{Method} {Address}";

    public string? StatusText => StatusCode?.ToString(CultureInfo.InvariantCulture);

    /// <summary>The media type without its parameters; null when there is none.</summary>
    public string? MediaType => Headers.TryGetValue("content-type", out var type) ? type.Split(';')[0].Trim().ToLowerInvariant() : null;

    /// <summary>The start of the body as text, for a person.</summary>
    public string Excerpt
    {
        get
        {
            if (Body is not { Length: > 0 }) return "an empty body";
            var text = System.Text.Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 600)));
            var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return line.Length <= 200 ? line : line[..200] + "…";
        }
    }
}
