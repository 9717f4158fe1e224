using System.Management.Automation;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Saving;

/// <summary>Reads result documents as objects.</summary>
internal static class ResultReader
{
    /// <summary>A saved document as an object.</summary>
    /// <param name="path">The file, absolute.</param>
    /// <exception cref="ModuleException">It can't be read, or is no result document.</exception>
    public static BacktestResult ReadFile(string path)
    {
        try
        {
            return Read(new ResultDocument(Path.GetFileName(path), Path.GetFileName(path), File.ReadAllBytes(path), ""));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModuleException(
                "ResultFileNotRead", ErrorCategory.ReadError, Messages.ResultFileNotRead.With(path, error.Message), Messages.ResultFileNotReadAction, error);
        }
    }

    /// <summary>The document as an object.</summary>
    /// <param name="document">The document.</param>
    /// <exception cref="ModuleException">It is no result document.</exception>
    public static BacktestResult Read(ResultDocument document)
    {
        try
        {
            return JsonSerializer.Deserialize(document.Content.Span, ContractsJson.Default.BacktestResult)
                ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new ModuleException(
                "ResultUnreadable",
                ErrorCategory.InvalidData,
                Messages.ResultUnreadable.With(document.BacktestId, error.Message),
                Messages.ResultUnreadableAction,
                error);
        }
    }
}
