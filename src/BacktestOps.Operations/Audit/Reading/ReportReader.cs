using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;

namespace BacktestOps.Operations.Audit.Reading;

/// <summary>
/// Markdown → sections, items, tables and lines of code. The blocks are Markdig's; the text inside them is kept as it was
/// written, because it is quoted, and because no rule needs more of it than words and figures.
/// </summary>
internal sealed class ReportReader
{
    /// <summary>Longer lines are cut: no claim is that long, and the patterns' time is bounded by it.</summary>
    public const int MaxLineLength = 1_000;

    private readonly List<Statement> _statements = [];
    private readonly List<ReportTable> _tables = [];
    private readonly List<(int, string)> _unread = [];
    private readonly string[] _lines;
    private readonly string _text;
    private readonly Section _root = new(null, 0, null);
    private Section _section;
    private int _codeBlocks;

    private ReportReader(string text)
    {
        // One kind of line break, so that positions in the text and numbers of lines agree.
        _text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace('\0', '\uFFFD');
        _lines = _text.Split('\n');
        _section = _root;
    }

    /// <summary>Reads a document.</summary>
    /// <param name="text">Markdown.</param>
    public static ReportDocument Read(string text)
    {
        var reader = new ReportReader(text);
        reader.ReadAll();
        return new ReportDocument
        {
            Root = reader._root,
            Statements = [.. reader._statements.OrderBy(statement => statement.Line)],
            Tables = reader._tables,
            Unread = reader._unread,
        };
    }

    private void ReadAll()
    {
        var builder = new MarkdownPipelineBuilder().UseYamlFrontMatter();
        builder.InlineParsers.Clear();
        builder.BlockParsers.TryRemove<Markdig.Parsers.HtmlBlockParser>();
        try
        {
            var pending = new Stack<(Block Block, Statement? Owner)>();
            Push(Markdown.Parse(_text, builder.Build()), owner: null);
            while (pending.TryPop(out var next))
            {
                var owner = Visit(next.Block, next.Owner);
                if (next.Block is ContainerBlock container) Push(container, owner);
            }

            void Push(ContainerBlock container, Statement? owner)
            {
                for (var at = container.Count - 1; at >= 0; at--) pending.Push((container[at], owner));
            }
        }
        catch (ArgumentException error) when (error.Message.Contains("depth", StringComparison.OrdinalIgnoreCase))
        {
            _unread.Add((1, "its blocks are nested too deeply to be read"));
        }
    }

    /// <summary>Notes what a block says; the answer is the item that its children stand in.</summary>
    private Statement? Visit(Block block, Statement? owner)
    {
        switch (block)
        {
            case HeadingBlock heading:
                Open(heading);
                break;
            case ListItemBlock item:
                return ReadItem(item, owner);
            case CodeBlock code and not YamlFrontMatterBlock:
                ReadCode(code, owner);
                break;
            case ParagraphBlock paragraph when !(paragraph.Parent is ListItemBlock item && ReferenceEquals(item[0], paragraph)):
                ReadParagraph(LinesOf(paragraph), owner);
                break;
        }

        return owner;
    }

    private void Open(HeadingBlock heading)
    {
        var parent = _section;
        while (parent.Level >= heading.Level && parent.Parent is not null) parent = parent.Parent;
        var text = LinesOf(heading).Select(line => line.Text).FirstOrDefault("");
        var statement = new Statement(StatementKind.Heading, heading.Line + 1, text.TrimStart('#').TrimEnd('#', ' ').Trim(), parent);
        _section = new Section(parent, heading.Level, statement);
        statement.Section = _section;
        parent.Children.Add(_section);
        _statements.Add(statement);
    }

    private Statement? ReadItem(ListItemBlock item, Statement? owner)
    {
        var lines = item.Count > 0 && item[0] is ParagraphBlock first ? LinesOf(first) : [(item.Line + 1, "")];
        var (box, text) = Box(lines[0].Text);
        var statement = Add(new Statement(StatementKind.Item, lines[0].Number, text, _section) { Parent = owner, Box = box });
        ReadParagraph([.. lines.Skip(1)], statement);
        return statement;
    }

    private void ReadParagraph(List<(int Number, string Text)> lines, Statement? owner)
    {
        var table = TableReader.Read(lines, _section);
        if (table is not null) _tables.Add(table);
        foreach (var (number, text) in lines)
        {
            if (text.Length == 0) continue;
            var isRow = table is not null && number >= table.Line;
            if (isRow && number > table!.Line && table.Rows.All(row => row.Line != number)) continue;
            Add(new Statement(isRow ? StatementKind.Row : StatementKind.Paragraph, number, text, _section) { Parent = owner });
        }
    }

    private void ReadCode(CodeBlock code, Statement? owner)
    {
        _codeBlocks++;
        var fence = code as FencedCodeBlock;
        var first = code.Line + (fence is null ? 0 : 1);
        for (var at = 0; at < code.Lines.Count; at++)
        {
            var text = Cut(code.Lines.Lines[at].Slice.ToString().Trim());
            if (text.Length == 0) continue;
            Add(new Statement(StatementKind.Code, first + at + 1, text, _section)
            {
                Parent = owner,
                CodeBlock = _codeBlocks,
                CodeLanguage = fence?.Info ?? "",
            });
        }
    }

    private Statement Add(Statement statement)
    {
        _statements.Add(statement);
        _section.Statements.Add(statement);
        statement.Parent?.Children.Add(statement);
        return statement;
    }

    private List<(int Number, string Text)> LinesOf(LeafBlock block)
    {
        var lines = new List<(int, string)>();
        var line = block.Line;
        var end = block.Line + Math.Max(0, _text.AsSpan(block.Span.Start, Math.Max(0, Math.Min(block.Span.Length, _text.Length - block.Span.Start))).Count('\n'));
        for (; line <= end && line < _lines.Length; line++)
        {
            // The first line of a block starts behind its marker; the others may repeat a quotation's.
            var text = line == block.Line ? _lines[line][Math.Clamp(block.Column, 0, _lines[line].Length)..] : _lines[line].TrimStart(' ', '\t', '>');
            lines.Add((line + 1, Cut(text.Trim())));
        }

        return lines;
    }

    private static (bool? Box, string Text) Box(string text) =>
        text.Length >= 3 && text[0] == '[' && text[2] == ']'
            ? (text[1] switch { 'x' or 'X' or '✓' or '✔' or 'v' or 'V' => true, ' ' => false, _ => null }, text[3..].Trim())
            : (null, text);

    private static string Cut(string text) => text.Length <= MaxLineLength ? text : text[..MaxLineLength];
}
