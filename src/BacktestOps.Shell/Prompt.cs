using System.Management.Automation.Runspaces;
using System.Text;

namespace BacktestOps.Shell;

/// <summary>The interactive loop: prompt, read a statement of one or more lines, run it.</summary>
internal sealed class Prompt
{
    private readonly PipelineRunner _runner;
    private readonly ShellHostUserInterface _ui;
    private readonly Func<bool> _ended;
    private readonly LineEditor _editor;
    private int _depth;
    private bool _leaveNested;

    /// <summary>Makes the loop.</summary>
    /// <param name="runner">Runs what is typed.</param>
    /// <param name="ui">Where prompts go.</param>
    /// <param name="ended">True once the session shall end.</param>
    public Prompt(PipelineRunner runner, ShellHostUserInterface ui, Func<bool> ended)
    {
        _runner = runner;
        _ui = ui;
        _ended = ended;
        _editor = new LineEditor(runner.Runspace);
    }

    /// <summary>Reads and runs statements until <c>exit</c> or the end of input.</summary>
    public void Run() => Loop(nested: false);

    /// <summary>The same inside a running pipeline; what <c>Suspend</c> in a confirmation does.</summary>
    public void RunNested()
    {
        _depth++;
        Loop(nested: true);
        _depth--;
        _leaveNested = false;
    }

    /// <summary>Ends the innermost nested loop.</summary>
    public void EndNested()
    {
        if (_depth == 0) throw new InvalidOperationException("There is no nested prompt to leave.");
        _leaveNested = true;
    }

    private void Loop(bool nested)
    {
        while (!_ended() && !_leaveNested)
        {
            var statement = ReadStatement(nested);
            if (statement is null) return;
            if (string.IsNullOrWhiteSpace(statement)) continue;
            if (nested && statement.Trim().Equals("exit", StringComparison.OrdinalIgnoreCase)) return;
            _runner.Run(new Command(statement, isScript: true, useLocalScope: false), nested: nested);
        }
    }

    // Null at the end of input. A blank line ends a statement that cannot be completed, so that its error is seen.
    private string? ReadStatement(bool nested)
    {
        var text = new StringBuilder();
        var prompt = _runner.Evaluate("prompt", nested) as string ?? "> ";
        while (true)
        {
            var line = _editor.ReadLine(text.Length == 0 ? prompt : ">> ", _ui);
            if (line is null) return null;
            if (line == LineEditor.Cancelled) return "";
            if (text.Length > 0) text.Append('\n');
            text.Append(line);
            if (line.Length == 0 || !ScriptText.IsIncomplete(text.ToString())) return text.ToString();
        }
    }
}
