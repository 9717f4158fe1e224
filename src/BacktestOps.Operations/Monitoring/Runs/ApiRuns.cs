using System.Globalization;
using System.Net;

namespace BacktestOps.Operations.Monitoring.Runs;

/// <summary>Runs as the service's users see them.</summary>
/// <param name="timer">What asks.</param>
/// <param name="list">The path that lists the runs.</param>
/// <param name="result">The path of a result, with <c>{id}</c> in it.</param>
/// <param name="limit">How long one answer is waited for.</param>
internal sealed class ApiRuns(HttpTimer timer, string list, string result, TimeSpan limit) : IRunSource
{
    private const int MostPages = 100;

    /// <inheritdoc/>
    public string Prefix => "";

    /// <summary>The path of a run's result.</summary>
    public string PathOf(string id) => result.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal);

    /// <inheritdoc/>
    public async Task<(IReadOnlyList<ListedRun>? Runs, string? Problem)> ListAsync(CancellationToken cancellationToken)
    {
        var runs = new List<ListedRun>();
        string? cursor = null;
        for (var page = 0; page < MostPages; page++)
        {
            var query = cursor is null ? "limit=1000" : $"limit=1000&cursor={Uri.EscapeDataString(cursor)}";
            var path = $"{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}";
            var answer = await timer.GetAsync(path, limit, keepBody: true, cancellationToken).ConfigureAwait(false);
            if (answer.Status != HttpStatusCode.OK) return (null, $"{list} gave no list of runs: {Describe(answer)}");
            if (RunListing.Read(answer.Body!) is not { } listing) return (null, $"what {list} gave is no list of runs");
            runs.AddRange(listing.Runs);
            if (listing.Cursor is null || listing.Cursor == cursor) return (runs, null);
            cursor = listing.Cursor;
        }

        return (null, string.Create(CultureInfo.InvariantCulture, $"{list} has more than {runs.Count} runs, which are not read"));
    }

    /// <inheritdoc/>
    public async Task<RunDigest> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var answer = await timer.GetAsync(PathOf(id), limit, keepBody: false, cancellationToken).ConfigureAwait(false);
        return answer.Status switch
        {
            HttpStatusCode.OK => new RunDigest(answer.Digest, false, null),
            // No answer, or one that says that the service is busy or not ready, tells nothing of the run.
            null or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
                new RunDigest(null, false, $"{id}: {Describe(answer)}"),
            _ => new RunDigest(null, true, null),
        };
    }

    private static string Describe(TimedAnswer answer) => answer.Error ?? $"HTTP {(int)answer.Status!}";
}
