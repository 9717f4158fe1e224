using BacktestOps.Operations.Audit.Facts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>What a document shows of a stage: the times from and to, and the samples between them.</summary>
internal sealed class StageRecord
{
    private TimeSpan? _range;
    private TimeSpan _precision;
    private TimeSpan? _samples;
    private TimeSpan _gap;
    private bool _isWatch;

    public bool HasRange => _range is not null;

    public IReadOnlyList<int> Lines { get; private init; } = [];

    /// <summary>For the finding's text.</summary>
    public string Words { get; private init; } = "";

    public static StageRecord Of(AuditedReport report, Activity activity)
    {
        var ranges = report.Statements
            .Where(statement => statement.Kind != StatementKind.Row && !Facts.Words.IsPlanned(statement) && report.FactsOf(statement).Ranges.Count == 1
                && report.ActivityOf(statement) == activity)
            .Select(statement => (statement.Line, Range: report.FactsOf(statement).Ranges[0]))
            .ToList();
        var samples = activity == Activity.Monitor ? report.Samples : [];
        var longest = ranges.Count == 0 ? default : ranges.MaxBy(entry => entry.Range.Length);
        var (span, gap) = SampleTimes.SpanOf(samples);
        var words = new List<string>();
        if (ranges.Count > 0) words.Add($"line {longest.Line} shows {longest.Range}, which is {Spans.Show(longest.Range.Length)}");
        if (span is { } seen) words.Add($"the {samples.Count} samples span {Spans.Show(seen)} ({samples[0].At}–{samples[^1].At})");
        return new StageRecord
        {
            // Of what happened several times, no single range is the record.
            _range = ranges.Count == 0 || (activity != Activity.Monitor && ranges.Count > 1) ? null : longest.Range.Length,
            _precision = ranges.Count == 0 ? TimeSpan.Zero : longest.Range.Precision,
            _samples = span,
            _gap = gap,
            _isWatch = activity == Activity.Monitor,
            Lines = ranges.Count == 0 ? [] : [longest.Line],
            Words = string.Join("; ", words),
        };
    }

    /// <summary>A watch may be longer than is claimed, never shorter; any other stage takes what it took.</summary>
    public bool Contradicts(Span claimed)
    {
        var rounding = (claimed.Step > TimeSpan.FromMinutes(1) ? TimeSpan.FromMinutes(1) : claimed.Step) / 2;
        if (_isWatch)
        {
            // A sample stands for the time up to the next one.
            var covered = new[] { _range + _precision, _samples + _gap }.Max();
            return covered is { } shown && claimed.Low >= shown + rounding;
        }

        return _range is { } length && (claimed.Low - length).Duration() >= _precision + rounding;
    }
}
