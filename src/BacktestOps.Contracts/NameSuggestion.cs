namespace BacktestOps.Contracts;

/// <summary>Finds what a mistyped name was meant to be.</summary>
public static class NameSuggestion
{
    /// <summary>The nearest of some names, when it is near enough to have been meant.</summary>
    /// <remarks>
    /// Edits are insertions, deletions, replacements and swaps of neighbours, without regard to case; up to a third of the
    /// longer name, at least one.
    /// </remarks>
    /// <param name="name">What was typed.</param>
    /// <param name="candidates">What there is.</param>
    /// <returns>The candidate with the fewest edits, the first of equals; null when none is near.</returns>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        string? nearest = null;
        var fewest = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var most = Math.Max(1, Math.Max(name.Length, candidate.Length) / 3);
            if (Math.Abs(candidate.Length - name.Length) > most) continue;
            var edits = Edits(name, candidate);
            if (edits <= most && edits < fewest) (nearest, fewest) = (candidate, edits);
        }
        return nearest;
    }

    /// <summary>How many edits lead from one name to the other, without regard to case.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    public static int Edits(string one, string other) => Align(one.ToUpperInvariant(), other.ToUpperInvariant());

    // Optimal string alignment (Damerau–Levenshtein without edits inside a swap), three rows at a time.
    private static int Align(string a, string b)
    {
        var (before, last, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, last, row) = (last, row, before);
        }
        return last[b.Length];
    }
}
