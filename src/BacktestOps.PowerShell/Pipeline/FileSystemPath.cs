using System.Management.Automation;
using BacktestOps.PowerShell.Resources;
using DriveNotFoundException = System.Management.Automation.DriveNotFoundException;

namespace BacktestOps.PowerShell.Pipeline;

/// <summary>
/// Paths as users give them: of any drive, relative to the session's location and never to the process's, with patterns where
/// those are taken. What is wrong with one is an error of that one input.
/// </summary>
internal static class FileSystemPath
{
    /// <summary>A path of the file system, absolute, whether or not there is something.</summary>
    /// <param name="session">The session.</param>
    /// <param name="path">The path; wildcards stand for themselves.</param>
    /// <exception cref="ModuleException">There is no such drive, or it is not one of files.</exception>
    public static string Resolve(SessionState session, string path)
    {
        RefuseNull(path);
        try
        {
            var resolved = session.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            return provider.Name == "FileSystem" ? resolved : throw NotOfFiles(path, provider);
        }
        catch (Exception error) when (error is DriveNotFoundException or ProviderNotFoundException)
        {
            throw NoDrive(path, error);
        }
    }

    /// <summary>What a pattern finds.</summary>
    /// <param name="session">The session.</param>
    /// <param name="pattern">The pattern.</param>
    /// <exception cref="ModuleException">There is no such drive, or it is not one of files.</exception>
    public static IReadOnlyList<string> Match(SessionState session, string pattern)
    {
        RefuseNull(pattern);
        try
        {
            var found = session.Path.GetResolvedProviderPathFromPSPath(pattern, out var provider);
            return provider.Name == "FileSystem" ? found : throw NotOfFiles(pattern, provider);
        }
        catch (ItemNotFoundException)
        {
            return [];
        }
        catch (Exception error) when (error is DriveNotFoundException or ProviderNotFoundException)
        {
            throw NoDrive(pattern, error);
        }
    }

    /// <summary>The files and folders that an argument stands for, at least one.</summary>
    /// <param name="session">The session.</param>
    /// <param name="path">The argument.</param>
    /// <param name="takesPattern">False where wildcards stand for themselves.</param>
    /// <exception cref="ModuleException">There is none.</exception>
    public static IReadOnlyList<string> Find(SessionState session, string path, bool takesPattern)
    {
        if (takesPattern && WildcardPattern.ContainsWildcardCharacters(path))
        {
            var found = Match(session, path);
            return found.Count > 0 ? found : throw new ModuleException(
                "PathNotFound", ErrorCategory.ObjectNotFound, Messages.PatternFindsNothing.With(path), Messages.PatternFindsNothingAction);
        }
        var resolved = Resolve(session, takesPattern ? WildcardPattern.Unescape(path) : path);
        return File.Exists(resolved) || Directory.Exists(resolved) ? [resolved] : throw new ModuleException(
            "PathNotFound", ErrorCategory.ObjectNotFound, Messages.PathNotFound.With(resolved), Messages.PathNotFoundAction);
    }

    // A text that goes on after its end: whoever looks at it sees another path than the system would open.
    private static void RefuseNull(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new ModuleException("PathInvalid", ErrorCategory.InvalidArgument, Messages.PathInvalid.With(path.Replace("\0", "\\0", StringComparison.Ordinal)), Messages.PathNotFoundAction);
    }

    private static ModuleException NotOfFiles(string path, ProviderInfo provider) => new(
        "PathNotInFileSystem", ErrorCategory.InvalidArgument, Messages.PathNotInFileSystem.With(path, provider.Name), Messages.PathNotInFileSystemAction);

    private static ModuleException NoDrive(string path, Exception error) => new(
        "DriveNotFound", ErrorCategory.ObjectNotFound, Messages.DriveNotFound.With(path), Messages.DriveNotFoundAction, error);
}
