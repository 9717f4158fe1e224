using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace BacktestOps.Shell;

/// <summary>
/// Shows progress: on a terminal as bars under the output, drawn in place and removed when they are done;
/// elsewhere as one plain line a quarter, so that a log tells how far the work came without being flooded.
/// </summary>
internal sealed class ProgressDisplay
{
    private const int MostBars = 4;
    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(60);

    private readonly TextWriter _writer;
    private readonly bool _inPlace;
    private readonly Func<int> _width;
    private readonly TimeProvider _clock;
    private readonly List<Bar> _bars = [];
    private int _linesDrawn;
    private long _drawnAt;

    /// <summary>Makes a display.</summary>
    /// <param name="writer">Where to draw (standard error).</param>
    /// <param name="inPlace">Whether <paramref name="writer"/> is a terminal.</param>
    /// <param name="width">Columns there are.</param>
    /// <param name="clock">The clock, for redrawing no faster than the eye follows.</param>
    public ProgressDisplay(TextWriter writer, bool inPlace, Func<int> width, TimeProvider clock)
    {
        _writer = writer;
        _inPlace = inPlace;
        _width = width;
        _clock = clock;
    }

    /// <summary>Takes a progress record.</summary>
    /// <param name="sourceId">Which pipeline it comes from: two of them may use the same activity id.</param>
    /// <param name="record">The record.</param>
    /// <param name="mayDraw">False while a line of other output is unfinished.</param>
    public void Update(long sourceId, ProgressRecord record, bool mayDraw)
    {
        var index = _bars.FindIndex(b => b.SourceId == sourceId && b.Record.ActivityId == record.ActivityId);
        if (record.RecordType == ProgressRecordType.Completed)
        {
            if (index < 0) return;
            if (!_inPlace && _bars[index].Quarter is >= 0 and < 4) WriteLine(record, "done");
            _bars.RemoveAt(index);
            Redraw(mayDraw);
            return;
        }

        if (index < 0)
        {
            _bars.Add(new Bar(sourceId, record, -1));
            index = _bars.Count - 1;
        }
        else
        {
            _bars[index] = _bars[index] with { Record = record };
        }

        if (!_inPlace) WriteQuarter(index);
        else if (_linesDrawn == 0 || _clock.GetElapsedTime(_drawnAt) >= RedrawEvery) Redraw(mayDraw);
    }

    /// <summary>Takes the bars off the screen, because something else is about to be written there.</summary>
    public void Clear()
    {
        if (_linesDrawn == 0) return;
        _writer.Write(EraseDrawn());
        _writer.Flush();
        _linesDrawn = 0;
    }

    /// <summary>Forgets all bars: the pipeline that reported them has ended, with or without completing them.</summary>
    public void Reset()
    {
        Clear();
        _bars.Clear();
    }

    private void WriteQuarter(int index)
    {
        var bar = _bars[index];
        var quarter = bar.Record.PercentComplete < 0 ? 0 : Math.Min(bar.Record.PercentComplete, 100) / 25;
        if (quarter <= bar.Quarter) return;
        _bars[index] = bar with { Quarter = quarter };
        WriteLine(bar.Record, bar.Record.PercentComplete < 0 ? null : Percent(bar.Record));
    }

    private void WriteLine(ProgressRecord record, string? state)
    {
        // Who ends with "Done" need not be told that it is done.
        var parts = new[] { state, record.StatusDescription }.Where(p => !string.IsNullOrWhiteSpace(p)).Distinct(StringComparer.OrdinalIgnoreCase);
        _writer.WriteLine(OneLine($"{record.Activity}: {string.Join(", ", parts)}"));
    }

    private void Redraw(bool mayDraw)
    {
        if (!_inPlace || !mayDraw) return;
        var text = new StringBuilder(EraseDrawn());
        var shown = _bars.Take(MostBars).ToList();
        foreach (var bar in shown) text.Append(Draw(bar.Record)).Append('\n');
        _linesDrawn = shown.Count;
        _drawnAt = _clock.GetTimestamp();
        _writer.Write(text);
        _writer.Flush();
    }

    // Up over what was drawn, then everything below the cursor is erased.
    private string EraseDrawn() => _linesDrawn == 0 ? "" : $"\u001b[{_linesDrawn}A\r\u001b[J";

    private string Draw(ProgressRecord record)
    {
        var width = Math.Max(20, _width() - 1);
        var indent = record.ParentActivityId >= 0 ? "  " : "";
        if (record.PercentComplete < 0)
            return Fit($"{indent}{OneLine(record.Activity)}  {OneLine(record.StatusDescription)}", width);

        var left = record.SecondsRemaining > 0
            ? string.Create(CultureInfo.InvariantCulture, $"  {TimeSpan.FromSeconds(record.SecondsRemaining):h\\:mm\\:ss} left") : "";
        var cells = Math.Clamp(width / 4, 8, 30);
        var full = Math.Clamp(record.PercentComplete, 0, 100) * cells / 100;
        var bar = $"[{new string('#', full)}{new string('.', cells - full)}]";
        return Fit($"{indent}{OneLine(record.Activity)} {bar} {Percent(record)}  {OneLine(record.StatusDescription)}{left}", width);
    }

    private static string Percent(ProgressRecord record) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(record.PercentComplete, 0, 100)}%");

    private static string Fit(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";

    private static string OneLine(string? text) => (text ?? "").ReplaceLineEndings(" ").Trim();

    private readonly record struct Bar(long SourceId, ProgressRecord Record, int Quarter);
}
