using BacktestOps.Operations.Files;

namespace BacktestOps.Operations.Tests.Deployments;

/// <summary>The disk without the waiting for it: what is written is there, and nobody pulls the plug in these tests.</summary>
internal class UnflushedDisk : IDisk
{
    private readonly LocalDisk _disk = new();

    public long FreeBytes(string folder) => _disk.FreeBytes(folder);

    public virtual string? NetworkFileSystem(string path) => null;

    public virtual void Write(string path, ReadOnlySpan<byte> content) => File.WriteAllBytes(path, content);

    public virtual void Append(string path, long offset, ReadOnlySpan<byte> content)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        file.SetLength(offset);
        file.Position = offset;
        file.Write(content);
    }

    public virtual void Switch(string link, string target)
    {
        File.Delete(link);
        File.CreateSymbolicLink(link, target);
    }

    public virtual void Flush(string folder)
    {
    }
}
