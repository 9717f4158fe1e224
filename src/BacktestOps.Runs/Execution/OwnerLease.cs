using BacktestOps.Contracts;

namespace BacktestOps.Runs.Execution;

/// <summary>The proof that a runner lives: a locked file that the kernel unlocks when its process ends, however it ends.</summary>
internal sealed class OwnerLease : IDisposable
{
    private const string Suffix = ".lock";

    private readonly string _folder;
    private readonly FileStream _file;

    private OwnerLease(string folder, string owner, FileStream file) => (_folder, Owner, _file) = (folder, owner, file);

    /// <summary>The id of the runner.</summary>
    public string Owner { get; }

    /// <summary>Takes a lease under a new id.</summary>
    /// <exception cref="BacktestUnavailableException">The folder can't be used, or does not keep locks.</exception>
    public static OwnerLease Acquire(string folder)
    {
        try
        {
            while (true)
            {
                var owner = Guid.NewGuid().ToString("N");
                var path = PathOf(folder, owner);
                // Between making the file and locking it, another runner may have taken it for a dead one's and removed it.
                if (TryLock(path, FileMode.CreateNew) is not { } file)
                    continue;
                if (!File.Exists(path))
                {
                    file.Dispose();
                    continue;
                }

                if (TryLock(path, FileMode.Open) is { } second)
                {
                    second.Dispose();
                    file.Dispose();
                    throw new BacktestUnavailableException(
                        $"The file system of '{folder}' does not keep locks, so two processes could execute one run.",
                        "Point BACKTESTOPS_HOME at a folder on a local disk.");
                }

                return new OwnerLease(folder, owner, file);
            }
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            throw new BacktestUnavailableException(
                $"The folder '{folder}' can't be used: {fault.Message}",
                "Give this user the right to write there, or point BACKTESTOPS_HOME at another folder.", fault);
        }
    }

    /// <summary>Claims what a dead runner left; null when it lives, or another runner is claiming it.</summary>
    public DeadOwner? TryClaim(string owner)
    {
        var path = PathOf(_folder, owner);
        try
        {
            return TryLock(path, FileMode.Open) is { } file ? new DeadOwner(owner, path, file) : null;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return new DeadOwner(owner, path, null);
        }
    }

    /// <summary>True while others can see that this runner lives.</summary>
    public bool IsSeen => File.Exists(_file.Name);

    /// <summary>True when a runner that lives has a lease in the folder; nothing is claimed.</summary>
    public static bool IsAnyHeld(string folder)
    {
        if (!Directory.Exists(folder)) return false;
        foreach (var path in Directory.EnumerateFiles(folder, $"*{Suffix}"))
        {
            using var file = TryLock(path, FileMode.Open);
            if (file is null) return true;
        }

        return false;
    }

    /// <summary>The owners that have a lock file, dead or alive, but for this one.</summary>
    public IEnumerable<string> Others() =>
        Directory.EnumerateFiles(_folder, $"*{Suffix}").Select(path => Path.GetFileNameWithoutExtension(path)).Where(owner => owner != Owner);

    public void Dispose()
    {
        // In this order, because Windows removes no open file. Who claims it in between finds no runs, or takes them up.
        _file.Dispose();
        Stores.ResultFiles.Discard(_file.Name);
    }

    private static string PathOf(string folder, string owner) => Path.Combine(folder, $"{owner}{Suffix}");

    private static FileStream? TryLock(string path, FileMode mode)
    {
        try
        {
            return PrivateFile.Open(path, mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (fault is not (FileNotFoundException or DirectoryNotFoundException) && File.Exists(path))
        {
            return null;
        }
    }
}

/// <summary>A dead runner's lock, held while its runs change hands, and removed after.</summary>
internal sealed class DeadOwner(string owner, string path, FileStream? file) : IDisposable
{
    /// <summary>The id of the dead runner.</summary>
    public string Owner => owner;

    public void Dispose()
    {
        if (file is null)
            return;
        file.Dispose();
        Stores.ResultFiles.Discard(path);
    }
}
