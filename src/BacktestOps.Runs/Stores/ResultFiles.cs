namespace BacktestOps.Runs.Stores;

/// <summary>The folder of published results. A file has its name only when it is whole and on the disk.</summary>
internal sealed class ResultFiles(string folder, DiskFlush disk)
{
    private const string TemporarySuffix = ".tmp";

    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>The file name of a run's result.</summary>
    public static string NameOf(string backtestId) => $"backtest-result-{backtestId}.json";

    /// <summary>The ids of the runs whose result has its name in the folder.</summary>
    public HashSet<string> Ids()
    {
        var (prefix, suffix) = (NameOf("")[..^".json".Length], ".json");
        return [.. Directory.EnumerateFiles(folder, $"{prefix}*{suffix}").Select(path => Path.GetFileName(path)[prefix.Length..^suffix.Length])];
    }

    /// <summary>Where a run's result is.</summary>
    public string PathOf(string backtestId) => Path.Combine(folder, NameOf(backtestId));

    /// <summary>The file name of the variants of a sweep.</summary>
    public static string VariantsNameOf(string backtestId) => $"backtest-sweep-{backtestId}.csv";

    /// <summary>Where the variants of a sweep are.</summary>
    public string VariantsPathOf(string backtestId) => Path.Combine(folder, VariantsNameOf(backtestId));

    /// <summary>The temporary name of the variants of a sweep, which tells whose they are.</summary>
    public string TemporaryVariantsPathOf(string backtestId, string owner) => Path.Combine(folder, $".{backtestId}-variants.{owner}{TemporarySuffix}");

    /// <summary>Makes a file durable.</summary>
    public void Flush(FileStream file) => disk.File(file);

    /// <summary>Removes what was published of a run.</summary>
    public void DiscardPublished(string backtestId)
    {
        Discard(PathOf(backtestId));
        Discard(VariantsPathOf(backtestId));
    }

    /// <summary>Writes a document under a temporary name that tells whose it is, flushed to the disk.</summary>
    public string WriteTemporary(string backtestId, string owner, ReadOnlySpan<byte> content, bool flush = true)
    {
        PrivateFile.MakeFolder(folder);
        // Hidden by its first character, so that nobody who lists results takes it for one.
        var path = Path.Combine(folder, $".{backtestId}.{owner}{TemporarySuffix}");
        try
        {
            using var file = PrivateFile.Open(path, FileMode.Create, FileAccess.Write, FileShare.None);
            file.Write(content);
            if (flush)
                disk.File(file);
            return path;
        }
        catch
        {
            Discard(path);
            throw;
        }
    }

    /// <summary>Gives the temporary file its name; durable when it returns.</summary>
    /// <param name="temporaryPath">The document.</param>
    /// <param name="backtestId">The run.</param>
    /// <param name="temporaryVariantsPath">The variants of a sweep, which get theirs first; null for one run.</param>
    public void Publish(string temporaryPath, string backtestId, string? temporaryVariantsPath = null)
    {
        if (temporaryVariantsPath is not null) File.Move(temporaryVariantsPath, VariantsPathOf(backtestId), overwrite: true);
        File.Move(temporaryPath, PathOf(backtestId), overwrite: true);
        disk.Folder(folder);
    }

    /// <summary>Removes a file if it is there; what can't be removed now is removed at the next opening.</summary>
    public static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Removes the temporary files of owners that are no more.</summary>
    public void DiscardTemporaryFiles(Func<string, bool> isDead)
    {
        foreach (var path in Directory.EnumerateFiles(folder, $".*{TemporarySuffix}", new EnumerationOptions { AttributesToSkip = 0 }))
        {
            var parts = Path.GetFileName(path)[..^TemporarySuffix.Length].Split('.');
            if (isDead(parts[^1]))
                Discard(path);
        }
    }

    /// <summary>How the folder is, seen by writing a file there and removing it.</summary>
    public PartHealth Check(string owner)
    {
        if (!Directory.Exists(folder))
            return new PartHealth("missing", $"The folder of results '{folder}' does not exist. It is made again when the next result is published; earlier results are gone unless it is restored.");
        try
        {
            Discard(WriteTemporary($"health-{Guid.NewGuid():N}", owner, "health"u8, flush: false));
            return new PartHealth("writable", null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new PartHealth(
                fault is UnauthorizedAccessException ? "read_only" : "failed",
                $"The folder of results '{folder}' can't be written: {fault.Message} Free space or give this user the right to write there; runs that wait go on by themselves.");
        }
    }
}
