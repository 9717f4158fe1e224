using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace BacktestOps.Service.Http;

/// <summary>The content codings that are served, best first.</summary>
internal static class ContentCoding
{
    /// <summary>Shorter bodies are sent as they are: one packet either way.</summary>
    public const int ShortestWorth = 1400;

    private static readonly string[] Served = ["br", "gzip"];

    /// <summary>The coding that the caller likes best; null for none.</summary>
    public static string? Choose(StringValues acceptEncoding)
    {
        if (StringValues.IsNullOrEmpty(acceptEncoding) || !StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var wanted))
            return null;
        var (best, bestQuality) = ((string?)null, 0.0);
        foreach (var coding in Served)
        {
            var term = wanted.FirstOrDefault(term => term.Value.Equals(coding, StringComparison.OrdinalIgnoreCase))
                ?? wanted.FirstOrDefault(term => term.Value == "*");
            if (term is not null && (term.Quality ?? 1) > bestQuality)
                (best, bestQuality) = (coding, term.Quality ?? 1);
        }

        return best;
    }

    /// <summary>The body in a coding.</summary>
    public static byte[] Encode(ReadOnlyMemory<byte> body, string coding, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (Stream pack = coding == "br" ? new BrotliStream(packed, level, leaveOpen: true) : new GZipStream(packed, level, leaveOpen: true))
            pack.Write(body.Span);
        return packed.ToArray();
    }
}
