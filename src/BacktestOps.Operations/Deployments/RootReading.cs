namespace BacktestOps.Operations.Deployments;

/// <summary>
/// Reads a root that one may have no right to. .NET takes a file that may not be looked at for one that is not there: nothing would be
/// live, no deployment made and no evidence kept, and an answer from that would be wrong.
/// </summary>
internal static class RootReading
{
    /// <summary>Reads.</summary>
    /// <param name="layout">The root.</param>
    /// <param name="folders">The folders that are read, beside the root itself.</param>
    /// <param name="read">What reads them.</param>
    /// <exception cref="DeploymentException">One of them can't be read (<c>RootNotReadable</c>).</exception>
    public static T Of<T>(DeploymentLayout layout, IEnumerable<string> folders, Func<T> read)
    {
        try
        {
            foreach (var folder in folders.Prepend(layout.Root)) Look(folder);
            return read();
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new DeploymentException(
                "RootNotReadable", $"The root '{layout.Root}' can't be read by {Environment.UserName}: {error.Message}",
                "Let this account read it. 'state' and 'evidence' are made for the operator alone; he opens them with 'setfacl -R -m u:NAME:rX' or by group, and no deployment closes them again.",
                error);
        }
    }

    /// <summary>Lists a folder: one that is absent is nothing, one that may not be listed is an error.</summary>
    private static void Look(string folder)
    {
        try
        {
            foreach (var _ in Directory.EnumerateFileSystemEntries(folder)) return;
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was ever deployed there.
        }
    }
}
