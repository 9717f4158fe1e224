using System.Globalization;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Text;

namespace BacktestOps.Shell;

/// <summary>What <c>-Help</c> prints.</summary>
internal static class HelpText
{
    /// <summary>Name and versions in one line.</summary>
    public static string VersionLine { get; } = string.Create(CultureInfo.InvariantCulture,
        $"BacktestOps.Shell {Assembly.GetExecutingAssembly().GetName().Version!.ToString(3)} on System.Management.Automation {EngineVersion()}");

    /// <summary>The help, with the commands that this very build has.</summary>
    public static string Compose()
    {
        var text = new StringBuilder();
        text.AppendLine(VersionLine).AppendLine();
        text.AppendLine("""
            A small PowerShell host, for machines that have .NET but no pwsh.

            BacktestOps.Shell [options] [-File] script.ps1 [arguments]
            BacktestOps.Shell [options] -Command text
            BacktestOps.Shell [options] -Command -      (or -File -, or redirected input: all of it is one script)
            BacktestOps.Shell [options]                 (a prompt)

              -NonInteractive            questions fail instead of waiting for an answer
              -NoExit                    stay at the prompt after the file or text
              -NoLogo                    no banner
              -NoProfile                 accepted; this host never runs profiles
              -WorkingDirectory <path>   start there
              -ExecutionPolicy <policy>  for this process (Windows)
              -Version, -Help

            Exit codes, as pwsh has them: N of "exit N"; 1 for a terminating error or a script that cannot be
            parsed; 0 otherwise, also after non-terminating errors and after Ctrl+C with -File; with -Command
            also 1 when the last statement failed; 64 for a wrong command line or a missing script; 143 after
            SIGTERM, when finally blocks have run.

            Output goes to standard output; errors, warnings and progress go to standard error. Progress is a
            bar on a terminal and a plain line a quarter elsewhere. Modules are found through PSModulePath or
            imported by path.

            It has the PowerShell language, .NET, native programs and these core commands:
            """);
        Wrap(text, CoreCommands());
        text.AppendLine().AppendLine("""
            It has NOT what pwsh brings in modules of its own: no Select-Object, Sort-Object, Format-Table,
            Get-ChildItem, Get-Content, ConvertTo-Json, Write-Host, Invoke-WebRequest and so on. Where a
            script needs them, run it in pwsh 7.6; scripts that keep to the list above run in both.
            """.TrimEnd());
        return text.ToString().TrimEnd();
    }

    /// <summary>The names of the commands in the core snap-in, sorted.</summary>
    internal static IReadOnlyList<string> CoreCommands() =>
    [
        .. InitialSessionState.CreateDefault2().Commands.OfType<SessionStateCmdletEntry>()
            .Select(c => c.Name).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase),
    ];

    private static void Wrap(StringBuilder text, IEnumerable<string> words)
    {
        const int width = 100;
        var line = new StringBuilder("  ");
        foreach (var word in words)
        {
            if (line.Length + word.Length > width)
            {
                text.AppendLine(line.ToString().TrimEnd());
                line.Clear().Append("  ");
            }

            line.Append(word).Append("  ");
        }

        text.AppendLine(line.ToString().TrimEnd());
    }

    private static string EngineVersion() =>
        typeof(Runspace).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split(' ', '+')[0]
        ?? typeof(Runspace).Assembly.GetName().Version!.ToString(3);
}
