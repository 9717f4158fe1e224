using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BacktestOps.Runs.Stores;

/// <summary>A folder opened as a file, which .NET itself refuses, so that its entries can be flushed to the disk.</summary>
internal static partial class NativeFolder
{
    private const int ReadOnly = 0;

    /// <summary>Opens a folder on Unix; the handle is invalid when that fails.</summary>
    public static SafeFileHandle Open(string path) => new(OpenNative(path, ReadOnly), ownsHandle: true);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenNative(string path, int flags);
}
