using System.Net;
using BacktestOps.Operations.Databases;

namespace BacktestOps.Operations.Monitoring.Runs;

/// <summary>
/// Tells runs that the service gave out from ids that somebody made up: a stranger who asks for a result under an id that
/// only looks like one must not have a release taken back.
/// </summary>
/// <param name="timer">What asks.</param>
/// <param name="progress">The path of a run's progress, with <c>{id}</c> in it.</param>
/// <param name="limit">How long one answer is waited for.</param>
/// <param name="isKnown">Whether a completed run was seen before, by its id.</param>
/// <param name="before">What had been accepted before the deployment; null where no backup tells.</param>
internal sealed class GivenOutRuns(HttpTimer timer, string progress, TimeSpan limit, Func<string, bool> isKnown, AcceptedEntries? before)
{
    /// <summary>How many of some requests ask for runs that were given out. What can't be told counts as given out.</summary>
    /// <param name="asked">Ids, and how often each was asked for; the empty one where a request names none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<int> CountAsync(IReadOnlyDictionary<string, int> asked, CancellationToken cancellationToken)
    {
        var given = 0;
        foreach (var (id, times) in asked)
        {
            if (id.Length == 0 || await IsGivenOutAsync(Uri.UnescapeDataString(id), cancellationToken).ConfigureAwait(false)) given += times;
        }

        return given;
    }

    private async Task<bool> IsGivenOutAsync(string id, CancellationToken cancellationToken)
    {
        if (isKnown(id) || before?.Has(id) == true) return true;
        // A run that there is has a progress, even where its result can't be had: that is the fault that is looked for.
        var answer = await timer.GetAsync(progress.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal), limit, keepBody: false, cancellationToken).ConfigureAwait(false);
        return answer.Status is not (HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.RequestUriTooLong);
    }
}
