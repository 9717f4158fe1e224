using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;

namespace BacktestOps.Operations.Smoke;

/// <summary>Where the journeys write down what they found, each check told of as it is found.</summary>
internal sealed class SmokeLedger(ArtifactStore artifacts, TimeProvider clock, Action<CheckResult>? found)
{
    private const string ReadTheLog = "Read the service's log at the time of this check; the artifacts hold what it answered.";
    private readonly List<CheckResult> _checks = [];

    public IReadOnlyList<CheckResult> Checks => _checks;

    public TimeProvider Clock => clock;

    public Artifact Keep(string name, string mediaType, ReadOnlySpan<byte> content) => artifacts.Put(name, mediaType, content);

    public CheckResult Add(CheckResult check)
    {
        _checks.Add(check);
        found?.Invoke(check);
        return check;
    }

    /// <summary>Adds a check that was seen and either holds or does not.</summary>
    public bool Decide(
        bool met, string name, string subject, string expected, string? observed, IReadOnlyList<Artifact> kept,
        string? why = null, string? action = null, int samples = 1, TimeSpan window = default)
    {
        Add(new CheckResult
        {
            Name = name,
            Subject = subject,
            Verdict = met ? Verdict.Pass : Verdict.Fail,
            Expected = expected,
            Observed = observed,
            Detail = why,
            Action = met ? null : action ?? ReadTheLog,
            Samples = samples,
            Window = window,
            ObservedAt = clock.GetUtcNow(),
            Artifacts = kept,
        });
        return met;
    }

    /// <summary>Adds a check of an answer's HTTP status; a question that never left this machine says nothing of the service.</summary>
    /// <param name="exchange">The answer.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="accepted">The statuses that pass; the first one stands in the report.</param>
    /// <param name="action">What to do when it is another.</param>
    public bool DecideStatus(HttpExchange exchange, string name, int[] accepted, string action)
    {
        var expected = accepted[0].ToString(CultureInfo.InvariantCulture);
        if (exchange.AskFailed)
        {
            Error(name, exchange.Subject, expected, exchange.Failure!, "Check the address, this machine's network and the time that the plan allows.");
            return false;
        }

        var met = exchange.StatusCode is { } status && accepted.Contains(status);
        return Decide(
            met, name, exchange.Subject, expected, exchange.StatusText, exchange.Artifacts,
            met ? null : exchange.Failure ?? exchange.Excerpt, action, window: exchange.Duration);
    }

    /// <summary>Adds a check of which nothing was seen.</summary>
    public void Unseen(string name, string subject, string expected, string why, string? action = null) => Add(new CheckResult
    {
        Name = name,
        Subject = subject,
        Verdict = Verdict.Inconclusive,
        Expected = expected,
        Detail = why,
        Action = action ?? "Mend what the other checks of this report name, then test again.",
        ObservedAt = clock.GetUtcNow(),
    });

    /// <summary>Adds a check that could not be made, for a reason that is not the service's.</summary>
    public void Error(string name, string subject, string expected, string why, string action) => Add(new CheckResult
    {
        Name = name,
        Subject = subject,
        Verdict = Verdict.Error,
        Expected = expected,
        Detail = why,
        Action = action,
        ObservedAt = clock.GetUtcNow(),
    });
}
