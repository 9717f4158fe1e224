using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace BacktestOps.Service.Http;

/// <summary>Bytes that never change, with what HTTP needs to serve them: conditions, ranges, HEAD, and compressed forms.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="ContentType">Their content type.</param>
/// <param name="Digest">Their SHA-256, lower-case hex; it is the entity tag.</param>
/// <param name="ContentDisposition">The header of that name; null for none.</param>
internal sealed record FixedContent(ReadOnlyMemory<byte> Content, string ContentType, string Digest, string? ContentDisposition)
{
    private readonly EntityTagHeaderValue _tag = new($"\"{Digest}\"");
    private readonly Lazy<Packed> _brotli = new(() => new Packed(Content, Digest, "br"));
    private readonly Lazy<Packed> _gzip = new(() => new Packed(Content, Digest, "gzip"));

    /// <summary>Answers with the bytes, a part of them, or only with what the caller's condition asks for.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.CacheControl = Caching(context);
        response.Headers.Append(HeaderNames.Vary, "Accept-Encoding");
        if (ContentDisposition is not null)
            response.Headers.ContentDisposition = ContentDisposition;
        RangeHeaders.DropForeign(context.Request);
        if (Choose(context.Request) is not { } packed)
        {
            await TypedResults.Bytes(Content, ContentType, enableRangeProcessing: true, entityTag: _tag).ExecuteAsync(context).ConfigureAwait(false);
            return;
        }

        response.Headers.ContentEncoding = packed.Coding;
        await TypedResults.Bytes(packed.Content, ContentType, entityTag: packed.Tag).ExecuteAsync(context).ConfigureAwait(false);
        // An answer without these bytes (304, 412) is in no coding.
        if (response is { HasStarted: false, StatusCode: not StatusCodes.Status200OK })
            response.Headers.Remove(HeaderNames.ContentEncoding);
    }

    /// <summary>May be kept, and is asked for again with its tag; what was had with a key, by the one who has it alone.</summary>
    public static string Caching(HttpContext context) => context.Request.Headers.Authorization.Count > 0 ? "private, no-cache" : "no-cache";

    // A range is one of the document itself: whoever goes on with a broken download has a part of that.
    private Packed? Choose(HttpRequest request)
    {
        if (Content.Length < ContentCoding.ShortestWorth || request.Headers.Range.Count > 0)
            return null;
        return ContentCoding.Choose(request.Headers.AcceptEncoding) switch
        {
            "br" => _brotli.Value,
            "gzip" => _gzip.Value,
            _ => null,
        };
    }

    /// <summary>The bytes in a coding. They are other bytes, so their tag is another one (RFC 9110, 8.8.3.3).</summary>
    private sealed class Packed(ReadOnlyMemory<byte> content, string digest, string coding)
    {
        public string Coding => coding;

        public byte[] Content { get; } = ContentCoding.Encode(content, coding, CompressionLevel.Optimal);

        public EntityTagHeaderValue Tag { get; } = new($"\"{digest}-{coding}\"");
    }
}
