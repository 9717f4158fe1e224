using System.Management.Automation;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;
using BacktestOps.Runs;

namespace BacktestOps.PowerShell.Saving;

/// <summary>A report on its way to a file: there whole, or not there.</summary>
internal sealed class ReportFile
{
    /// <summary>Decides where the report goes.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="destination">A folder that exists, which gets a file named for the run; else the file itself. Absolute.</param>
    /// <exception cref="ModuleException">The id is no part of a file's name, or the folder does not exist.</exception>
    public ReportFile(string id, string destination)
    {
        var isFolder = Directory.Exists(destination);
        if (isFolder && (id.Length == 0 || id.AsSpan().ContainsAny(System.IO.Path.GetInvalidFileNameChars()) || id.AsSpan().ContainsAny('/', '\\')))
            throw new ModuleException("FileNameUnsafe", ErrorCategory.InvalidData, Messages.FileNameUnsafe.With(id), Messages.FileNameUnsafeAction);
        Path = isFolder ? System.IO.Path.Combine(destination, $"backtest-report-{id}.html") : destination;
        var folder = System.IO.Path.GetDirectoryName(Path);
        if (System.IO.Path.EndsInDirectorySeparator(Path) || !Directory.Exists(folder))
            throw new ModuleException("FolderNotFound", ErrorCategory.ObjectNotFound, Messages.FolderNotFound.With(folder ?? Path), Messages.FolderNotFoundAction);
    }

    /// <summary>The file, absolute.</summary>
    public string Path { get; }

    /// <summary>Writes it.</summary>
    /// <param name="content">The page.</param>
    /// <param name="replace">True to take the place of a file that exists.</param>
    public void Write(byte[] content, bool replace)
    {
        if (!replace && File.Exists(Path)) throw Exists();
        try
        {
            WholeFile.Write(Path, content, replace);
        }
        catch (IOException) when (!replace && File.Exists(Path))
        {
            throw Exists();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModuleException("ReportNotWritten", ErrorCategory.WriteError, Messages.ResultNotWritten.With(Path, error.Message), Messages.ResultNotWrittenAction, error);
        }
    }

    private ModuleException Exists() =>
        new("ReportFileExists", ErrorCategory.ResourceExists, Messages.ResultFileExists.With(Path), Messages.ResultFileExistsAction);
}
