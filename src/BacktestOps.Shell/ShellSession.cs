using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;
using Microsoft.PowerShell;

namespace BacktestOps.Shell;

/// <summary>One run of the host: a runspace, what is run in it, and the exit code of the process.</summary>
internal sealed class ShellSession : IDisposable
{
    private readonly CommandLine _line;
    private readonly ShellHostUserInterface _ui;
    private readonly Runspace _runspace;
    private readonly PipelineRunner _runner;
    private readonly Prompt _prompt;
    private readonly PosixSignalRegistration _onTerminate;
    private int? _exitCode;
    private volatile bool _terminated;

    /// <summary>Opens the session.</summary>
    public ShellSession(CommandLine line)
    {
        _line = line;
        var progress = new ProgressDisplay(Console.Error, SystemConsole.ErrorIsTerminal, () => SystemConsole.Width, TimeProvider.System);
        _ui = new ShellHostUserInterface(Console.Out, Console.Error, Console.In, line.NonInteractive, progress);
        var host = new ShellHost(_ui, code => _exitCode = code, () => _prompt!.RunNested(), () => _prompt!.EndNested());

        // CreateDefault2 is the core snap-in alone; CreateDefault would look for modules that only pwsh has.
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows() && line.ExecutionPolicy is { } policy)
            state.ExecutionPolicy = Enum.Parse<ExecutionPolicy>(policy, ignoreCase: true);
        state.ThreadOptions = PSThreadOptions.ReuseThread;
        _runspace = RunspaceFactory.CreateRunspace(host, state);
        _runspace.Open();
        Runspace.DefaultRunspace = _runspace;

        _runner = new PipelineRunner(_runspace, _ui);
        _prompt = new Prompt(_runner, _ui, () => _exitCode is not null || _terminated);
        Console.CancelKeyPress += OnCancelKey;
        _onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerminate);
    }

    /// <summary>Runs what the command line asks for.</summary>
    /// <returns>The exit code of the process.</returns>
    public int Run()
    {
        var code = _line.Mode switch
        {
            ShellMode.File => RunFile(_line.File!),
            ShellMode.Command => RunText(_line.Command!, input: UsesInput(_line.Command!) ? StandardInputLines() : null),
            ShellMode.StandardInput => RunText(Console.In.ReadToEnd(), input: null),
            _ => RunPrompt(showBanner: !_line.NoLogo),
        };
        if (_line.NoExit && _exitCode is null && !_terminated) code = RunPrompt(showBanner: false);
        return _terminated ? ExitCodes.Terminated : _exitCode ?? code;
    }

    /// <summary>Closes the runspace.</summary>
    public void Dispose()
    {
        Console.CancelKeyPress -= OnCancelKey;
        _onTerminate.Dispose();
        _runspace.Dispose();
    }

    private int RunFile(string file)
    {
        var script = new Command(file, isScript: false, useLocalScope: false);
        foreach (var argument in _line.Arguments) script.Parameters.Add(argument);
        if (!_line.NoExit) ScriptExit.EndsSession(_runspace);
        var outcome = _runner.Run(script, FileUsesInput(file) ? StandardInputLines() : null);
        return outcome.Failure is null ? ExitCodes.Success : ExitCodes.Failed;
    }

    private int RunText(string text, IEnumerable<string>? input)
    {
        if (string.IsNullOrWhiteSpace(text)) return ExitCodes.Success;
        var outcome = _runner.Run(new Command(text, isScript: true, useLocalScope: false), input);
        if (outcome.Failure is not null) return ExitCodes.Failed;
        return outcome.Stopped || _runner.LastSucceeded() ? ExitCodes.Success : ExitCodes.Failed;
    }

    private int RunPrompt(bool showBanner)
    {
        if (showBanner) _ui.WriteLine($"{HelpText.VersionLine}. The language and the core commands; -Help says more, exit leaves.");
        _prompt.Run();
        return ExitCodes.Success;
    }

    private static bool FileUsesInput(string file) => Console.IsInputRedirected
        && file.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase)
        && ScriptText.UsesInput(System.Management.Automation.Language.Parser.ParseFile(file, out _, out _));

    private static bool UsesInput(string text) => Console.IsInputRedirected
        && ScriptText.UsesInput(System.Management.Automation.Language.Parser.ParseInput(text, out _, out _));

    private static IEnumerable<string> StandardInputLines()
    {
        while (Console.In.ReadLine() is { } line) yield return line;
    }

    private void OnCancelKey(object? sender, ConsoleCancelEventArgs e)
    {
        // The first Ctrl+C asks the pipeline to stop, so that finally blocks run; a second one, when that hangs, ends the process.
        e.Cancel = _runner.StopRunning() || _line.Mode == ShellMode.Interactive;
    }

    private void OnTerminate(PosixSignalContext context)
    {
        _terminated = true;
        context.Cancel = _runner.StopRunning();
    }
}
