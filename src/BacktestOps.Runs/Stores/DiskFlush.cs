using System.Runtime.InteropServices;

namespace BacktestOps.Runs.Stores;

/// <summary>Makes what was written outlive a power cut; a test can hand in a disk that fails.</summary>
internal sealed record DiskFlush
{
    /// <summary>Flushes a file that is open.</summary>
    public Action<FileStream> File { get; init; } = file => file.Flush(flushToDisk: true);

    /// <summary>Flushes the entries of a folder: a rename is durable only when the folder is.</summary>
    public Action<string> Folder { get; init; } = FlushFolder;

    private static void FlushFolder(string folder)
    {
        // Windows has no such call; NTFS journals renames.
        if (OperatingSystem.IsWindows())
            return;
        using var handle = NativeFolder.Open(folder);
        if (handle.IsInvalid)
            throw new IOException($"The folder '{folder}' can't be opened to flush it (error {Marshal.GetLastPInvokeError()}).");
        RandomAccess.FlushToDisk(handle);
    }
}
