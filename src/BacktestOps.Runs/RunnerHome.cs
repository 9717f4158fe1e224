using BacktestOps.Contracts;

namespace BacktestOps.Runs;

/// <summary>Where the runs are kept: the folder and what is in it.</summary>
internal sealed record RunnerHome
{
    private RunnerHome(string path) => Root = path;

    /// <summary>The folder, absolute.</summary>
    public string Root { get; }

    public string Database => Path.Combine(Root, "runs.db");

    public string Results => Path.Combine(Root, "results");

    public string Sweeps => Path.Combine(Root, "sweeps");

    public string Owners => Path.Combine(Root, "owners");

    /// <summary>The folder of what was imported where no data folder is named; it is made by the first import.</summary>
    public string Data => DataOf(Root);

    /// <summary>The folder as it is; nothing is made.</summary>
    /// <exception cref="BacktestUnavailableException">None is named, and there is no default.</exception>
    public static RunnerHome At(string? homePath) => new(Path.GetFullPath(Choose(homePath)));

    /// <summary>Finds the folder and makes what is missing.</summary>
    /// <exception cref="BacktestUnavailableException">There is none, or it can't be made.</exception>
    public static RunnerHome Open(string? homePath)
    {
        var root = Choose(homePath);
        try
        {
            var home = new RunnerHome(Path.GetFullPath(root));
            PrivateFile.MakeFolder(home.Root, isOurs: File.Exists(home.Database));
            foreach (var folder in (string[])[home.Results, home.Sweeps, home.Owners]) PrivateFile.MakeFolder(folder);
            return home;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BacktestUnavailableException(
                $"The home folder '{root}' can't be made or used: {fault.Message}",
                "Give this user the right to write there, or point BACKTESTOPS_HOME at another folder.", fault);
        }
    }

    /// <summary>The folder that was asked for, else BACKTESTOPS_HOME, else the user's local application data.</summary>
    /// <exception cref="BacktestUnavailableException">There is none of them.</exception>
    public static string Choose(string? homePath) =>
        NullIfEmpty(homePath) ?? NullIfEmpty(Environment.GetEnvironmentVariable("BACKTESTOPS_HOME")) ?? Default();

    /// <summary>The folder of what was imported into a home.</summary>
    public static string DataOf(string root) => Path.Combine(root, "data");

    /// <summary>The user's data folder, absolute; null for what was imported into the home and what ships.</summary>
    public static string? FindData(string? dataPath)
    {
        var path = NullIfEmpty(dataPath) ?? NullIfEmpty(Environment.GetEnvironmentVariable("BACKTESTOPS_DATA"));
        return path is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
    }

    private static string Default()
    {
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return local.Length > 0
            ? Path.Combine(local, "BacktestOps")
            : throw new BacktestUnavailableException(
                "This user has no folder for application data.", "Point BACKTESTOPS_HOME at a folder for the runs.");
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
