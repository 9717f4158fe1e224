using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BacktestOps.Operations.Files;

/// <summary>What .NET does not offer of a Unix file system. Every call is for Unix; Windows has its own way in <see cref="LocalDisk"/>.</summary>
internal static partial class NativeFiles
{
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int Unlocked = 8;
    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;

    // Read-only, and not for children.
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>rename(2): replaces whatever the new name is, a link to a folder too, in one step.</summary>
    public static void Rename(string from, string to)
    {
        if (RenameNative(from, to) != 0) throw Failed($"'{from}' could not be renamed to '{to}'");
    }

    /// <summary>fsync(2) of a folder: the names in it are on the disk when this returns.</summary>
    public static void FlushFolder(string folder) => WithFolder(folder, Flush, "flushed");

    /// <summary>syncfs(2), sync(2) where there is none: all that was written to the file system of the folder is on the disk.</summary>
    public static void FlushFileSystem(string folder)
    {
        if (OperatingSystem.IsLinux()) WithFolder(folder, FlushAll, "flushed");
        else FlushEverything();
    }

    /// <summary>
    /// Opens a file, which is made when it is not there, and takes flock(2) on it, exclusive, without waiting. No child gets
    /// the file (close-on-exec): a service that is started would keep the lock.
    /// </summary>
    /// <returns>Null when another open file has the lock.</returns>
    public static SafeHandle? TryOpenLocked(string path)
    {
        try
        {
            if (!File.Exists(path)) File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another made it between the two calls and has its lock, which OpenHandle asks for too: the lock below decides.
        }

        var file = new SafeFileHandle(OpenNative(path, CloseOnExec), ownsHandle: true);
        if (file.IsInvalid) throw Failed($"the lock file '{path}' could not be opened");
        if (LockNative(file, LockExclusive | LockNonBlocking) == 0) return file;
        var failed = Failed($"the lock '{path}' could not be taken");
        file.Dispose();
        return failed.HResult is WouldBlockLinux or WouldBlockMac ? null : throw failed;
    }

    /// <summary>
    /// Gives the lock back, also where a child that was forked a moment ago, and has not become its program yet, still has
    /// the file open.
    /// </summary>
    public static void Unlock(SafeHandle file) => _ = LockNative(file, Unlocked);

    private static void WithFolder(string folder, Func<int, int> call, string what)
    {
        var handle = OpenNative(folder, CloseOnExec);
        if (handle < 0) throw Failed($"the folder '{folder}' could not be opened");
        try
        {
            if (call(handle) != 0) throw Failed($"the folder '{folder}' could not be {what}");
        }
        finally
        {
            _ = CloseNative(handle);
        }
    }

    private static IOException Failed(string what)
    {
        var code = Marshal.GetLastPInvokeError();
        return new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(code)}", code);
    }

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RenameNative(string from, string to);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenNative(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseNative(int handle);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int handle);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FlushAll(int handle);

    [LibraryImport("libc", EntryPoint = "sync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FlushEverything();

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int LockNative(SafeHandle file, int operation);
}
