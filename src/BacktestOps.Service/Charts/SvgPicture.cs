using System.Globalization;
using System.Security;
using System.Text;

namespace BacktestOps.Service.Charts;

/// <summary>
/// A drawing in SVG. Every part has a class, which a page's style sheet colours, and attributes of its own, so that the file also
/// looks right by itself. There is no word in it, no script and no style: it reads the same in every language, and no content
/// security policy stands in its way.
/// </summary>
internal sealed class SvgPicture
{
    private readonly StringBuilder _text = new();

    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="attributes">More attributes of the root, with their values escaped.</param>
    public SvgPicture(int width, int height, string attributes = "")
    {
        _text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\"");
        _text.Append(" font-family=\"sans-serif\" font-size=\"12\"").Append(attributes).Append('>');
    }

    /// <summary>A line between two points.</summary>
    public void Line(string name, double x1, double y1, double x2, double y2, string attributes) =>
        _text.Append(CultureInfo.InvariantCulture, $"<line class=\"{name}\" x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" {attributes}/>");

    /// <summary>A text; <paramref name="anchor"/> is start, middle or end.</summary>
    public void Text(double x, double y, string anchor, string text) =>
        _text.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\" fill=\"#667\">{SecurityElement.Escape(text)}</text>");

    /// <summary>A path along points.</summary>
    public void Path(string name, IEnumerable<(double X, double Y)> points, string attributes, string end = "")
    {
        _text.Append("<path class=\"").Append(name).Append("\" d=\"");
        var command = 'M';
        foreach (var (x, y) in points)
        {
            _text.Append(CultureInfo.InvariantCulture, $"{command}{x:0.#} {y:0.#}");
            command = 'L';
        }
        _text.Append(end).Append("\" ").Append(attributes).Append("/>");
    }

    /// <summary>A triangle with its tip at a point: upward below it (a purchase), downward above it (a sale).</summary>
    public void Marker(string name, double x, double y, double size, bool up, string attributes)
    {
        const double Gap = 3;
        var (tip, foot) = up ? (y + Gap, y + Gap + size) : (y - Gap, y - Gap - size);
        Path(name, [(x, tip), (x - (size * 0.55), foot), (x + (size * 0.55), foot)], attributes, "Z");
    }

    /// <summary>What can be read off the drawing, as JSON, for who can't see it or points at it.</summary>
    public void Metadata(string json) => _text.Append("<metadata>").Append(SecurityElement.Escape(json)).Append("</metadata>");

    /// <summary>The file.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString() + "</svg>");
}
