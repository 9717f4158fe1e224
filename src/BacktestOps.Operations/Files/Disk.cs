namespace BacktestOps.Operations.Files;

/// <summary>The changes of a disk that a deployment rests on. Each is whole or not there, and is on the disk when it returns.</summary>
public interface IDisk
{
    /// <summary>Bytes that an ordinary user can still write to the file system of a folder.</summary>
    /// <param name="folder">The folder; the nearest one that exists is asked.</param>
    long FreeBytes(string folder);

    /// <summary>The type of the file system of a path when it is one of another machine (<c>nfs4</c>, <c>cifs</c>); null for a local one.</summary>
    /// <param name="path">The path; the nearest folder that exists is asked.</param>
    string? NetworkFileSystem(string path);

    /// <summary>Writes a file whole: a temporary one, flushed, renamed.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="content">Its content.</param>
    void Write(string path, ReadOnlySpan<byte> content);

    /// <summary>Writes to the end of what is known to be good of a file; what stands after that is cut off first.</summary>
    /// <param name="path">The file; it is made when it is not there.</param>
    /// <param name="offset">Where the good part ends, in bytes.</param>
    /// <param name="content">What is written there.</param>
    void Append(string path, long offset, ReadOnlySpan<byte> content);

    /// <summary>Points <c>current</c> at a release in one step.</summary>
    /// <param name="link">The link (on Windows the pointer file).</param>
    /// <param name="target">The folder, relative to the link's own.</param>
    void Switch(string link, string target);

    /// <summary>Flushes everything under a folder.</summary>
    /// <param name="folder">The folder.</param>
    void Flush(string folder);
}

/// <summary>The disks of this machine.</summary>
public sealed class LocalDisk : IDisk
{
    /// <inheritdoc/>
    public long FreeBytes(string folder) => new DriveInfo(Existing(folder)).AvailableFreeSpace;

    /// <inheritdoc/>
    public string? NetworkFileSystem(string path)
    {
        var existing = Existing(path);
        if (OperatingSystem.IsLinux()) return MountTable.Read().NetworkType(existing);
        if (existing.StartsWith(@"\\", StringComparison.Ordinal)) return "UNC";
        var drive = new DriveInfo(existing);
        return drive.DriveType == DriveType.Network ? drive.DriveFormat : null;
    }

    /// <inheritdoc/>
    public void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        FlushNames(path);
    }

    /// <inheritdoc/>
    public void Append(string path, long offset, ReadOnlySpan<byte> content)
    {
        var isNew = !File.Exists(path);
        using (var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read))
        {
            file.SetLength(offset);
            file.Position = offset;
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        if (isNew) FlushNames(path);
    }

    /// <inheritdoc/>
    public void Switch(string link, string target)
    {
        if (OperatingSystem.IsWindows())
        {
            Write(link, System.Text.Encoding.UTF8.GetBytes(target));
            return;
        }

        var temporary = $"{link}.{Guid.NewGuid():N}.tmp";
        File.CreateSymbolicLink(temporary, target);
        try
        {
            NativeFiles.Rename(temporary, link);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        FlushNames(link);
    }

    /// <inheritdoc/>
    public void Flush(string folder)
    {
        if (!OperatingSystem.IsWindows()) NativeFiles.FlushFileSystem(folder);
    }

    private static void FlushNames(string path)
    {
        if (!OperatingSystem.IsWindows()) NativeFiles.FlushFolder(Path.GetDirectoryName(path)!);
    }

    private static string Existing(string path)
    {
        for (var folder = Path.GetFullPath(path); ; folder = Path.GetDirectoryName(folder)!)
        {
            if (Directory.Exists(folder) || Path.GetDirectoryName(folder) is null) return folder;
        }
    }
}
