using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BacktestOps.Operations.Files;

/// <summary>A file itself, whatever it is called: device and inode, stat(2).</summary>
/// <param name="Device">The device.</param>
/// <param name="Inode">The number of the file on it; where there is none, when the file was made.</param>
public sealed partial record FileIdentity(long Device, long Inode)
{
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint InodeWanted = 0x100;

    // The kernel's struct statx is the same on every processor, unlike struct stat; linux/stat.h.
    private const int StatxLength = 256;
    private const int InodeOffset = 32;
    private const int DeviceOffset = 136;

    /// <summary>The file that a path names now; null when it names none.</summary>
    /// <param name="path">The path; links are followed.</param>
    public static FileIdentity? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return File.Exists(path) ? Made(File.GetCreationTimeUtc(path)) : null;
        return Ask(CurrentFolder, path, 0);
    }

    /// <summary>The file that is open.</summary>
    /// <param name="file">The open file.</param>
    /// <exception cref="IOException">It can't be told.</exception>
    public static FileIdentity Of(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux()) return Made(File.GetCreationTimeUtc(file));
        return Ask((int)file.DangerousGetHandle(), "", EmptyPath) ?? throw new IOException("What file is open could not be asked.", Marshal.GetLastPInvokeError());
    }

    private static FileIdentity Made(DateTime at) => new(0, at.Ticks);

    private static FileIdentity? Ask(int folder, string path, int flags)
    {
        var buffer = new byte[StatxLength];
        if (Statx(folder, path, flags, InodeWanted, buffer) != 0) return null;
        var (major, minor) = (BitConverter.ToUInt32(buffer, DeviceOffset), BitConverter.ToUInt32(buffer, DeviceOffset + sizeof(uint)));
        return new FileIdentity(((long)major << 32) | minor, BitConverter.ToInt64(buffer, InodeOffset));
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, [Out] byte[] buffer);
}
