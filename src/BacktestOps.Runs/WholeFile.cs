namespace BacktestOps.Runs;

/// <summary>Writes files that are there whole or not there.</summary>
public static class WholeFile
{
    /// <summary>Writes a temporary file beside it, flushes it to the disk and renames it.</summary>
    /// <param name="path">The file, absolute; its folder exists.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="replace">True to take the place of a file that exists.</param>
    /// <exception cref="IOException">It exists and is not to be replaced, or can't be written; nothing is left then.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; nothing is left then.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool replace)
    {
        if (!replace && File.Exists(path)) throw new IOException($"The file '{path}' exists.");
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, replace);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
