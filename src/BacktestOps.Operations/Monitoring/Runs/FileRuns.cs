using System.Security.Cryptography;
using System.Text.Json;

namespace BacktestOps.Operations.Monitoring.Runs;

/// <summary>Runs as they lie on the disk: a service may still have in memory what its disk has lost.</summary>
/// <param name="pattern">The result files, absolute; the file's name has <c>*</c> in it.</param>
internal sealed class FileRuns(string pattern) : IRunSource
{
    private readonly string _folder = Path.GetDirectoryName(pattern)!;

    /// <inheritdoc/>
    public string Prefix => "file:";

    /// <inheritdoc/>
    public Task<(IReadOnlyList<ListedRun>? Runs, string? Problem)> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var files = Directory.EnumerateFiles(_folder, Path.GetFileName(pattern)).Select(path => new ListedRun(Path.GetFileName(path), null));
            return Task.FromResult<(IReadOnlyList<ListedRun>?, string?)>(([.. files.OrderBy(run => run.Id, StringComparer.Ordinal)], null));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult<(IReadOnlyList<ListedRun>?, string?)>((null, $"the run files could not be listed: {error.Message}"));
        }
    }

    /// <inheritdoc/>
    public async Task<RunDigest> ReadAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var content = await File.ReadAllBytesAsync(Path.Combine(_folder, id), cancellationToken).ConfigureAwait(false);
            // A run that was completed and says now that it goes on has no result any more: that is a change, and no digest.
            return new RunDigest(IsUnfinished(content) ? null : Convert.ToHexStringLower(SHA256.HashData(content)), false, null);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return new RunDigest(null, true, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new RunDigest(null, false, $"{id}: {error.Message}");
        }
    }

    /// <summary>True for a run that says itself that it goes on: its file will change.</summary>
    private static bool IsUnfinished(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String
                && status.GetString() is "queued" or "running" or "pending" or "interrupted";
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
