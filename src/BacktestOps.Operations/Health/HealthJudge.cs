using System.Globalization;
using System.Text.Json;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Health;

/// <summary>Turns one answer of a health address into check results.</summary>
internal sealed class HealthJudge(string subject, HealthAnswer answer, DateTimeOffset now)
{
    private const string ReadTheLog = "Read the service's log; Get-BacktestService names it.";

    // Of two fields of one name a reader takes either, so such a document says nothing.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public CheckResult Status(int expected)
    {
        var check = Begin("HTTP status", expected.ToString(CultureInfo.InvariantCulture));
        if (answer.StatusCode is not { } status)
            return answer.AskFailed
                ? check with { Verdict = Verdict.Error, Samples = 0, Detail = answer.Failure, Action = "Check the address and this machine's network." }
                : check with
                {
                    Detail = answer.Failure,
                    Action = "See whether the service runs: Start-BacktestService starts it, its log says why it does not.",
                };
        return Decide(check with { Observed = status.ToString(CultureInfo.InvariantCulture) }, status == expected);
    }

    public CheckResult Latency(TimeSpan limit)
    {
        var check = Begin("response time", $"≤ {Milliseconds(limit)}");
        return answer.Latency is { } latency
            ? Decide(check with { Observed = Milliseconds(latency) }, latency <= limit)
            : Unseen(check);
    }

    /// <summary>The answer as JSON; null, and a failed check where an answer came that is none.</summary>
    public JsonDocument? Document(out CheckResult? problem)
    {
        problem = null;
        if (answer.Body is null) return null;
        var check = Begin("health document", "a JSON document") with
        {
            Observed = answer.ContentType ?? "no content type",
            Action = "See whether another program listens at this address.",
        };
        if (answer.BodyProblem is not null)
        {
            problem = check with { Detail = answer.BodyProblem };
            return null;
        }

        try
        {
            return JsonDocument.Parse(answer.Body, Strict);
        }
        catch (JsonException error)
        {
            problem = check with { Detail = $"what was answered is not a JSON document: {error.Message}" };
            return null;
        }
    }

    public CheckResult Field(FieldExpectation field, JsonDocument? document)
    {
        var check = Begin(field.Path.Text, field.Expected);
        if (document is null) return Unseen(check);
        if (!field.Path.TryFind(document.RootElement, out var value, out var missing))
            return check with { Detail = $"the field is missing: {missing}", Action = ReadTheLog };
        var met = field.IsMetBy(value, out var why);
        return Decide(check with { Observed = JsonPath.Shorten(value.GetRawText()), Detail = why }, met);
    }

    private static CheckResult Decide(CheckResult check, bool met) =>
        met ? check with { Verdict = Verdict.Pass } : check with { Action = ReadTheLog };

    private static CheckResult Unseen(CheckResult check) => check with
    {
        Verdict = Verdict.Inconclusive,
        Samples = 0,
        Detail = "no health document was seen",
        Action = "Mend what the other checks of this report name, then check again.",
    };

    private static string Milliseconds(TimeSpan time) =>
        $"{time.TotalMilliseconds.ToString("0.#", CultureInfo.InvariantCulture)} ms";

    /// <summary>A check is a fail until what was seen makes it something else.</summary>
    private CheckResult Begin(string name, string expected) => new()
    {
        Name = name,
        Subject = subject,
        Verdict = Verdict.Fail,
        Expected = expected,
        Samples = 1,
        Window = answer.Latency ?? TimeSpan.Zero,
        ObservedAt = now,
    };
}
