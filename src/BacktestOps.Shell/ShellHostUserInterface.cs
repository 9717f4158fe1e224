using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace BacktestOps.Shell;

/// <summary>
/// Text out, answers in. Output goes to standard output; errors, warnings, verbose and debug lines and
/// progress go to standard error, so that output can be piped on. Colours reach terminals only.
/// </summary>
internal sealed partial class ShellHostUserInterface : PSHostUserInterface
{
    private readonly Lock _lock = new();
    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly TextReader _input;
    private readonly bool _nonInteractive;
    private readonly ShellRawUserInterface _rawUI = new();
    private bool _lineIsOpen;
    private bool _redirected;

    /// <summary>Makes the user interface.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="input">Standard input, for answers.</param>
    /// <param name="nonInteractive">True when a question shall fail instead of waiting for an answer.</param>
    /// <param name="progress">Where progress is shown.</param>
    public ShellHostUserInterface(TextWriter output, TextWriter error, TextReader input, bool nonInteractive, ProgressDisplay progress)
    {
        _output = output;
        _error = error;
        _input = input;
        _nonInteractive = nonInteractive;
        Progress = progress;
    }

    /// <summary>Where progress is shown.</summary>
    public ProgressDisplay Progress { get; }

    /// <inheritdoc />
    public override PSHostRawUserInterface RawUI => _rawUI;

    /// <inheritdoc />
    public override bool SupportsVirtualTerminal => SystemConsole.OutputIsTerminal || SystemConsole.ErrorIsTerminal;

    /// <inheritdoc />
    public override void Write(string? value) => ToOutput(value, newLine: false);

    /// <inheritdoc />
    public override void WriteLine(string? value) => ToOutput(value, newLine: true);

    /// <inheritdoc />
    public override void WriteLine() => ToOutput("", newLine: true);

    /// <inheritdoc />
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string? value) =>
        ToOutput(Coloured(foregroundColor, backgroundColor, value), newLine: false);

    /// <inheritdoc />
    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string? value) =>
        ToOutput(Coloured(foregroundColor, backgroundColor, value), newLine: true);

    /// <inheritdoc />
    public override void WriteErrorLine(string? value) => ToError(value);

    /// <inheritdoc />
    public override void WriteDebugLine(string? message) => ToError(Styled(FormatStyle.Debug, $"DEBUG: {message}"));

    /// <inheritdoc />
    public override void WriteVerboseLine(string? message) => ToError(Styled(FormatStyle.Verbose, $"VERBOSE: {message}"));

    /// <inheritdoc />
    public override void WriteWarningLine(string? message) => ToError(Styled(FormatStyle.Warning, $"WARNING: {message}"));

    /// <inheritdoc />
    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        lock (_lock) Progress.Update(sourceId, record, mayDraw: !_lineIsOpen);
    }

    /// <summary>Takes unfinished progress off the screen; called when a pipeline has ended.</summary>
    public void ResetProgress()
    {
        lock (_lock) Progress.Reset();
    }

    /// <summary>Sends output to standard error until the returned object is disposed: for an error that is formatted as output.</summary>
    public IDisposable RedirectToError() => new Redirection(this);

    /// <inheritdoc />
    public override string ReadLine() => ReadAnswer() ?? throw NoAnswer("a line of input");

    /// <inheritdoc />
    public override SecureString ReadLineAsSecureString()
    {
        RequireSomebody("a secret");
        if (Console.IsInputRedirected) throw NoAnswer("a secret");
        var secret = new SecureString();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter) break;
            if (key.Key != ConsoleKey.Backspace) secret.AppendChar(key.KeyChar);
            else if (secret.Length > 0) secret.RemoveAt(secret.Length - 1);
        }

        WriteLine();
        secret.MakeReadOnly();
        return secret;
    }

    private void ToOutput(string? value, bool newLine)
    {
        lock (_lock)
        {
            if (_redirected)
            {
                if (newLine) ToError(value);
                else _error.Write(GetOutputString(value ?? "", SystemConsole.ErrorIsTerminal));
                return;
            }

            Progress.Clear();
            var text = GetOutputString(value ?? "", SystemConsole.OutputIsTerminal);
            if (newLine) _output.WriteLine(text);
            else _output.Write(text);
            _output.Flush();
            if (newLine || text.Length > 0) _lineIsOpen = !newLine && !text.EndsWith('\n');
        }
    }

    private void ToError(string? value)
    {
        lock (_lock)
        {
            Progress.Clear();
            _error.WriteLine(GetOutputString(value ?? "", SystemConsole.ErrorIsTerminal));
            _error.Flush();
        }
    }

    private static string Styled(FormatStyle style, string text) => $"{GetFormatStyleString(style)}{text}{PSStyle.Instance.Reset}";

    private string Coloured(ConsoleColor foreground, ConsoleColor background, string? value)
    {
        var style = PSStyle.Instance;
        var back = background == _rawUI.BackgroundColor ? "" : style.Background.FromConsoleColor(background);
        return $"{style.Foreground.FromConsoleColor(foreground)}{back}{value}{style.Reset}";
    }

    private string? ReadAnswer()
    {
        RequireSomebody("a line of input");
        lock (_lock) Progress.Clear();
        return _input.ReadLine();
    }

    private void RequireSomebody(string what)
    {
        if (_nonInteractive) throw NoAnswer(what);
    }

    private static HostException NoAnswer(string what) => new(
        $"A command asks for {what}, and nobody is there to give it. Pass the value as a parameter, or -Confirm:$false where a confirmation is asked.");

    private sealed class Redirection : IDisposable
    {
        private readonly ShellHostUserInterface _ui;

        public Redirection(ShellHostUserInterface ui)
        {
            _ui = ui;
            _ui._redirected = true;
        }

        public void Dispose() => _ui._redirected = false;
    }
}
