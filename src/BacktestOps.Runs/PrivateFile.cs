namespace BacktestOps.Runs;

/// <summary>Files and folders of a home: prices, strategies and results are their owner's, and nobody else reads them unless the owner says so.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;
    private const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Opens a file; one that it makes is its owner's alone.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open) options.UnixCreateMode = OwnFile;
        return new FileStream(path, options);
    }

    /// <summary>Makes a folder, and those above it, that are their owner's alone. One that exists loses what everybody may do in it.</summary>
    /// <remarks>What its group may do stays where somebody let the group write: that is how users share a home.</remarks>
    /// <param name="path">The folder.</param>
    /// <param name="isOurs">False for one that may serve others too, such as a folder that was named as a home and holds none yet: its rights stay.</param>
    public static void MakeFolder(string path, bool isOurs = true)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        if (!Directory.Exists(path)) Directory.CreateDirectory(path, OwnFolder);
        else if (isOurs) Tighten(path);
    }

    /// <summary>Takes from everybody what they may do with a file or folder of the home. Of one that is somebody else's nothing changes.</summary>
    public static void Tighten(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        try
        {
            var mode = File.GetUnixFileMode(path);
            if (mode.HasFlag(UnixFileMode.StickyBit)) return; // everybody's on purpose
            var less = mode & ~Others & (mode.HasFlag(UnixFileMode.GroupWrite) ? ~UnixFileMode.None : ~Group);
            if (less != mode) File.SetUnixFileMode(path, less);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            // Its owner is another user, who shares it.
        }
    }
}
