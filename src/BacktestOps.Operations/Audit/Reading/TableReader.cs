using System.Text;

namespace BacktestOps.Operations.Audit.Reading;

/// <summary>Tables with pipes, as GitHub writes them.</summary>
internal static class TableReader
{
    private const int MaxColumns = 64;

    /// <summary>Reads the table that starts at a line; null when none does.</summary>
    /// <param name="lines">The lines of a paragraph, with their numbers.</param>
    /// <param name="section">Where it stands.</param>
    public static ReportTable? Read(IReadOnlyList<(int Number, string Text)> lines, Section section)
    {
        // A table may follow a line of text without a blank line between them.
        var rule = 1;
        while (rule < lines.Count && !IsRule(lines[rule].Text)) rule++;
        if (rule >= lines.Count || !lines[rule - 1].Text.Contains('|', StringComparison.Ordinal)) return null;
        var rows = lines.Skip(rule + 1)
            .Where(line => line.Text.Contains('|', StringComparison.Ordinal))
            .Select(line => new TableRow(line.Number, line.Text, Cells(line.Text)))
            .ToList();
        return new ReportTable(section, lines[rule - 1].Number, Cells(lines[rule - 1].Text), rows);
    }

    private static bool IsRule(string line) =>
        line.Contains('|', StringComparison.Ordinal) && line.Contains('-', StringComparison.Ordinal) && !line.AsSpan().ContainsAnyExcept("|-: \t");

    private static List<string> Cells(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var text = line.Trim();
        for (var at = text.StartsWith('|') ? 1 : 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] == '|') cell.Append(text[++at]);
            else if (text[at] != '|') cell.Append(text[at]);
            else if (cells.Count < MaxColumns) Close();
        }

        if (cell.Length > 0 && !text.EndsWith('|') && cells.Count < MaxColumns) Close();
        return cells;

        void Close()
        {
            cells.Add(cell.ToString().Trim());
            cell.Clear();
        }
    }
}
