using System.Text;

namespace BacktestOps.Operations.Audit.Reading;

/// <summary>The marks that people put around words.</summary>
internal static class Marks
{
    private const string Ticks = "✅✔☑";

    public static bool HasTick(string text) => text.AsSpan().IndexOfAny(Ticks) >= 0;

    /// <summary>Takes emphasis, code ticks, pictures and line-break marks out, and makes runs of blanks one.</summary>
    public static string Strip(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '*' or '`' || IsPicture(rune)) continue;
            if (!Rune.IsWhiteSpace(rune)) plain.Append(rune.ToString());
            else if (plain.Length > 0 && plain[^1] != ' ') plain.Append(' ');
        }

        return plain.ToString().TrimEnd(' ', '\\').Trim();
    }

    // Pictures and their variation selectors; arrows and the signs of mathematics stay.
    private static bool IsPicture(Rune rune) => rune.Value is (>= 0x2600 and <= 0x27BF) or (>= 0x1F000 and <= 0x1FAFF) or 0xFE0F or 0x200D;
}
