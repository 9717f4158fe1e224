using System.Security.Cryptography;
using System.Text.Json;
using BacktestOps.Contracts;

namespace BacktestOps.Client;

/// <summary>Turns the answer of a result into a document that may be written to disk.</summary>
internal static class ResultAnswer
{
    private const int DigestLength = 64;
    private const string Retry = "Ask for the result again; if it stays so, look for a proxy between this session and the service.";

    /// <summary>The document, after its id, file name and digest were looked at.</summary>
    public static ResultDocument Read(ServiceAnswer answer, string backtestId, string endpoint)
    {
        if (FindId(answer.Content.Span) != backtestId)
            throw AnswerFault.NotOurs(answer, endpoint);
        var digest = Convert.ToHexStringLower(SHA256.HashData(answer.Content.Span));
        if (DigestOf(answer.ETag) is { } expected && expected != digest)
            throw new BacktestUnavailableException(
                $"The result of backtest '{backtestId}' arrived damaged from {endpoint}: its SHA-256 is {digest}, the service names {expected}.", Retry);
        return new ResultDocument(backtestId, FileName(answer.FileName, $"backtest-result-{backtestId}.json", backtestId, endpoint), answer.Content, digest);
    }

    /// <summary>A file name that may be written, from one that came over HTTP.</summary>
    public static string FileName(string? given, string fallback, string backtestId, string endpoint)
    {
        if (given is null)
            return fallback;
        // The name comes from outside and becomes a path: nothing in it may lead out of the folder, on any system.
        var isPlain = given is not ("" or "." or "..") && given.Length <= 255
            && !given.Any(c => char.IsControl(c) || "/\\:*?\"<>|".Contains(c, StringComparison.Ordinal));
        return isPlain ? given : throw new BacktestUnavailableException(
            $"The result of backtest '{backtestId}' came from {endpoint} with '{given}', which is not a plain file name.", Retry);
    }

    /// <summary>The digest in an entity tag, or null when the tag is weak or something else.</summary>
    public static string? DigestOf(string? etag)
    {
        // A compressed answer has a tag of its own; what is before its suffix is the digest of the document within.
        var text = etag?.Trim('"').Split("-gzip")[0].Split("-br")[0];
        return text is { Length: DigestLength } && text.All(char.IsAsciiHexDigitLower) ? text : null;
    }

    private static string? FindId(ReadOnlySpan<byte> content)
    {
        try
        {
            var reader = new Utf8JsonReader(content);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("backtest_id"u8);
                reader.Read();
                if (isId)
                    return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Not JSON, so it holds no id.
        }
        return null;
    }
}
