using System.Globalization;
using System.Text.Json;

namespace BacktestOps.Operations.Smoke;

/// <summary>One look at a run: how far, in which status.</summary>
internal readonly record struct ProgressSample(double Progress, string? Status)
{
    public override string ToString() => Progress.ToString("0.##", CultureInfo.InvariantCulture);
}

/// <summary>What a series of looks says: it must never fall, and be 100 exactly when the run is completed.</summary>
internal sealed class ProgressJudge
{
    private static readonly HashSet<string> Ended = new(StringComparer.Ordinal) { "completed", "failed", "cancelled", "canceled", "error" };
    private readonly List<ProgressSample> _samples = [];
    private string? _fall;
    private string? _mismatch;

    public int Count => _samples.Count;

    public ProgressSample? Last => _samples.Count > 0 ? _samples[^1] : null;

    /// <summary>True when the run can go no further.</summary>
    public bool HasEnded => Last is { Status: { } status } && Ended.Contains(status);

    public bool IsComplete => Last is { Progress: 100, Status: "completed" };

    /// <summary>The values that were seen, shortened to where they changed.</summary>
    public string Bar
    {
        get
        {
            var steps = _samples.Select(sample => sample.ToString()).ToList();
            var changes = steps.Where((step, at) => at == 0 || step != steps[at - 1]).ToList();
            if (changes.Count > 12) changes = [.. changes.Take(6), "…", .. changes.TakeLast(6)];
            return string.Join(" → ", changes);
        }
    }

    /// <summary>The values that were seen, and the last status.</summary>
    public string Observed => $"{Bar} ({Last?.Status ?? "no status"})";

    public string? Fall => _fall;

    public string? Mismatch => _mismatch;

    public void Add(ProgressSample sample)
    {
        if (Last is { } before && sample.Progress < before.Progress) _fall ??= $"it fell from {before} to {sample}";
        if (sample is { Progress: 100, Status: not null } && !Ended.Contains(sample.Status)) _mismatch ??= $"100 with the status '{sample.Status}'";
        if (sample is { Progress: not 100, Status: "completed" }) _mismatch ??= $"'completed' at {sample}";
        _samples.Add(sample);
    }

    /// <summary>Reads one answer; the problem says what is wrong with it.</summary>
    public static ProgressSample? Read(HttpExchange exchange, string backtestId, out string? problem)
    {
        problem = exchange.Failure ?? exchange.BodyProblem;
        if (problem is not null) return null;
        if (exchange.StatusCode != 200) return Refuse($"{exchange.StatusCode} was answered: {exchange.Excerpt}", out problem);
        if (exchange.MediaType != "application/json") return Refuse($"the answer is {exchange.MediaType ?? "of no type"}: {exchange.Excerpt}", out problem);
        if (!StrictJson.TryParse(exchange.Body, out var document, out problem)) return null;
        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return Refuse("the answer is no object", out problem);
            if (!root.TryGetProperty("backtest_id", out var id)) return Refuse("the field 'backtest_id' is missing", out problem);
            if (id.ValueKind != JsonValueKind.String || id.GetString() != backtestId)
                return Refuse($"it is of another run: {id.GetRawText()} instead of \"{backtestId}\"", out problem);
            if (!root.TryGetProperty("status", out var status)) return Refuse("the field 'status' is missing", out problem);
            if (status.ValueKind != JsonValueKind.String) return Refuse($"'status' is no string: {status.GetRawText()}", out problem);
            if (!root.TryGetProperty("progress", out var progress)) return Refuse("the field 'progress' is missing", out problem);
            if (progress.ValueKind != JsonValueKind.Number) return Refuse($"'progress' is no number: {progress.GetRawText()}", out problem);
            var value = progress.GetDouble();
            if (value is < 0 or > 100) return Refuse($"'progress' is not in 0 to 100: {progress.GetRawText()}", out problem);
            return new ProgressSample(value, status.GetString());
        }
    }

    private static ProgressSample? Refuse(string why, out string? problem)
    {
        problem = why;
        return null;
    }
}
