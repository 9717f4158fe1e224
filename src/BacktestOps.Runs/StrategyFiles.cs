using BacktestOps.Contracts;
using BacktestOps.Engine.Rules;

namespace BacktestOps.Runs;

/// <summary>Reads strategies from files.</summary>
public static class StrategyFiles
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Reads one strategy from a file in JSON, its rules checked.</summary>
    /// <param name="path">The file: one strategy, or a list of them.</param>
    /// <param name="name">The strategy's name, in any case; null or empty where the file has only one.</param>
    /// <exception cref="InvalidStrategyException">The file can't be read, has faults, or the strategy is not in it.</exception>
    public static StrategyDefinition Read(string path, string? name)
    {
        var strategies = ReadAll(path);
        if (string.IsNullOrEmpty(name))
        {
            return strategies.Count == 1 ? strategies[0] : throw Fault(path, $"has {strategies.Count} strategies", $"name one of them: {Names(strategies)}");
        }
        // A file of one strategy without a name has what is asked for: the name is what it is to be called.
        if (strategies is [{ Name: null } only]) return only with { Name = name };
        return strategies.FirstOrDefault(strategy => string.Equals(strategy.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw Fault(path, $"has no strategy '{name}'", $"it has {Names(strategies)}");
    }

    /// <summary>Reads all strategies of a file in JSON, their rules checked.</summary>
    /// <param name="path">The file: one strategy, or a list of them.</param>
    /// <exception cref="StrategyFileNotFoundException">There is no such file.</exception>
    /// <exception cref="StrategyFileNotReadableException">It can't be read.</exception>
    /// <exception cref="InvalidStrategyException">It has faults.</exception>
    public static IReadOnlyList<StrategyDefinition> ReadAll(string path) => StrategyFile.Parse(ReadBytes(path), path);

    private static byte[] ReadBytes(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxBytes) throw Fault(path, $"has {file.Length} bytes", $"at most {MaxBytes}");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StrategyFileNotFoundException(path, fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StrategyFileNotReadableException(path, fault);
        }
    }

    private static InvalidStrategyException Fault(string path, FormattableString detail, string hint) =>
        new(path, [new RequestFault("$", FormattableString.Invariant(detail), hint)]);

    private static InvalidStrategyException Fault(string path, FormattableString detail, FormattableString hint) => Fault(path, detail, FormattableString.Invariant(hint));

    private static string Names(IEnumerable<StrategyDefinition> strategies) =>
        string.Join(", ", strategies.Select(strategy => strategy.Name ?? "(without a name)"));
}
