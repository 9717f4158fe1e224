using System.Net;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Monitoring;

/// <summary>Asks one endpoint several times.</summary>
internal static class EndpointProbe
{
    /// <summary>Asks, one request after the other, and measures each on a clock that is never set.</summary>
    /// <param name="timer">What asks.</param>
    /// <param name="name">The endpoint's name.</param>
    /// <param name="path">Its path.</param>
    /// <param name="isDownload">True for a file that users download.</param>
    /// <param name="requests">How many.</param>
    /// <param name="limit">How long one answer is waited for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<EndpointLatency> AskAsync(
        HttpTimer timer, string name, string path, bool isDownload, int requests, TimeSpan limit, CancellationToken cancellationToken)
    {
        var answers = new List<TimedAnswer>();
        for (var request = 0; request < requests; request++)
            answers.Add(await timer.GetAsync(path, limit, keepBody: false, cancellationToken).ConfigureAwait(false));
        var times = answers.Where(answer => answer.Status is not null).Select(answer => Math.Round(answer.Took.TotalMilliseconds, 4)).ToList();
        var bad = answers.Find(answer => !answer.IsGood);
        return new EndpointLatency
        {
            Name = name,
            Path = path,
            IsDownload = isDownload,
            Requests = requests,
            Errors = answers.Count(answer => !answer.IsGood),
            NotFound = answers.Count(answer => answer.Status == HttpStatusCode.NotFound),
            Milliseconds = times,
            P50 = Percentile(times, 0.50),
            P95 = Percentile(times, 0.95),
            Max = times.Count == 0 ? null : times.Max(),
            Error = bad is null ? null : bad.Error ?? $"HTTP {(int)bad.Status!}",
        };
    }

    /// <summary>The value that a share of the values does not exceed, by nearest rank: always one of the values.</summary>
    public static double? Percentile(IReadOnlyCollection<double> values, double share) =>
        values.Count == 0 ? null : values.Order().ElementAt(Math.Max(0, (int)Math.Ceiling((share * values.Count) - 1e-9) - 1));
}
