using System.Text;
using BacktestOps.Operations.Files;

namespace BacktestOps.Operations.Reports;

/// <summary>The file of a report: there whole, or as it was before.</summary>
public static class ReportFile
{
    /// <summary>The form of a report: as it is named, else as the file's ending says.</summary>
    /// <param name="path">The file.</param>
    /// <param name="named">A name of <see cref="ReportFormat"/>; null for none.</param>
    /// <exception cref="ReportException">The ending says nothing.</exception>
    public static ReportFormat FormatOf(string path, string? named) => named is not null ? Enum.Parse<ReportFormat>(named) : Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".md" or ".markdown" => ReportFormat.Markdown,
        ".html" or ".htm" => ReportFormat.Html,
        ".json" => ReportFormat.Json,
        var ending => throw new ReportException(
            "FormatMissing", $"The ending '{ending}' does not say which form of report is wanted.", "Give -Format Markdown, Html, Json, JUnitXml or NUnitXml."),
    };

    /// <summary>A time zone by its id.</summary>
    /// <param name="id"><c>UTC</c>, <c>Asia/Seoul</c>.</param>
    /// <exception cref="ReportException">There is none.</exception>
    public static TimeZoneInfo Zone(string id)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(id);
        }
        catch (Exception error) when (error is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            throw new ReportException("TimeZoneInvalid", $"There is no time zone '{id}' on this machine.", "Give an IANA name such as Asia/Seoul, or UTC.", error);
        }
    }

    /// <summary>Writes it beside itself, flushes it and renames it into place.</summary>
    /// <param name="path">The file, absolute.</param>
    /// <param name="text">Its text.</param>
    /// <param name="replace">True to replace a file that is there.</param>
    /// <exception cref="ReportException">A file is there, or it could not be written.</exception>
    public static void Write(string path, string text, bool replace)
    {
        if (File.Exists(path) && !replace) throw new ReportException("ReportFileExists", $"'{path}' exists.", "Name another file, or give -Force to replace it.");
        try
        {
            if (Directory.Exists(path)) throw new IOException("It is a folder.");
            new LocalDisk().Write(path, Encoding.UTF8.GetBytes(text));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ReportException("ReportNotWritten", $"The report could not be written to '{path}': {error.Message}", "Name a file in a folder that exists and that this account can write to.", error);
        }
    }
}
