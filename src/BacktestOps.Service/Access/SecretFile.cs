using BacktestOps.Contracts;

namespace BacktestOps.Service.Access;

/// <summary>Files that only those may read who run the service: API keys, private keys, passwords.</summary>
internal static class SecretFile
{
    private const UnixFileMode Open =
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.GroupWrite;

    /// <summary>Refuses a file that everybody can read, or that others than its owner can write. Its group may read it, as system groups for keys do.</summary>
    /// <param name="path">The file; of a link what it leads to counts.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="BacktestUnavailableException">Others can use it.</exception>
    public static void ThrowIfOpen(string path, string what)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path)) return;
        var file = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        var mode = File.GetUnixFileMode(file);
        if ((mode & Open) != 0)
        {
            throw new BacktestUnavailableException(
                $"The {what} '{path}' has the mode {Convert.ToString((int)mode, 8)}: others than its owner can {((mode & UnixFileMode.OtherRead) != 0 ? "read" : "change")} it.",
                $"Run chmod 600 '{file}', and make what stands in it anew if somebody may have read it.");
        }
    }
}
