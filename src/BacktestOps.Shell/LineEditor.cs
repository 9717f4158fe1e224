using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace BacktestOps.Shell;

/// <summary>Reads a line from the terminal with the arrow keys, history and completion by Tab.</summary>
internal sealed class LineEditor
{
    /// <summary>What <see cref="ReadLine"/> returns when Ctrl+C dropped the line.</summary>
    public const string Cancelled = "\u0003";

    private readonly Runspace _runspace;
    private readonly List<string> _history = [];
    private CommandCompletion? _completion;

    /// <summary>Makes an editor that completes in <paramref name="runspace"/>.</summary>
    public LineEditor(Runspace runspace) => _runspace = runspace;

    /// <summary>Reads one line.</summary>
    /// <returns>The line without its end, <see cref="Cancelled"/>, or null at the end of input.</returns>
    public string? ReadLine(string prompt, ShellHostUserInterface ui)
    {
        ui.Write(prompt);
        if (Console.IsInputRedirected || !SystemConsole.OutputIsTerminal) return Console.In.ReadLine();
        Console.TreatControlCAsInput = true;
        try
        {
            var line = Edit(prompt, ui);
            if (!string.IsNullOrWhiteSpace(line) && line != Cancelled && _history.LastOrDefault() != line) _history.Add(line);
            return line;
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private string? Edit(string prompt, ShellHostUserInterface ui)
    {
        var (text, at, past) = ("", 0, _history.Count);
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            if (key.Key != ConsoleKey.Tab) _completion = null;
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    ui.WriteLine();
                    return text;
                case ConsoleKey.C when control:
                    ui.WriteLine();
                    return Cancelled;
                case ConsoleKey.D when control && text.Length == 0:
                    ui.WriteLine();
                    return null;
                case ConsoleKey.LeftArrow:
                    at = Math.Max(0, at - 1);
                    break;
                case ConsoleKey.RightArrow:
                    at = Math.Min(text.Length, at + 1);
                    break;
                case ConsoleKey.Home:
                case ConsoleKey.A when control:
                    at = 0;
                    break;
                case ConsoleKey.End:
                case ConsoleKey.E when control:
                    at = text.Length;
                    break;
                case ConsoleKey.UpArrow when past > 0:
                    text = _history[--past];
                    at = text.Length;
                    break;
                case ConsoleKey.DownArrow when past < _history.Count:
                    text = ++past < _history.Count ? _history[past] : "";
                    at = text.Length;
                    break;
                case ConsoleKey.Backspace when at > 0:
                    text = text.Remove(--at, 1);
                    break;
                case ConsoleKey.Delete when at < text.Length:
                    text = text.Remove(at, 1);
                    break;
                case ConsoleKey.U when control:
                    text = text[at..];
                    at = 0;
                    break;
                case ConsoleKey.Tab:
                    (text, at) = Complete(text, at, forward: !key.Modifiers.HasFlag(ConsoleModifiers.Shift));
                    break;
                default:
                    if (char.IsControl(key.KeyChar)) break;
                    text = text.Insert(at++, key.KeyChar.ToString());
                    break;
            }

            Redraw(prompt, text, at, ui);
        }
    }

    private (string Text, int At) Complete(string text, int at, bool forward)
    {
        if (_completion is null)
        {
            using var shell = PowerShell.Create();
            shell.Runspace = _runspace;
            _completion = CommandCompletion.CompleteInput(text, at, options: null, shell);
        }

        if (_completion.GetNextResult(forward) is not { } match) return (text, at);
        var start = _completion.ReplacementIndex;
        var completed = text[..start] + match.CompletionText + text[(start + _completion.ReplacementLength)..];
        _completion.ReplacementLength = match.CompletionText.Length;
        return (completed, start + match.CompletionText.Length);
    }

    // The last line of the prompt and the text on one line; what does not fit slides to the left of the cursor.
    private static void Redraw(string prompt, string text, int at, ShellHostUserInterface ui)
    {
        var head = prompt[(prompt.LastIndexOf('\n') + 1)..];
        var room = Math.Max(10, SystemConsole.Width - head.Length - 1);
        var from = Math.Max(0, at - room);
        var seen = text.Substring(from, Math.Min(room, text.Length - from));
        var back = seen.Length - (at - from);
        ui.Write($"\r\u001b[K{head}{seen}{(back > 0 ? $"\u001b[{back}D" : "")}");
    }
}
