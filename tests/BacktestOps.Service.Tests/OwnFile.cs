namespace BacktestOps.Service.Tests;

/// <summary>Files with secrets, as their owner keeps them.</summary>
internal static class OwnFile
{
    public static string Keep(string path)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
