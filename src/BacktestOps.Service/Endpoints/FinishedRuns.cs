using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Service.Http;
using Microsoft.Extensions.Caching.Memory;

namespace BacktestOps.Service.Endpoints;

/// <summary>
/// The answers for runs that have ended, ready to send. They can be kept because a run that has ended never changes;
/// they are bounded by their bytes, and the runner is asked again for what fell out.
/// </summary>
internal sealed class FinishedRuns : IDisposable
{
    private const long MaxBytes = 64 * 1024 * 1024;

    // One large result must not push out everything else.
    private const int MaxEntryBytes = 4 * 1024 * 1024;

    private readonly MemoryCache _progress = new(new MemoryCacheOptions { SizeLimit = MaxBytes / 8 });
    private readonly MemoryCache _results = new(new MemoryCacheOptions { SizeLimit = MaxBytes });

    /// <summary>Where a run stands, as JSON.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ProgressAsync(IBacktestApi api, string id, CancellationToken cancellationToken)
    {
        if (_progress.TryGetValue(id, out byte[]? kept))
            return kept;
        var progress = await api.GetProgressAsync(id, cancellationToken).ConfigureAwait(false);
        var json = JsonSerializer.SerializeToUtf8Bytes(progress, ContractsJson.Default.BacktestProgress);
        if (progress.Status.IsTerminal())
            Keep(_progress, id, json, json.Length);
        return json;
    }

    /// <summary>The result of a run.</summary>
    public async ValueTask<FixedContent> ResultAsync(IBacktestApi api, string id, CancellationToken cancellationToken)
    {
        if (_results.TryGetValue(id, out FixedContent? kept))
            return kept!;
        var document = await api.GetResultAsync(id, cancellationToken).ConfigureAwait(false);
        var content = new FixedContent(document.Content, "application/json", document.Digest, $"attachment; filename=\"{document.FileName}\"");
        Keep(_results, id, content, document.Content.Length);
        return content;
    }

    public void Dispose()
    {
        _progress.Dispose();
        _results.Dispose();
    }

    private static void Keep<T>(MemoryCache cache, string id, T value, int bytes)
    {
        if (bytes <= MaxEntryBytes)
            cache.Set(id, value, new MemoryCacheEntryOptions { Size = bytes });
    }
}
