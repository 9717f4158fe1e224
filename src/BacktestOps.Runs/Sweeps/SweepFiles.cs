using System.Text;
using BacktestOps.Contracts;
using BacktestOps.Engine;
using BacktestOps.Runs.Stores;

namespace BacktestOps.Runs.Sweeps;

/// <summary>The files of sweeps that are not done: what a sweep goes on from when its process died.</summary>
internal sealed class SweepFiles(string folder)
{
    private const string Suffix = ".work";

    /// <summary>Opens the work file of a sweep; one of other data, rules or engine is started anew.</summary>
    /// <param name="backtestId">The run.</param>
    /// <param name="requestJson">What it was asked for.</param>
    /// <param name="fingerprints">The bars that it reads now.</param>
    /// <param name="variants">Variants of the sweep.</param>
    public VariantsWorkFile Open(string backtestId, string requestJson, IEnumerable<string> fingerprints, long variants)
    {
        // Somebody may have removed the folder while the service runs.
        PrivateFile.MakeFolder(folder);
        var identity = string.Join('\n', [Backtester.EngineVersion, requestJson, .. fingerprints]);
        return new VariantsWorkFile(PathOf(backtestId), Encoding.UTF8.GetBytes(identity), variants);
    }

    /// <summary>Makes the folder where it is gone; gives what is wrong where it can't be made.</summary>
    public string? Check()
    {
        try
        {
            PrivateFile.MakeFolder(folder);
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"The folder of sweeps '{folder}' can't be used: {fault.Message} Sweeps wait until it can.";
        }
    }

    /// <summary>How many bytes of work are kept of a run: they grow with every piece.</summary>
    public long LengthOf(string backtestId)
    {
        try
        {
            return new FileInfo(PathOf(backtestId)) is { Exists: true } file ? file.Length : 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Removes the work file of a run that has ended.</summary>
    public void Discard(string backtestId) => ResultFiles.Discard(PathOf(backtestId));

    /// <summary>Removes the work files of runs that have ended otherwise.</summary>
    public void DiscardEnded(Func<string, RunRecord?> find)
    {
        // Health tells of a folder that is gone; there is nothing to remove then.
        if (!Directory.Exists(folder)) return;
        foreach (var path in Directory.EnumerateFiles(folder, $"*{Suffix}"))
        {
            if (find(Path.GetFileNameWithoutExtension(path))?.Status.IsTerminal() != false) ResultFiles.Discard(path);
        }
    }

    private string PathOf(string backtestId) => Path.Combine(folder, backtestId + Suffix);
}
