using System.Globalization;
using System.Runtime.InteropServices;
using BacktestOps.Operations.Files;

namespace BacktestOps.Operations.Deployments;

/// <summary>
/// The right to change a root. The kernel holds it for the process, so that it is free the moment the process ends, however
/// it does: there is no stale lock to remove.
/// </summary>
internal sealed class DeploymentLock : IDisposable
{
    // Who has the lock is said in a file beside it: .NET takes a lock of its own on every file that it opens, so the locked
    // one can't be read.
    private const string HolderSuffix = ".holder";

    private readonly SafeHandle _file;

    private DeploymentLock(SafeHandle file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="disk">Says whether the file system is one whose locks can be trusted.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="DeploymentException">Another process has it, or the file system is a network one.</exception>
    public static DeploymentLock Acquire(string path, IDisk disk, TimeProvider clock)
    {
        if (disk.NetworkFileSystem(path) is { } type)
            throw new DeploymentException(
                "NetworkFileSystem",
                $"'{Path.GetDirectoryName(path)}' is on a network file system ({type}), where a lock does not hold off other machines.",
                "Put the plan's root on a local disk.");
        var file = TryOpen(path) ?? throw Locked(path);
        try
        {
            File.WriteAllText(path + HolderSuffix, string.Create(
                CultureInfo.InvariantCulture,
                $"process {Environment.ProcessId} of {Environment.UserName} on {Environment.MachineName} since {clock.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'}\n"));
        }
        catch (IOException)
        {
            // It is said for people; on a full disk the lock holds without it.
        }

        return new DeploymentLock(file);
    }

    /// <summary>Who has the lock; null when nobody has.</summary>
    public static string? Holder(string path)
    {
        if (!File.Exists(path)) return null;
        if (TryOpen(path) is not { } file) return Describe(path);
        new DeploymentLock(file).Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_file.IsClosed) return;
        if (!OperatingSystem.IsWindows()) NativeFiles.Unlock(_file);
        _file.Dispose();
    }

    private static SafeHandle? TryOpen(string path)
    {
        if (!OperatingSystem.IsWindows()) return NativeFiles.TryOpenLocked(path);
        try
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static DeploymentException Locked(string path) => new(
        "DeploymentLocked",
        $"Another deployment of this root is under way: {Describe(path)}.",
        "Wait for it to end, or end that process: the lock is free at that moment, and Resume-Deployment finishes what it began.");

    private static string Describe(string path)
    {
        try
        {
            return File.ReadAllText(path + HolderSuffix).Trim();
        }
        catch (IOException)
        {
            return "a process that did not say which";
        }
    }
}
