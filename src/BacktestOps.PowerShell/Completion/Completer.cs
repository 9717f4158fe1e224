using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Pipeline;

namespace BacktestOps.PowerShell.Completion;

/// <summary>Completes an argument with what fits what was typed so far. No error comes of Tab.</summary>
public abstract partial class Completer : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var pattern = WildcardPattern.Get(wordToComplete.Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        return [.. Known(fakeBoundParameters).Where(choice => choice.AlwaysShown || pattern.IsMatch(choice.Text)).Select(Describe)];
    }

    /// <summary>What can stand there, in the order in which it is offered.</summary>
    /// <param name="bound">The parameters given so far.</param>
    internal abstract IEnumerable<Choice> Choices(IDictionary bound);

    /// <summary>A path as the command would take it; null where it is on no drive of the session.</summary>
    /// <param name="path">The path as the user gave it.</param>
    internal static string? Resolve(object path)
    {
        // The session is asked for, and the path resolved here: what fails in a script stands in $Error, caught or not.
        using var current = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        var session = current.AddScript("$ExecutionContext.SessionState").Invoke<SessionState>().Single();
        try
        {
            return FileSystemPath.Resolve(session, $"{path}");
        }
        catch (ModuleException)
        {
            // The command itself will say so.
            return null;
        }
    }

    private IEnumerable<Choice> Known(IDictionary bound)
    {
        try
        {
            return Choices(bound);
        }
        catch (Exception error) when (error is BacktestOpsException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static CompletionResult Describe(Choice choice) => new(
        choice.AlwaysShown || BareWord().IsMatch(choice.Text) ? choice.Text : $"'{CodeGeneration.EscapeSingleQuotedStringContent(choice.Text)}'",
        choice.Text, CompletionResultType.ParameterValue, choice.Hint.Length > 0 ? choice.Hint : choice.Text);

    [GeneratedRegex(@"^[\w^][\w.^/:+-]*\z")]
    private static partial Regex BareWord();

    /// <summary>One thing that can stand there.</summary>
    /// <param name="Text">What is typed.</param>
    /// <param name="Hint">What it is.</param>
    /// <param name="AlwaysShown">True for an expression, which what was typed so far does not filter.</param>
    internal sealed record Choice(string Text, string Hint, bool AlwaysShown = false);
}
