using System.Management.Automation.Language;

namespace BacktestOps.Shell;

/// <summary>Questions about the text of a script.</summary>
internal static class ScriptText
{
    /// <summary>Whether the script reads <c>$input</c>, and standard input therefore belongs to it.</summary>
    public static bool UsesInput(Ast script) =>
        script.Find(a => a is VariableExpressionAst v && v.VariablePath.UserPath.Equals("input", StringComparison.OrdinalIgnoreCase), searchNestedScriptBlocks: false) is not null;

    /// <summary>Whether <paramref name="text"/> ends in the middle of a statement, so that more lines must follow.</summary>
    public static bool IsIncomplete(string text)
    {
        Parser.ParseInput(text, out _, out var errors);
        return errors.Any(e => e.IncompleteInput);
    }
}
