using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BacktestOps.Contracts;
using Microsoft.Extensions.Primitives;

namespace BacktestOps.Service.Http;

/// <summary>Writes answers.</summary>
internal static class Answer
{
    // Packed anew for every answer, so only where it saves much.
    private const int ShortestPacked = 8 * 1024;

    private static readonly StringValues JsonType = "application/json";
    private static readonly StringValues ProblemType = "application/problem+json";
    private static readonly StringValues NoStore = "no-store";

    /// <summary>A value that may be another one a moment later.</summary>
    public static Task JsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) =>
        JsonAsync(context, JsonSerializer.SerializeToUtf8Bytes(value, type), status);

    /// <summary>JSON that was written before.</summary>
    public static Task JsonAsync(HttpContext context, ReadOnlyMemory<byte> json, int status = StatusCodes.Status200OK) =>
        WriteAsync(context, json, JsonType, status);

    /// <summary>An error.</summary>
    public static Task ProblemAsync(HttpContext context, Problem problem) =>
        WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(problem, ContractsJson.Default.Problem), ProblemType, problem.Status);

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body, StringValues contentType, int status)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.Headers.ContentType = contentType;
        response.Headers.CacheControl = NoStore;
        if (body.Length >= ShortestPacked)
        {
            response.Headers.Append("Vary", "Accept-Encoding");
            if (ContentCoding.Choose(context.Request.Headers.AcceptEncoding) is { } coding)
            {
                response.Headers.ContentEncoding = coding;
                body = ContentCoding.Encode(body, coding, CompressionLevel.Fastest);
            }
        }

        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.BodyWriter.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }
}
