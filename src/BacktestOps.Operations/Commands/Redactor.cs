using System.Buffers;
using System.Text;

namespace BacktestOps.Operations.Commands;

/// <summary>
/// Takes the values of secrets out of text before it is written anywhere, in whatever spelling they stand there: JSON, XML, HTML, Markdown,
/// addresses and forms, shells, base64 alone or with what is around it, line by line, one of these inside another.
/// </summary>
/// <remarks>
/// Each character of a secret is looked for in every spelling that is read back to it, so that no list of encoders must be complete. A
/// secret of fewer than <see cref="MinimumLength"/> characters is part of too many words, figures and digests: it is not taken out, and a
/// plan with such a secret is not ready to be deployed. Of a text that was cut off (<c>…</c>) the beginning of a secret is taken out too.
/// </remarks>
public sealed class Redactor
{
    /// <summary>The length from which on a secret, or a line of one, is taken out of texts, in characters.</summary>
    public const int MinimumLength = 6;

    /// <summary>What stands in a secret's place.</summary>
    public const string Mark = "[secret]";

    // What any character may be spelled with, beside itself.
    private const string Introducers = "\\&%`";

    private readonly Dictionary<char, List<SecretPattern>> _byFirst = [];
    private readonly IReadOnlyList<SecretPattern> _patterns;
    private readonly SearchValues<char> _starts;

    /// <summary>Makes one.</summary>
    /// <param name="secrets">The values.</param>
    public Redactor(IEnumerable<string> secrets)
    {
        _patterns = SecretPatterns.Of(secrets);
        foreach (var pattern in _patterns)
        {
            foreach (var first in Firsts(pattern)) (_byFirst.TryGetValue(first, out var those) ? those : _byFirst[first] = []).Add(pattern);
        }

        _starts = SearchValues.Create([.. _byFirst.Keys, .. Introducers, .. _byFirst.ContainsKey(' ') ? "+" : ""]);
    }

    /// <summary>Takes out nothing.</summary>
    public static Redactor None { get; } = new([]);

    /// <summary>True when there is nothing to take out.</summary>
    public bool IsEmpty => _patterns.Count == 0;

    /// <summary>The text without the secrets.</summary>
    /// <param name="text">The text, whole: of a text that comes in pieces use <see cref="PiecewiseRedactor"/>.</param>
    public string Redact(string text) => Redact(text, isWhole: true, out _);

    /// <summary>The bytes of a text without the secrets; bytes that are no UTF-8 are left as they are beside them.</summary>
    /// <param name="bytes">The text.</param>
    public byte[] Redact(ReadOnlySpan<byte> bytes)
    {
        if (IsEmpty) return bytes.ToArray();
        var encoding = System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1;
        return encoding.GetBytes(Redact(encoding.GetString(bytes)));
    }

    /// <summary>The text without the secrets, up to where one may begin that goes on in what follows.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isWhole">False where more follows.</param>
    /// <param name="held">How many characters at the end are not in the answer: they must be given again with what follows.</param>
    internal string Redact(string text, bool isWhole, out int held)
    {
        held = 0;
        if (IsEmpty) return text;
        var (finder, clean, copied, at) = ((SecretFinder?)null, (StringBuilder?)null, 0, 0);
        while (at < text.Length && text.AsSpan(at).IndexOfAny(_starts) is >= 0 and var next)
        {
            at += next;
            finder ??= new SecretFinder(text, isWhole);
            var (end, wraps, mayGoOn) = Longest(finder, text, at);
            if (mayGoOn)
            {
                held = text.Length - at;
                break;
            }

            if (end == 0)
            {
                at++;
                continue;
            }

            var begin = at;
            if (wraps)
            {
                // The characters beside the fragment hold bits of the secret too.
                if (begin > copied && IsBase64(text[begin - 1])) begin--;
                if (end < text.Length && IsBase64(text[end])) end++;
            }

            (clean ??= new StringBuilder()).Append(text, copied, begin - copied).Append(Mark);
            copied = at = end;
        }

        if (clean is null) return held == 0 ? text : text[..^held];
        return clean.Append(text, copied, text.Length - held - copied).ToString();
    }

    /// <summary>The furthest end of what begins at a place.</summary>
    private (int End, bool IsBase64, bool MayGoOn) Longest(SecretFinder finder, string text, int at)
    {
        var (end, wraps, mayGoOn) = (0, false, false);
        if (!finder.MayBegin(at, _byFirst.ContainsKey)) return default;
        // Behind an introducer any pattern may begin.
        var candidates = IsIntroducer(text[at]) ? _patterns : _byFirst.GetValueOrDefault(text[at]) ?? [];
        foreach (var pattern in candidates)
        {
            var found = finder.End(at, pattern);
            mayGoOn |= finder.MayGoOn;
            if (found > end) (end, wraps) = (found, pattern.IsBase64);
        }

        return (end, wraps, mayGoOn);
    }

    private static bool IsIntroducer(char found) => Introducers.Contains(found, StringComparison.Ordinal) || found is '+' or '"' or '\'';

    private static bool IsBase64(char found) => char.IsAsciiLetterOrDigit(found) || found is '+' or '/' or '-' or '_' or '=';

    private static IEnumerable<char> Firsts(SecretPattern pattern)
    {
        var first = pattern.Text[0];
        if (pattern.IsBase64 && first is '+' or '/') return [first, first == '+' ? '-' : '_'];
        if (first == '\n') return ['\n', '\r', ' '];
        return pattern.IgnoresCase ? new[] { first, char.ToUpperInvariant(first), char.ToLowerInvariant(first) }.Distinct() : [first];
    }
}
