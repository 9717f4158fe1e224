namespace BacktestOps.Client;

/// <summary>An answer over HTTP, read whole.</summary>
/// <param name="Path">What was asked for, relative to the service's address.</param>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="MediaType">The content type without its parameters; null when none was given.</param>
/// <param name="ETag">The entity tag as sent; null when none was.</param>
/// <param name="FileName">The file name of Content-Disposition, unquoted; null when none was given.</param>
/// <param name="Location">Where a redirection points; null when it is none.</param>
/// <param name="Content">The body.</param>
internal sealed record ServiceAnswer(
    string Path, int StatusCode, string? MediaType, string? ETag, string? FileName, Uri? Location, ReadOnlyMemory<byte> Content)
{
    /// <summary>Length of the whole that this is a part of; null for what is no part.</summary>
    public long? WholeLength { get; init; }

    public bool IsJson => string.Equals(MediaType, "application/json", StringComparison.OrdinalIgnoreCase);

    public bool IsProblem => string.Equals(MediaType, "application/problem+json", StringComparison.OrdinalIgnoreCase);

    public static async Task<ServiceAnswer> ReadAsync(string path, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var headers = response.Content.Headers;
        return new ServiceAnswer(
            path,
            (int)response.StatusCode,
            headers.ContentType?.MediaType,
            response.Headers.ETag?.ToString(),
            (headers.ContentDisposition?.FileNameStar ?? headers.ContentDisposition?.FileName)?.Trim('"'),
            response.Headers.Location,
            await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false))
        {
            WholeLength = headers.ContentRange?.Length,
        };
    }
}
