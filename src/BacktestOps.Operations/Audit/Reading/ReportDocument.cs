namespace BacktestOps.Operations.Audit.Reading;

/// <summary>What kind of block a statement stands in.</summary>
internal enum StatementKind
{
    Heading,
    Item,
    Paragraph,
    Code,
    Row,
}

/// <summary>A heading and what stands under it, up to the next heading of its rank. The root has level 0.</summary>
internal sealed class Section(Section? parent, int level, Statement? heading)
{
    public Section? Parent { get; } = parent;

    public int Level { get; } = level;

    public Statement? Heading { get; } = heading;

    /// <summary>What stands in the section itself, in order; the heading is not among it.</summary>
    public List<Statement> Statements { get; } = [];

    public List<Section> Children { get; } = [];

    /// <summary>The section and those around it, innermost first, the root not among them.</summary>
    public IEnumerable<Section> Chain()
    {
        for (var at = this; at?.Parent is not null; at = at.Parent) yield return at;
    }

    /// <summary>The section and those in it.</summary>
    public IEnumerable<Section> Tree()
    {
        // A stack of our own: sections nest six deep at most, but nobody has to know that here.
        var open = new Stack<Section>([this]);
        while (open.TryPop(out var section))
        {
            yield return section;
            foreach (var child in section.Children.AsEnumerable().Reverse()) open.Push(child);
        }
    }
}

/// <summary>One line that says something, with where it stands.</summary>
internal sealed class Statement(StatementKind kind, int line, string text, Section section)
{
    public StatementKind Kind { get; } = kind;

    /// <summary>1-based.</summary>
    public int Line { get; } = line;

    /// <summary>As it was written, without the list marker and the check box.</summary>
    public string Text { get; } = text;

    /// <summary>The same without emphasis, code ticks and pictures: what the rules read.</summary>
    public string Plain { get; } = Marks.Strip(text);

    /// <summary>The section that it stands in; a heading stands in its own.</summary>
    public Section Section { get; internal set; } = section;

    /// <summary>The item around it.</summary>
    public Statement? Parent { get; init; }

    /// <summary>The items, code lines and paragraphs in this item.</summary>
    public List<Statement> Children { get; } = [];

    /// <summary>The check box: ticked, open, or none.</summary>
    public bool? Box { get; init; }

    /// <summary>The number of the code block that it is a line of; 0 for none.</summary>
    public int CodeBlock { get; init; }

    /// <summary>The language that the code block names.</summary>
    public string CodeLanguage { get; init; } = "";

    /// <summary>True when it is marked as done: a ticked box, or ✅ on an item, a heading or a paragraph.</summary>
    public bool IsTicked => Box ?? (Kind is not (StatementKind.Code or StatementKind.Row) && Marks.HasTick(Text));

    /// <summary>The item and those around it, innermost first.</summary>
    public IEnumerable<Statement> Parents()
    {
        for (var at = Parent; at is not null; at = at.Parent) yield return at;
    }

    /// <summary>True when it, or an item around it, is marked as done.</summary>
    public bool IsClaimedDone => Box != false && (IsTicked || (Parent is { } parent && parent.IsTicked));
}

/// <summary>A table: its header and its rows.</summary>
internal sealed record ReportTable(Section Section, int Line, IReadOnlyList<string> Header, IReadOnlyList<TableRow> Rows);

/// <summary>A row of a table, its cells without emphasis.</summary>
internal sealed record TableRow(int Line, string Text, IReadOnlyList<string> Cells)
{
    public string Cell(int column) => column < Cells.Count ? Cells[column] : "";
}

/// <summary>A document as the rules see it.</summary>
internal sealed class ReportDocument
{
    public required Section Root { get; init; }

    /// <summary>Every statement by line: headings, items, paragraphs, lines of code.</summary>
    public required IReadOnlyList<Statement> Statements { get; init; }

    public required IReadOnlyList<ReportTable> Tables { get; init; }

    /// <summary>What could not be read, with its line; empty when everything was.</summary>
    public IReadOnlyList<(int Line, string Reason)> Unread { get; init; } = [];
}
