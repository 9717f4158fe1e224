namespace BacktestOps.Runs.PythonWorkers;

/// <summary>Text from outside, made fit for a message.</summary>
internal static class Text
{
    /// <summary>One line without control characters, no longer than allowed.</summary>
    public static string OneLine(ReadOnlySpan<char> text, int most)
    {
        Span<char> line = text.TrimEnd().ToArray();
        foreach (ref var letter in line)
        {
            if (char.IsControl(letter))
                letter = ' ';
        }

        return line.Length <= most ? line.ToString() : $"{line[..most]}…";
    }
}
