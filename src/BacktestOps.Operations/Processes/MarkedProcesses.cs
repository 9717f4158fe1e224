using BacktestOps.Operations.ServiceProcesses;

namespace BacktestOps.Operations.Processes;

/// <summary>Processes that carry a variable, and those that they started: a program may overwrite or hide its own environment.</summary>
internal static class MarkedProcesses
{
    /// <summary>Finds them. Neither this process nor what started it is among them. Empty where there is no /proc.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="isMeant">Whether a value of it is looked for.</param>
    /// <param name="spared">A variable whose processes, and all that they started, are left alone.</param>
    public static IReadOnlyList<ProcessIdentity> Find(string variable, Func<string, bool> isMeant, string spared)
    {
        var all = ProcessTable.All().ToDictionary(entry => entry.Identity.Id);
        var own = Ancestors(all, Environment.ProcessId);
        var marked = all.Values.Where(entry => ProcessTable.Variable(entry.Identity.Id, variable) is { } value && isMeant(value)).Select(entry => entry.Identity.Id).ToHashSet();
        if (marked.Count == 0) return [];
        var sparedOnes = all.Keys.Where(id => ProcessTable.Variable(id, spared) is not null).ToHashSet();
        return
        [
            .. all.Values.Where(entry => !own.Contains(entry.Identity.Id) && IsOf(all, entry.Identity.Id, marked, sparedOnes)).Select(entry => entry.Identity),
        ];
    }

    /// <summary>True for a process that is marked or descends from one that is, without a spared one in between.</summary>
    private static bool IsOf(Dictionary<int, ProcessEntry> all, int id, HashSet<int> marked, HashSet<int> spared)
    {
        foreach (var ancestor in Ancestors(all, id))
        {
            if (spared.Contains(ancestor)) return false;
            if (marked.Contains(ancestor)) return true;
        }

        return false;
    }

    /// <summary>A process and its ancestors, the nearest first.</summary>
    private static List<int> Ancestors(Dictionary<int, ProcessEntry> all, int id)
    {
        var chain = new List<int>();
        for (var at = id; at > 1 && !chain.Contains(at) && all.TryGetValue(at, out var entry); at = entry.Parent) chain.Add(at);
        return chain;
    }
}
