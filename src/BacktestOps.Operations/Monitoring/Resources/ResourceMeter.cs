using BacktestOps.Contracts;
using BacktestOps.Operations.ServiceProcesses;

namespace BacktestOps.Operations.Monitoring.Resources;

/// <summary>Turns counters into use: CPU is what was spent between two readings, in percent of what the machine had to give.</summary>
/// <param name="reader">Where the counters are read.</param>
/// <param name="clock">The clock.</param>
/// <param name="folder">The folder whose file system is measured.</param>
internal sealed class ResourceMeter(IResourceReader reader, TimeProvider clock, string folder)
{
    private ResourceReading? _last;
    private long _lastAt;

    /// <summary>True when there is a reading that the next can be held against.</summary>
    public bool HasBegun => _last is not null;

    /// <summary>Takes the reading that the next measurement is held against.</summary>
    public void Begin(IReadOnlyCollection<ProcessIdentity> members) => (_last, _lastAt) = (reader.Read(members), clock.GetTimestamp());

    /// <summary>What was used since the last reading.</summary>
    /// <param name="members">The processes of the service that are known.</param>
    public ResourceUse Measure(IReadOnlyCollection<ProcessIdentity> members)
    {
        var (before, begin) = (_last, _lastAt);
        Begin(members);
        var now = _last!;
        var total = now.MachineTotal - before?.MachineTotal;
        var disk = reader.Disk(folder);
        return new ResourceUse
        {
            Processes = now.Processes.Count,
            CpuPercent = before is null || now.Processes.Count == 0 ? null : Percent(Spent(before, now), total),
            MachineCpuPercent = Percent(now.MachineBusy - before?.MachineBusy, total),
            CpuWindowSeconds = before is null ? 0 : clock.GetElapsedTime(begin, _lastAt).TotalSeconds,
            MemoryBytes = now.MemoryBytes,
            MemoryPercent = Percent(now.MemoryBytes, now.MachineMemoryBytes),
            MemoryMeasure = now.MemoryMeasure,
            MachineMemoryPercent = Percent(now.MachineMemoryBytes - now.MachineAvailableBytes, now.MachineMemoryBytes),
            DiskPercent = disk?.UsedPercent,
            DiskFreeBytes = disk?.Available,
        };
    }

    /// <summary>
    /// CPU time that the processes spent between two readings. A child that ended in between is in its parent's account of
    /// children; one that was there before and ended without an heir takes its earlier time away again, so that what the
    /// living ones spent themselves is the least that there was.
    /// </summary>
    private static long Spent(ResourceReading before, ResourceReading now)
    {
        var all = now.Processes.Values.Sum(cpu => cpu.WithChildren) - before.Processes.Values.Sum(cpu => cpu.WithChildren);
        var living = now.Processes.Sum(process => process.Value.Own - before.Processes.GetValueOrDefault(process.Key).Own);
        return Math.Max(all, living);
    }

    private static double? Percent(long? part, long? whole) => part is { } some && whole is > 0 and { } all ? Math.Max(0, 100.0 * some / all) : null;
}
