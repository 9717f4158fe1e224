namespace BacktestOps.Operations.Evidence;

/// <summary>The lines of a ledger as bytes.</summary>
internal static class LedgerFile
{
    private const byte LineBreak = (byte)'\n';

    /// <summary>A line without its line break, and whether it has one.</summary>
    public readonly record struct Line(int Number, ReadOnlyMemory<byte> Bytes, bool IsEnded);

    public static IEnumerable<Line> Lines(ReadOnlyMemory<byte> file)
    {
        for (var number = 1; file.Length > 0; number++)
        {
            var end = file.Span.IndexOf(LineBreak);
            yield return new Line(number, end < 0 ? file : file[..end], end >= 0);
            file = end < 0 ? default : file[(end + 1)..];
        }
    }

    /// <summary>Where the last line break is, plus one; 0 when there is none.</summary>
    public static long WholeLength(FileStream file)
    {
        var at = LastBreak(file, file.Length);
        return at + 1;
    }

    /// <summary>The last line before a position that follows a line break.</summary>
    public static byte[] LastLine(FileStream file, long end)
    {
        var start = LastBreak(file, end - 1) + 1;
        var line = new byte[end - 1 - start];
        file.Position = start;
        file.ReadExactly(line);
        return line;
    }

    private static long LastBreak(FileStream file, long before)
    {
        var block = new byte[4096];
        while (before > 0)
        {
            var length = (int)Math.Min(block.Length, before);
            file.Position = before - length;
            file.ReadExactly(block, 0, length);
            var at = block.AsSpan(0, length).LastIndexOf(LineBreak);
            if (at >= 0) return before - length + at;
            before -= length;
        }

        return -1;
    }
}
