using System.Security.Cryptography;
using System.Text.RegularExpressions;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.PythonWorkers;

/// <summary>The folder whose files may run: one strategy a file, the name being the file's without <c>.py</c>.</summary>
/// <remarks>A name from a request is found among the files that are there; its text never becomes part of a path.</remarks>
internal sealed partial class StrategyFolder(string folder)
{
    private const int MostBytes = 1 << 20;

    /// <summary>The folder.</summary>
    public string Location => folder;

    /// <summary>The files' names by strategy, in order; read anew each time, because the folder is its owner's.</summary>
    /// <exception cref="BacktestUnavailableException">The folder can't be read.</exception>
    public IReadOnlyList<(string Name, string Path)> List()
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*.py")
                .Select(path => (Name: Path.GetFileNameWithoutExtension(path), Path: path))
                .Where(file => Path.GetExtension(file.Path) == ".py" && StrategyName().IsMatch(file.Name))
                .OrderBy(file => file.Name, StringComparer.Ordinal)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BacktestUnavailableException(
                Directory.Exists(folder)
                    ? $"The folder of Python strategies '{folder}' can't be read: {fault.Message}"
                    : $"The folder of Python strategies '{folder}' does not exist.",
                "Create it, or correct --python-strategies or BACKTESTOPS_PYTHON_STRATEGIES.",
                fault);
        }
    }

    /// <summary>Reads a strategy's file.</summary>
    /// <param name="name">The strategy, in any case where that is no question.</param>
    /// <returns>The file; null when there is none of the name.</returns>
    /// <exception cref="PythonStrategyException">The file can't be used.</exception>
    /// <exception cref="BacktestUnavailableException">The folder can't be read.</exception>
    public StrategySource? Find(string name)
    {
        var files = List().Where(file => file.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray();
        var exact = files.Where(file => file.Name == name).ToArray();
        return (exact.Length > 0 ? exact : files) switch
        {
            [] => null,
            [var file] => Read(file.Name, file.Path),
            var several => throw new PythonStrategyException($"{string.Join(", ", several.Select(file => $"{file.Name}.py"))} differ in upper and lower case only; write the name as the file has it."),
        };
    }

    private StrategySource Read(string name, string path)
    {
        try
        {
            var content = File.ReadAllBytes(Resolve(path));
            return new StrategySource(name, $"{name}.py", content, Convert.ToHexStringLower(SHA256.HashData(content)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (!Directory.Exists(folder))
                _ = List();
            throw new PythonStrategyException($"{name}.py can't be read: {(fault is UnauthorizedAccessException ? "access is denied" : fault is FileNotFoundException ? "it is gone" : fault.GetType().Name)}.");
        }
    }

    // The path that was judged is the path that is read.
    private string Resolve(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
        {
            var target = file.ResolveLinkTarget(returnFinalTarget: true) ?? throw new FileNotFoundException();
            if (Path.GetDirectoryName(Path.GetFullPath(target.FullName)) != folder)
                throw new PythonStrategyException($"{file.Name} is a link out of the folder of strategies; only files in the folder run.");
            file = new FileInfo(Path.GetFullPath(target.FullName));
            if (file.LinkTarget is not null)
                throw new PythonStrategyException($"{file.Name} is a link out of the folder of strategies; only files in the folder run.");
        }

        // A pipe or a device has no length, and reading one may never end.
        return file.Length switch
        {
            0 => throw new PythonStrategyException($"{Path.GetFileName(path)} is empty."),
            > MostBytes => throw new PythonStrategyException(FormattableString.Invariant($"{Path.GetFileName(path)} has {file.Length} bytes; a strategy has at most {MostBytes}.")),
            _ => file.FullName,
        };
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$")]
    private static partial Regex StrategyName();
}

/// <summary>A strategy's file as it was read: what is described, called and probed is this and no later one.</summary>
/// <param name="Name">The strategy's name, without <c>py:</c>.</param>
/// <param name="FileName">The file's name.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Digest">Their SHA-256, lower-case hex.</param>
internal sealed record StrategySource(string Name, string FileName, byte[] Content, string Digest)
{
    /// <summary>What a result says of it.</summary>
    public StrategyFileUsed Used => new(FileName, Digest);
}
