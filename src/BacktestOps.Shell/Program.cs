namespace BacktestOps.Shell;

/// <summary>The entry point.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        SystemConsole.Prepare();
        var line = CommandLine.Parse(arguments, Console.IsInputRedirected);
        if (line.Error is not null)
        {
            Console.Error.WriteLine(line.Error);
            return ExitCodes.BadCommandLine;
        }

        switch (line.Mode)
        {
            case ShellMode.Help:
                Console.Out.WriteLine(HelpText.Compose());
                return ExitCodes.Success;
            case ShellMode.Version:
                Console.Out.WriteLine(HelpText.VersionLine);
                return ExitCodes.Success;
        }

        if (line.WorkingDirectory is not null)
        {
            if (!Directory.Exists(line.WorkingDirectory))
            {
                Console.Error.WriteLine($"-WorkingDirectory: '{line.WorkingDirectory}' does not exist.");
                return ExitCodes.BadCommandLine;
            }

            Environment.CurrentDirectory = line.WorkingDirectory;
        }

        using var session = new ShellSession(line);
        return session.Run();
    }
}
