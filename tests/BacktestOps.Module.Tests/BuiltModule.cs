using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace BacktestOps.Module.Tests;

/// <summary>The module's folder as the build laid it out, and a session that imports it.</summary>
internal static class BuiltModule
{
    private static readonly string s_artifacts = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."));

    /// <summary>The version in Directory.Build.props, from which everything else takes it.</summary>
    public static string Version { get; } = XDocument
        .Load(Path.Combine(s_artifacts, "..", "Directory.Build.props")).Descendants("VersionPrefix").Single().Value;

    /// <summary>The folder of that version.</summary>
    public static string Root { get; } = Path.Combine(s_artifacts, "module", "BacktestOps", Version);

    /// <summary>The manifest.</summary>
    public static string Manifest { get; } = Path.Combine(Root, "BacktestOps.psd1");

    /// <summary>The cmdlets that the manifest promises, sorted.</summary>
    public static IReadOnlyList<string> Cmdlets { get; } =
    [
        .. Regex.Matches(
                Regex.Match(File.ReadAllText(Manifest), @"CmdletsToExport\s*=\s*@\(([^)]*)\)").Groups[1].Value, "'([^']+)'")
            .Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal),
    ];

    /// <summary>Runs a script in a new session that has the module, with a home of its own.</summary>
    public static async Task<ShellResult> RunAsync(TemporaryFolder folder, string script) =>
        await ShellProcess.RunAsync(Arguments(folder, script), environment: Environment(folder), workingDirectory: folder.Root);

    /// <summary>Starts such a session and leaves it running.</summary>
    public static ShellProcess Start(TemporaryFolder folder, string script) =>
        ShellProcess.Start(Arguments(folder, script), Environment(folder), folder.Root);

    /// <summary>Where a session of <paramref name="folder"/> keeps its runs.</summary>
    public static Dictionary<string, string> Environment(TemporaryFolder folder) =>
        new() { ["BACKTESTOPS_HOME"] = Path.Combine(folder.Root, "home") };

    private static string[] Arguments(TemporaryFolder folder, string script)
    {
        var file = folder.Write($"script-{Guid.NewGuid():N}.ps1", $"""
            $ErrorActionPreference = 'Stop'
            $module = '{Manifest}'
            Import-Module $module
            {script}
            """);
        return ["-NonInteractive", "-File", file];
    }
}
