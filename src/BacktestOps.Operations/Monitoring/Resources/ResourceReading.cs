using BacktestOps.Operations.ServiceProcesses;

namespace BacktestOps.Operations.Monitoring.Resources;

/// <summary>The counters of a machine and of some processes at one moment. CPU times count up; only differences mean something.</summary>
internal sealed record ResourceReading
{
    /// <summary>The processes, with the CPU time of each and of the children that it has waited for, in ticks.</summary>
    public required IReadOnlyDictionary<ProcessIdentity, ProcessCpu> Processes { get; init; }

    /// <summary>CPU time of everything that the machine did, in ticks of all processors; null where that can't be told.</summary>
    public long? MachineBusy { get; init; }

    /// <summary>CPU time of the machine, idle or not, in ticks of all processors; null where that can't be told.</summary>
    public long? MachineTotal { get; init; }

    /// <summary>Memory of the processes in bytes; null when not one could be read.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary><c>pss</c> or <c>rss</c>.</summary>
    public string? MemoryMeasure { get; init; }

    /// <summary>The machine's memory in bytes.</summary>
    public long? MachineMemoryBytes { get; init; }

    /// <summary>What of it is available to programs without swapping.</summary>
    public long? MachineAvailableBytes { get; init; }
}

/// <summary>CPU time of a process in ticks.</summary>
/// <param name="Own">Its own.</param>
/// <param name="WithChildren">Its own, and that of the children that have ended and were waited for.</param>
internal readonly record struct ProcessCpu(long Own, long WithChildren);

/// <summary>The size of a file system in bytes.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Unused">What is not used, also what is kept for the superuser.</param>
/// <param name="Available">What an ordinary user can still write.</param>
internal readonly record struct DiskReading(long Total, long Unused, long Available)
{
    /// <summary>Used in percent of used and available, as df counts; df rounds it up.</summary>
    public double UsedPercent => Total - Unused + Available is > 0 and var all ? 100.0 * (Total - Unused) / all : 100;
}

/// <summary>Where the counters are read.</summary>
internal interface IResourceReader
{
    /// <summary>The counters now.</summary>
    /// <param name="members">The processes of the service that are known; their children are found.</param>
    ResourceReading Read(IReadOnlyCollection<ProcessIdentity> members);

    /// <summary>The file system of a folder; null when it can't be read.</summary>
    DiskReading? Disk(string folder);
}
