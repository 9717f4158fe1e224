using System.Management.Automation;
using System.Security.Cryptography;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Saving;

/// <summary>A result document on its way to a file: there whole, or not there.</summary>
internal sealed class ResultFile
{
    private readonly ResultDocument _document;

    /// <summary>Decides where the document goes.</summary>
    /// <param name="document">The document.</param>
    /// <param name="destination">A folder that exists, which takes the publisher's file name; else the file itself. Absolute.</param>
    /// <exception cref="ModuleException">The document is damaged, its name is none, or the folder does not exist.</exception>
    public ResultFile(ResultDocument document, string destination)
    {
        _document = document;
        var isFolder = Directory.Exists(destination);
        if (isFolder && (document.FileName.AsSpan().ContainsAny('/', '\\') || document.FileName is "" or "." or ".."))
            throw Fault("FileNameUnsafe", ErrorCategory.InvalidData, Messages.FileNameUnsafe, Messages.FileNameUnsafeAction, document.FileName);
        Path = isFolder ? System.IO.Path.Combine(destination, document.FileName) : destination;
        if (System.IO.Path.EndsInDirectorySeparator(Path) || !Directory.Exists(System.IO.Path.GetDirectoryName(Path)))
            throw Fault(
                "FolderNotFound", ErrorCategory.ObjectNotFound, Messages.FolderNotFound, Messages.FolderNotFoundAction,
                System.IO.Path.GetDirectoryName(Path) ?? Path);
        if (Convert.ToHexStringLower(SHA256.HashData(document.Content.Span)) != document.Digest)
            throw Fault(
                "ResultDamaged", ErrorCategory.InvalidData, Messages.ResultDamaged, Messages.ResultDamagedAction, document.BacktestId);
    }

    /// <summary>The file, absolute.</summary>
    public string Path { get; }

    /// <summary>Writes a temporary file beside it, flushes it to the disk and renames it.</summary>
    /// <param name="replace">True to take the place of a file that exists.</param>
    /// <param name="cancellationToken">Gives up; nothing is left then.</param>
    public async Task WriteAsync(bool replace, CancellationToken cancellationToken)
    {
        if (!replace && File.Exists(Path)) throw Exists();
        var temporary = Path + $".{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, useAsync: true))
            {
                await file.WriteAsync(_document.Content, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, Path, replace);
        }
        catch (IOException) when (!replace && File.Exists(Path))
        {
            throw Exists();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Fault(
                "ResultNotWritten", ErrorCategory.WriteError, Messages.ResultNotWritten, Messages.ResultNotWrittenAction,
                Path, error.Message, error);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private ModuleException Exists() =>
        Fault("ResultFileExists", ErrorCategory.ResourceExists, Messages.ResultFileExists, Messages.ResultFileExistsAction, Path);

    private static ModuleException Fault(
        string id, ErrorCategory category, string message, string action, string what, string? why = null, Exception? inner = null) =>
        new(id, category, message.With(what, why), action, inner);
}
