using BacktestOps.Operations.Deployments;

namespace BacktestOps.Operations.Plans;

/// <summary>Commented plans to begin with.</summary>
public static class PlanTemplates
{
    /// <summary>The names of the templates.</summary>
    public static IReadOnlyList<string> Names { get; } = ["BacktestService", "NodeBacktestService"];

    /// <summary>The text of a template.</summary>
    /// <param name="name">One of <see cref="Names"/>, in any case.</param>
    /// <exception cref="DeploymentException">There is no such template.</exception>
    public static string Text(string name)
    {
        var known = Names.FirstOrDefault(other => other.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new DeploymentException("TemplateUnknown", $"There is no template '{name}'.", $"Take one of {string.Join(", ", Names)}.");
        using var stream = typeof(PlanTemplates).Assembly.GetManifestResourceStream(known + ".jsonc")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Writes a template to a new file.</summary>
    /// <param name="name">The template.</param>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">True to replace a file that is there.</param>
    /// <exception cref="DeploymentException">The file is there, or can't be written.</exception>
    public static void Write(string name, string path, bool overwrite)
    {
        var text = Text(name);
        if (File.Exists(path) && !overwrite)
            throw new DeploymentException("PlanExists", $"'{path}' is there already.", "Name another file, or use -Force to replace it.");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            new Files.LocalDisk().Write(path, System.Text.Encoding.UTF8.GetBytes(text));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DeploymentException.From(error, $"writing '{path}'");
        }
    }
}
