using System.Net;
using System.Text;

namespace BacktestOps.Runs.Reports;

/// <summary>HTML as it is written: what is text is escaped, what is markup says so.</summary>
internal sealed class HtmlText
{
    private readonly StringBuilder _text = new();

    /// <summary>Writes markup.</summary>
    public HtmlText Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>Writes an element with text in it.</summary>
    public HtmlText Element(string name, string? text, string attributes = "")
    {
        _text.Append('<').Append(name);
        if (attributes.Length > 0) _text.Append(' ').Append(attributes);
        _text.Append('>').Append(Escape(text ?? "–")).Append("</").Append(name).Append('>');
        return this;
    }

    /// <summary>Writes a table's row; cells that look like numbers stand at the right.</summary>
    public HtmlText Row(string cell, params ReadOnlySpan<string?> texts)
    {
        _text.Append("<tr>");
        foreach (var text in texts) Element(cell, text);
        _text.Append("</tr>\n");
        return this;
    }

    /// <summary>Begins a section with a heading.</summary>
    public HtmlText Begin(string heading, string attributes = "")
    {
        _text.Append("<section").Append(attributes.Length > 0 ? " " + attributes : "").Append('>');
        return Element("h2", heading).Raw("\n");
    }

    /// <summary>Ends it.</summary>
    public HtmlText End() => Raw("</section>\n");

    /// <summary>Text as HTML, also inside an attribute.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
