using System.Management.Automation;
using System.Security.Cryptography;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Saving;

/// <summary>The variants of a sweep on their way to a file: there whole, or not there.</summary>
internal sealed class VariantsFile
{
    private readonly VariantsDocument _document;

    /// <summary>Decides where the variants go: beside the result, under the publisher's name.</summary>
    /// <param name="document">The variants.</param>
    /// <param name="resultPath">The file of the result, absolute.</param>
    public VariantsFile(VariantsDocument document, string resultPath)
    {
        _document = document;
        Path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(resultPath)!, System.IO.Path.GetFileName(document.FileName));
    }

    /// <summary>The file, absolute.</summary>
    public string Path { get; }

    /// <summary>Writes a temporary file beside it, checks it against its digest, flushes it to the disk and renames it.</summary>
    /// <param name="replace">True to take the place of a file that exists.</param>
    /// <param name="cancellationToken">Gives up; nothing is left then.</param>
    public async Task WriteAsync(bool replace, CancellationToken cancellationToken)
    {
        if (!replace && File.Exists(Path)) throw Exists();
        var temporary = Path + $".{Guid.NewGuid():N}.tmp";
        try
        {
            await CopyAsync(temporary, cancellationToken);
            File.Move(temporary, Path, replace);
        }
        catch (IOException) when (!replace && File.Exists(Path))
        {
            throw Exists();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModuleException(
                "ResultNotWritten", ErrorCategory.WriteError, Messages.ResultNotWritten.With(Path, error.Message), Messages.ResultNotWrittenAction, error);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private async Task CopyAsync(string temporary, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, useAsync: true);
        var buffer = new byte[1 << 16];
        for (int count; (count = await _document.Content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            hash.AppendData(buffer, 0, count);
            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != _document.Digest)
        {
            throw new ModuleException(
                "ResultDamaged", ErrorCategory.InvalidData, Messages.ResultDamaged.With(_document.BacktestId), Messages.ResultDamagedAction);
        }
        file.Flush(flushToDisk: true);
    }

    private ModuleException Exists() => new(
        "ResultFileExists", ErrorCategory.ResourceExists, Messages.ResultFileExists.With(Path), Messages.ResultFileExistsAction);
}
