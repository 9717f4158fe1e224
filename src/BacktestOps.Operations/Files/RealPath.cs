namespace BacktestOps.Operations.Files;

/// <summary>Paths without links in them.</summary>
internal static class RealPath
{
    /// <summary>The path with every link in it resolved. What does not exist stands for itself.</summary>
    public static string Of(string path)
    {
        var root = Path.GetPathRoot(Path.GetFullPath(path))!;
        var resolved = root;
        foreach (var part in Path.GetFullPath(path)[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(resolved, part);
            resolved = new FileInfo(next).LinkTarget is not null && Target(next) is { } target ? Of(target) : next;
        }

        return resolved;
    }

    private static string? Target(string link)
    {
        try
        {
            return new FileInfo(link).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            // A circle of links leads nowhere.
            return null;
        }
    }
}
