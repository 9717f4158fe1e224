using BacktestOps.Operations.Audit.Facts;
using BacktestOps.Operations.Audit.Reading;
using BacktestOps.Operations.Evidence;

namespace BacktestOps.Operations.Audit;

/// <summary>The facts that one statement gives.</summary>
internal sealed record StatementFacts(
    IReadOnlyList<Moment> Moments, IReadOnlyList<ClockRange> Ranges, IReadOnlyList<Span> Spans, IReadOnlyList<Quantity> Quantities);

/// <summary>A document with what the rules ask of it, each computed once.</summary>
internal sealed class AuditedReport
{
    private static readonly StatementFacts None = new([], [], [], []);

    private readonly Dictionary<Statement, StatementFacts> _facts = [];
    private readonly Dictionary<Statement, Activity> _activities = [];

    public AuditedReport(ReportDocument document, IReadOnlyList<EvidenceRecord>? ledger = null, IReadOnlyDictionary<int, string>? hashes = null)
    {
        Hashes = [.. hashes?.Values ?? []];
        Document = document;
        Ledger = ledger;
        Samples = Facts.Samples.In(document);
        WrittenAt = DocumentClock.WrittenAt(this);
    }

    public ReportDocument Document { get; }

    public IReadOnlyList<Statement> Statements => Document.Statements;

    public IReadOnlyList<Sample> Samples { get; }

    /// <summary>When the document was written, as it says itself, and the line that says so; null when it does not.</summary>
    public (Moment Moment, int Line)? WrittenAt { get; }

    /// <summary>The evidence; null when none was given.</summary>
    public IReadOnlyList<EvidenceRecord>? Ledger { get; }

    /// <summary>The hashes of the evidence's records; empty where they are not known.</summary>
    public IReadOnlyList<string> Hashes { get; }

    public StatementFacts FactsOf(Statement statement)
    {
        if (_facts.TryGetValue(statement, out var facts)) return facts;
        var text = statement.Plain;

        // Every fact has a figure in it, or one of few words that stand for one.
        facts = text.Length == 0 ? None : new StatementFacts(Clocks.Moments(text), [.. Clocks.Ranges(text)], [.. Spans.In(text)], [.. Quantities.In(text)]);
        return _facts[statement] = facts;
    }

    public Activity ActivityOf(Statement statement)
    {
        if (!_activities.TryGetValue(statement, out var activity)) _activities[statement] = activity = Topics.Of(statement);
        return activity;
    }

    /// <summary>The samples of the innermost section around a statement that has any, and that section; none when there are none.</summary>
    public (IReadOnlyList<Sample> Samples, Section? Section) SamplesAround(Statement statement, Func<Sample, bool>? wanted = null)
    {
        for (var section = statement.Section; section is not null; section = section.Parent)
        {
            var inside = section.Tree().ToHashSet();
            var samples = Samples.Where(sample => inside.Contains(sample.Section) && (wanted is null || wanted(sample))).ToList();
            if (samples.Count > 0) return (samples, section);
        }

        return ([], null);
    }
}
