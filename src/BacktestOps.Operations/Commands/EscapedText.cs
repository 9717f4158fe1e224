using System.Globalization;
using System.Net;
using System.Text;

namespace BacktestOps.Operations.Commands;

/// <summary>
/// A text in which every place can be read in each way that a reader of JSON, XML, HTML, Markdown, an address, a form or a shell would
/// read it, also one inside the other: <c>\u0022</c>, <c>&amp;quot;</c>, <c>%22</c> and <c>\\\"</c> are all a quote.
/// </summary>
/// <param name="text">The text.</param>
internal sealed class EscapedText(string text)
{
    /// <summary>The longest spelling of one character that is read, in characters: <c>&amp;amp;amp;amp;quot;</c>, or one of these with all its letters spelled out.</summary>
    public const int LongestSpelling = 100;

    private const int Depth = 4;
    private const int Remembered = 256;
    private const int LongestName = 10;
    private const string Controls = "n\nr\rt\tb\bf\f0\0a\av\v";

    private readonly (int At, List<Reading>? Readings)[] _known = new (int, List<Reading>?)[Depth * Remembered];

    /// <summary>A character, or a pair of surrogates, and where it ends in the text.</summary>
    public readonly record struct Reading(char First, char Second, int End);

    /// <summary>True where more than the character itself may be read.</summary>
    public bool IsIntroducer(int at) => text[at] is '\\' or '&' or '%' or '`' or '\'' or '"' or '+';

    /// <summary>Everything that may be read at a place.</summary>
    public List<Reading> At(int at) => At(at, Depth);

    /// <summary>What is read by decoding once what is read by decoding one time less: writers wrap each other's texts.</summary>
    private List<Reading> At(int at, int depth)
    {
        if (at >= text.Length) return [];
        if (depth == 0 || !IsIntroducer(at)) return [new Reading(text[at], '\0', at + 1)];
        ref var known = ref _known[((depth - 1) * Remembered) + (at % Remembered)];
        if (known.Readings is not null && known.At == at) return known.Readings;
        var readings = new List<Reading>(At(at, depth - 1));
        var undecoded = readings.Count;
        for (var index = 0; index < undecoded; index++)
        {
            foreach (var decoded in Decode(readings[index], depth - 1))
            {
                if (decoded.End - at <= LongestSpelling && !readings.Contains(decoded)) readings.Add(decoded);
            }
        }

        _known[((depth - 1) * Remembered) + (at % Remembered)] = (at, readings);
        return readings;
    }

    private IEnumerable<Reading> Decode(Reading introducer, int depth) => introducer.First switch
    {
        '\\' or '`' => Escaped(introducer.End, depth),
        '&' => Entity(introducer.End, depth),
        '%' => Percent(introducer.End, depth),
        '\'' => Follow(introducer.End, depth, "'").Concat(Follow(introducer.End, depth, "\\''")).Concat(Follow(introducer.End, depth, "\"'\"'")),
        '"' => Follow(introducer.End, depth, "\""),
        '+' => [new Reading(' ', '\0', introducer.End)],
        _ => [],
    };

    private IEnumerable<Reading> Escaped(int at, int depth)
    {
        foreach (var next in At(at, depth))
        {
            if (next.First == 'u' && Hex(next.End, 4, depth) is { } unit) yield return new Reading((char)unit.Value, '\0', unit.End);
            else if (next.First == 'x' && Hex(next.End, 2, depth) is { } code) yield return new Reading((char)code.Value, '\0', code.End);
            else if (Controls.IndexOf(next.First, StringComparison.Ordinal) is >= 0 and var control && control % 2 == 0) yield return new Reading(Controls[control + 1], '\0', next.End);
            else if (char.IsAscii(next.First) && !char.IsAsciiLetterOrDigit(next.First)) yield return next;
        }
    }

    private IEnumerable<Reading> Entity(int at, int depth)
    {
        var end = Follow(at, depth, "#").Select(hash => hash.End).FirstOrDefault(at);
        var isNumber = end > at;
        var (name, stop) = Word(end, depth);
        if (name.Length == 0) yield break;
        foreach (var semicolon in Follow(stop, depth, ";"))
        {
            if (!isNumber)
            {
                if (WebUtility.HtmlDecode($"&{name};") is [var one]) yield return new Reading(one, '\0', semicolon.End);
                continue;
            }

            var isHex = name[0] is 'x' or 'X';
            if (int.TryParse(isHex ? name[1..] : name, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                && code is > 0 and <= 0x10FFFF and not (>= 0xD800 and <= 0xDFFF))
                yield return Character(code, semicolon.End);
        }
    }

    private IEnumerable<Reading> Percent(int at, int depth)
    {
        if (Hex(at, 2, depth) is not { } first) yield break;
        // How many bytes follow, in UTF-8.
        var more = first.Value switch { < 0x80 => 0, < 0xE0 => 1, < 0xF0 => 2, _ => 3 };
        var (code, end) = (more == 0 ? first.Value : first.Value & (0x3F >> more), first.End);
        for (; more > 0; more--)
        {
            var next = Follow(end, depth, "%").Select(percent => Hex(percent.End, 2, depth)).FirstOrDefault(found => found is { } byteOfMore && (byteOfMore.Value & 0xC0) == 0x80);
            if (next is null) yield break;
            (code, end) = ((code << 6) | (next.Value.Value & 0x3F), next.Value.End);
        }

        if (code is > 0 and <= 0x10FFFF and not (>= 0xD800 and <= 0xDFFF)) yield return Character(code, end);
    }

    /// <summary>What is read where a text follows, as the last character of that text.</summary>
    private IEnumerable<Reading> Follow(int at, int depth, string wanted)
    {
        IEnumerable<Reading> found = At(at, depth).Where(reading => reading.First == wanted[0]);
        for (var index = 1; index < wanted.Length; index++)
        {
            var next = wanted[index];
            found = found.SelectMany(reading => At(reading.End, depth).Where(following => following.First == next));
        }

        return found;
    }

    /// <summary>The letters and digits that are read from a place on, and where they end.</summary>
    private (string Text, int End) Word(int at, int depth)
    {
        var word = new StringBuilder();
        while (word.Length < LongestName)
        {
            var next = At(at, depth).Find(reading => char.IsAsciiLetterOrDigit(reading.First));
            if (next.End == 0) break;
            word.Append(next.First);
            at = next.End;
        }

        return (word.ToString(), at);
    }

    /// <summary>The number of so many hexadecimal digits.</summary>
    private (int Value, int End)? Hex(int at, int digits, int depth)
    {
        var value = 0;
        for (; digits > 0; digits--)
        {
            var next = At(at, depth).Find(reading => char.IsAsciiHexDigit(reading.First));
            if (next.End == 0) return null;
            value = (value << 4) | Convert.ToInt32(next.First.ToString(), 16);
            at = next.End;
        }

        return (value, at);
    }

    private static Reading Character(int code, int end)
    {
        var text = char.ConvertFromUtf32(code);
        return new Reading(text[0], text.Length > 1 ? text[1] : '\0', end);
    }
}
