using System.Management.Automation.Runspaces;

namespace BacktestOps.Shell;

/// <summary>Turns the words behind <c>-File script</c> into parameters, by the rules of <c>pwsh -File</c>.</summary>
/// <remarks>
/// The words are literal: nothing is expanded but <c>$true</c> and <c>$false</c> behind a colon, so that a
/// switch can be turned off (<c>-Force:$false</c>) from any shell or scheduler.
/// </remarks>
internal static class ScriptArguments
{
    /// <summary>Reads <paramref name="words"/> as parameters in order.</summary>
    public static IReadOnlyList<CommandParameter> Parse(IEnumerable<string> words)
    {
        var parameters = new List<CommandParameter>();
        string? pending = null;
        foreach (var word in words)
        {
            if (pending is not null)
            {
                parameters.Add(new CommandParameter(pending, word));
                pending = null;
            }
            else if (word.Length > 1 && IsDash(word[0]))
            {
                var colon = word.IndexOf(':', StringComparison.Ordinal);
                if (colon < 0) parameters.Add(new CommandParameter(word));
                else if (colon == word.Length - 1) pending = word[..colon];
                else parameters.Add(new CommandParameter(word[..colon], BooleanOrText(word[(colon + 1)..])));
            }
            else
            {
                parameters.Add(new CommandParameter(null, word));
            }
        }

        // "-Name:" with nothing behind it: let the binder say that the argument is missing.
        if (pending is not null) parameters.Add(new CommandParameter(pending));
        return parameters;
    }

    private static object BooleanOrText(string text) =>
        bool.TryParse(text.AsSpan(text[0] == '$' ? 1 : 0), out var value) ? value : text;

    private static bool IsDash(char c) => c is '-' or '\u2013' or '\u2014' or '\u2015';
}
