using System.Diagnostics;
using System.Globalization;
using BacktestOps.Operations.Processes;
using BacktestOps.Operations.ServiceProcesses;

namespace BacktestOps.Operations.Monitoring.Resources;

/// <summary>The counters of this machine: /proc on Linux, and elsewhere what .NET tells of processes.</summary>
internal sealed class MachineReader : IResourceReader
{
    private const long Kilobyte = 1024;

    /// <inheritdoc/>
    public ResourceReading Read(IReadOnlyCollection<ProcessIdentity> members) => OperatingSystem.IsLinux() ? ReadLinux(members) : ReadOther(members);

    /// <inheritdoc/>
    public DiskReading? Disk(string folder)
    {
        try
        {
            var drive = new DriveInfo(folder);
            return new DiskReading(drive.TotalSize, drive.TotalFreeSpace, drive.AvailableFreeSpace);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static ResourceReading ReadLinux(IReadOnlyCollection<ProcessIdentity> members)
    {
        var (busy, total) = MachineCpu();
        var tree = Tree(members);
        var processes = new Dictionary<ProcessIdentity, ProcessCpu>();
        long? memory = null;
        var isProportional = true;
        foreach (var process in tree)
        {
            if (Cpu(process.Id) is not { } cpu) continue;
            processes[process] = cpu;
            var shared = ProportionalBytes(process.Id);
            isProportional &= shared is not null;
            if ((shared ?? ResidentBytes(process.Id)) is { } bytes) memory = (memory ?? 0) + bytes;
        }

        var machine = MemoryInfo();
        return new ResourceReading
        {
            Processes = processes,
            MachineBusy = busy,
            MachineTotal = total,
            MemoryBytes = memory,
            MemoryMeasure = memory is null ? null : isProportional ? "pss" : "rss",
            MachineMemoryBytes = machine.GetValueOrDefault("MemTotal"),
            MachineAvailableBytes = machine.GetValueOrDefault("MemAvailable"),
        };
    }

    /// <summary>The processes and everything that descends from them.</summary>
    private static List<ProcessIdentity> Tree(IReadOnlyCollection<ProcessIdentity> members)
    {
        var all = ProcessTable.All().ToList();
        var known = all.Where(entry => members.Contains(entry.Identity)).Select(entry => entry.Identity).ToList();
        var ids = known.Select(identity => identity.Id).ToHashSet();
        for (var found = -1; found != ids.Count;)
        {
            found = ids.Count;
            foreach (var entry in all.Where(entry => ids.Contains(entry.Parent) && ids.Add(entry.Identity.Id))) known.Add(entry.Identity);
        }

        return known;
    }

    /// <summary>proc(5), /proc/[pid]/stat: user and system time are the 14th and 15th field, those of waited-for children the two after.</summary>
    private static ProcessCpu? Cpu(int id)
    {
        if (TryRead($"/proc/{id}/stat") is not { } stat) return null;
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long Field(int number) => long.Parse(fields[number - 3], CultureInfo.InvariantCulture);
        var own = Field(14) + Field(15);
        return new ProcessCpu(own, own + Field(16) + Field(17));
    }

    /// <summary>proc(5), /proc/stat. A guest's time is in the user's already; waiting for a disk is idling.</summary>
    private static (long Busy, long Total) MachineCpu()
    {
        var times = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Take(8).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToList();
        var total = times.Sum();
        return (total - times[3] - times[4], total);
    }

    private static long? ProportionalBytes(int id)
    {
        // The kernel walks the pages to answer; another user's process is not told of.
        var line = TryRead($"/proc/{id}/smaps_rollup")?.Split('\n').FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return line is null ? null : Number(line) * Kilobyte;
    }

    private static long? ResidentBytes(int id)
    {
        var line = TryRead($"/proc/{id}/status")?.Split('\n').FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? null : Number(line) * Kilobyte;
    }

    private static Dictionary<string, long> MemoryInfo() => File.ReadLines("/proc/meminfo")
        .ToDictionary(line => line.Split(':')[0], line => Number(line) * Kilobyte);

    private static long Number(string line) =>
        long.Parse(line.Split(':')[1].Trim().Split(' ')[0], CultureInfo.InvariantCulture);

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's.
            return null;
        }
    }

    /// <summary>What the processes themselves tell; of the machine nothing is told, and the watch says so.</summary>
    private static ResourceReading ReadOther(IReadOnlyCollection<ProcessIdentity> members)
    {
        var processes = new Dictionary<ProcessIdentity, ProcessCpu>();
        long? memory = null;
        foreach (var member in members.Where(member => member.IsAlive()))
        {
            try
            {
                using var process = Process.GetProcessById(member.Id);
                var time = process.TotalProcessorTime.Ticks;
                processes[member] = new ProcessCpu(time, time);
                memory = (memory ?? 0) + process.WorkingSet64;
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // It has ended, or is another user's.
            }
        }

        return new ResourceReading
        {
            Processes = processes,
            MachineTotal = Environment.TickCount64 * TimeSpan.TicksPerMillisecond * Environment.ProcessorCount,
            MemoryBytes = memory,
            MemoryMeasure = memory is null ? null : "rss",
            MachineMemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        };
    }
}
