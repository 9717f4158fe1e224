using System.Text;
using BacktestOps.Operations.Files;

namespace BacktestOps.Operations.Audit.Output;

/// <summary>A file of findings: there whole, or as it was before.</summary>
public static class FindingFile
{
    /// <summary>Writes it beside itself, flushes it and renames it into place.</summary>
    /// <param name="path">The file, absolute; one that exists is replaced.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="AuditException">It could not be written.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            if (Directory.Exists(path)) throw new IOException("It is a folder.");
            new LocalDisk().Write(path, Encoding.UTF8.GetBytes(text));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AuditException("FindingsNotWritten", $"The findings could not be written to '{path}': {error.Message}", "Name a file in a folder that exists and that this account can write to.", error);
        }
    }
}
