using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using BacktestOps.Operations.Commands;

namespace BacktestOps.Operations.Tests.Commands;

/// <summary>Made-up secrets in made-up spellings, whole and in pieces; and what must stay as it is.</summary>
public class RedactionFuzzTests
{
    private static readonly (string Name, Func<string, string> Write)[] Named = [.. RedactorTests.Spellings.Select(row => (row.Data.Item1, row.Data.Item2))];
    private static readonly Func<string, string>[] Writers = [.. Named.Select(named => named.Write)];
    // Base64 of another spelling is not looked for: none of our writers makes it.
    private static readonly Func<string, string>[] Outer = [.. Named.Where(named => !named.Name.Contains("base64", StringComparison.Ordinal)).Select(named => named.Write)];

    [Fact]
    public void No_made_up_secret_is_left_in_any_spelling_or_two_of_them()
    {
        var (count, random) = Fuzz.Begin(2000);
        for (var round = 0; round < count; round++)
        {
            var secret = Fuzz.Secret(random);
            var (first, second) = (random.Next(Writers.Length), random.Next(Outer.Length));
            var text = $"begin {Outer[second](Writers[first](secret))} end";
            var expected = Fuzz.IsReadable(text, secret);

            var clean = new Redactor([secret]).Redact(text);

            Assert.False(Fuzz.IsReadable(clean, secret), $"round {round}, writers {first} and {second}, secret {Show(secret)}:\n{text}\n{clean}");
            if (expected) Assert.Contains("[secret]", clean, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_secret_is_found_however_a_stream_is_cut()
    {
        var (count, random) = Fuzz.Begin(1000);
        for (var round = 0; round < count; round++)
        {
            var secret = Fuzz.Secret(random);
            var text = $"line one\n{Writers[random.Next(Writers.Length)](secret)}\nline \"three\" {secret[..(secret.Length / 2)]}\n{secret}{secret} end";
            var redactor = new Redactor([secret]);
            var stream = new PiecewiseRedactor(redactor);
            var clean = new StringBuilder();
            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(random.Next(1, 9), text.Length - at);
                clean.Append(stream.Push(text.Substring(at, length)));
                at += length;
            }

            clean.Append(stream.Finish());

            Assert.False(Fuzz.IsReadable(clean.ToString(), secret), $"round {round}, secret {Show(secret)}:\n{text}\n{clean}");
            Assert.StartsWith("line one\n", clean.ToString(), StringComparison.Ordinal);
            Assert.EndsWith(" end", clean.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_text_without_the_secret_stays_as_it_is()
    {
        var redactor = new Redactor(["hunter2hunter2", "-----BEGIN KEY-----\nMIIEvQ+IBADAN/Bgkq\nhkiG9w0\n-----END KEY-----", "p&\"<w>'é한글"]);
        var text = "{\"a\":\"x\\u0022y\\n\",\"hunter\":2,\"b\":\"&amp;&quot; 100%25 C:\\\\dir\\\\n\"} hunter2 MIIEv p& é한 'it''s' `code` a+b\r\n";

        Assert.Same(text, redactor.Redact(text));
        Assert.Equal(Encoding.UTF8.GetBytes(text), redactor.Redact(Encoding.UTF8.GetBytes(text)));
        byte[] binary = [0xFF, 0xFE, 0x00, 0x80, .. "hunter2hunter2"u8, 0xC3];
        Assert.Equal([0xFF, 0xFE, 0x00, 0x80, .. "[secret]"u8, 0xC3], redactor.Redact(binary));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("12345")]
    [InlineData("\n\n")]
    [InlineData("        ")]
    [InlineData("")]
    public void A_secret_that_is_part_of_other_words_destroys_no_text(string secret)
    {
        const string Text = "a 12345 b        c\n\n\nd";

        Assert.Equal(Text, new Redactor([secret]).Redact(Text));
    }

    [Fact]
    public void The_lines_of_a_secret_are_secrets_and_a_secret_that_was_cut_off_is_one()
    {
        var redactor = new Redactor(["first-line-of-key\r\nsecond-line-of-key\r\n", "correct-horse-battery"]);

        Assert.Equal("| [secret]\n|   [secret]\n", redactor.Redact("| first-line-of-key\n|   second-line-of-key\n"));
        Assert.Equal("x=[secret]y", redactor.Redact("x=first-line-of-key\\nsecond-line-of-key\\ny"));
        Assert.Equal("answered [secret]… and", redactor.Redact("answered correct-horse-b… and"));
        Assert.Equal("answered [secret] …", redactor.Redact("answered correct-ho …"));
    }

    [Fact]
    public void Megabytes_are_looked_through_quickly_whatever_they_hold()
    {
        var redactor = new Redactor([.. Enumerable.Range(0, 20).Select(number => $"s3cr3t-\"{number}\"-&-{number * 7919}-value")]);
        var texts = new Dictionary<string, string>
        {
            ["log"] = string.Concat(Enumerable.Repeat("2026-02-08T05:30:00Z info: request GET /api/backtest/progress answered 200 in 4 ms\n", 50_000)),
            ["JSON in JSON"] = string.Concat(Enumerable.Repeat("{\\\"symbol\\\":\\\"SP500\\\",\\\"note\\\":\\\"a\\u0026b\\\"},", 60_000)),
            ["backslashes"] = new string('\\', 1_000_000),
            ["percents"] = string.Concat(Enumerable.Repeat("%25", 300_000)),
            ["ampersands"] = string.Concat(Enumerable.Repeat("&amp;", 200_000)),
            ["beginnings"] = string.Concat(Enumerable.Repeat("s3cr3t-\"1\"-&-", 80_000)),
        };
        foreach (var (name, text) in texts)
        {
            // Processor time, not the clock's: this machine may be busy with something else.
            var begin = Environment.CpuUsage.TotalTime;
            Assert.Equal(text.Length, redactor.Redact(text).Length);
            var took = Environment.CpuUsage.TotalTime - begin;
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {text.Length / 1e6:0.0} million characters in {took.TotalMilliseconds:0} ms of processor time"));
            Assert.True(took < TimeSpan.FromSeconds(30), $"{name} took {took}");
        }
    }

    private static string Show(string text) => string.Concat(text.Select(c => c is >= ' ' and < '\x7f' ? $"{c}" : $"<{(int)c:X}>"));
}

/// <summary>Made-up secrets, and whether one can be read in a text by whatever undoes an encoding.</summary>
internal static partial class Fuzz
{
    private const string Alphabet = "abcXYZ0189\"'&<>\\/+-=%_ ~`$#;:|*[](){}!?,.@^éß한글😀";

    /// <summary>How many rounds, and their numbers; both are printed.</summary>
    /// <param name="usual">How many there are when BACKTESTOPS_SECRETS does not say.</param>
    public static (int Count, Random Random) Begin(int usual)
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("BACKTESTOPS_SECRETS"), CultureInfo.InvariantCulture, out var wanted) ? wanted : usual;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("BACKTESTOPS_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} secrets, seed {seed} (BACKTESTOPS_SECRETS, BACKTESTOPS_SEED)");
        return (count, new Random(seed));
    }

    public static string Secret(Random random, bool oneLine = false)
    {
        var runes = Alphabet.EnumerateRunes().ToArray();
        var text = new StringBuilder();
        for (var length = random.Next(8, 40); text.Length < length;)
        {
            text.Append(runes[random.Next(runes.Length)]);
            if (!oneLine && random.Next(60) == 0) text.Append(random.Next(2) == 0 ? "\n" : "\r\n");
        }

        // What a person would type ends in no space; a file's value is trimmed.
        return $"s{text}e";
    }

    /// <summary>True when undoing encodings, one after the other, gives a text with the secret in it.</summary>
    public static bool IsReadable(string text, string secret)
    {
        var wanted = Lines(secret);
        var seen = new HashSet<string>(StringComparer.Ordinal) { text };
        var layer = new List<string> { text };
        for (var depth = 0; depth < 3; depth++)
        {
            if (layer.Exists(read => Lines(read).Contains(wanted, StringComparison.OrdinalIgnoreCase))) return true;
            layer = [.. layer.SelectMany(Undo).Where(seen.Add)];
        }

        return layer.Exists(read => Lines(read).Contains(wanted, StringComparison.OrdinalIgnoreCase));
    }

    private static string Lines(string text) => text.ReplaceLineEndings("\n");

    private static IEnumerable<string> Undo(string text)
    {
        yield return JsonEscape().Replace(text, match => match.Value[1] == 'u'
            ? ((char)int.Parse(match.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()
            : match.Value[1] switch { 'n' => "\n", 'r' => "\r", 't' => "\t", 'b' => "\b", 'f' => "\f", var other => other.ToString() });
        yield return WebUtility.HtmlDecode(text);
        yield return WebUtility.UrlDecode(text);
        yield return Uri.UnescapeDataString(text);
        yield return text.Replace("'\\''", "'", StringComparison.Ordinal);
        yield return text.Replace("'\"'\"'", "'", StringComparison.Ordinal);
        yield return text.Replace("''", "'", StringComparison.Ordinal);
        yield return Base64().Replace(text, match =>
        {
            var digits = match.Value.Replace('-', '+').Replace('_', '/');
            var bytes = new byte[digits.Length];
            return Convert.TryFromBase64String(digits.PadRight((digits.Length + 3) / 4 * 4, '='), bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : match.Value;
        });
    }

    [GeneratedRegex(@"\\(u[0-9A-Fa-f]{4}|[^u])")]
    private static partial Regex JsonEscape();

    [GeneratedRegex(@"[A-Za-z0-9+/_-]{8,}")]
    private static partial Regex Base64();
}
