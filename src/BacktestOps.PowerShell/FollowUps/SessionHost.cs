using System.Management.Automation;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.FollowUps;

/// <summary>What runs this session, as a command that runs a script.</summary>
internal static class SessionHost
{
    private const string Shell = "BacktestOps.Shell";

    private static readonly string[] RunsAScript = ["-NoProfile", "-NonInteractive", "-File"];

    /// <summary>The program and its arguments up to the script's path.</summary>
    /// <exception cref="ModuleException">This session is run by a program that runs no scripts, and pwsh is not on the path.</exception>
    public static IReadOnlyList<string> Command() => Of(Environment.ProcessPath, Environment.GetCommandLineArgs()[0], Environment.GetEnvironmentVariable("PATH"));

    /// <summary>What a script imports to have these cmdlets: the manifest, or where there is none beside it, the assembly.</summary>
    /// <param name="module">The module that the cmdlet is of; null for none.</param>
    public static string Module(PSModuleInfo? module)
    {
        var assembly = typeof(SessionHost).Assembly.Location;
        var manifest = Path.Combine(module?.ModuleBase ?? Path.GetDirectoryName(assembly)!, "BacktestOps.psd1");
        return File.Exists(manifest) ? manifest : assembly;
    }

    /// <summary>The command, of what is known of a process.</summary>
    /// <param name="process">Its program.</param>
    /// <param name="first">Its first argument: where dotnet runs it, its assembly.</param>
    /// <param name="path">Where programs are looked for.</param>
    internal static IReadOnlyList<string> Of(string? process, string first, string? path)
    {
        var name = Bare(process ?? "");
        if (name == "pwsh") return Pwsh(process!);
        if (name == Shell) return [process!, "-File"];
        if (name == "dotnet" && Bare(first) == Shell) return [process!, Path.GetFullPath(first), "-File"];
        var program = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        var found = (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (found is not null) return Pwsh(found);
        // Restored as a tool, pwsh has no program of its own; a launcher on the path is preferred, since it stays where it is at the next update.
        if (name == "dotnet" && Bare(first) == "pwsh") return [process!, Path.GetFullPath(first), .. RunsAScript];
        throw new ModuleException("ScriptHostUnknown", ErrorCategory.ObjectNotFound, Messages.ScriptHostUnknown.With(name), Messages.ScriptHostUnknownAction);
    }

    // The shell's own name has a dot in it, so not everything behind one is an extension.
    private static string Bare(string path) => Path.GetExtension(path) is ".exe" or ".dll" ? Path.GetFileNameWithoutExtension(path) : Path.GetFileName(path);

    private static List<string> Pwsh(string program) => [program, .. RunsAScript];
}
