using System.Collections;

namespace BacktestOps.PowerShell.Completion;

/// <summary>Completes the kinds of evidence. They are known without a ledger.</summary>
public sealed class EvidenceKindCompleter : Completer
{
    private static readonly (string Kind, string Meaning)[] Kinds =
    [
        ("preflight", "Whether a version could be deployed"),
        ("baseline", "How the release before was"),
        ("baseline smoke", "The journey through the release before"),
        ("backup", "The database's backup"),
        ("files", "What is in the release"),
        ("health", "Whether the new process answered healthy"),
        ("smoke", "The journey through the API and the page"),
        ("deployment", "How a deployment or rollback ended"),
        ("watch", "One slot of a watch"),
        ("watch-end", "A watch as a whole"),
        ("criterion", "The answer of a rollback criterion"),
        ("feedback", "What was read from a channel"),
        ("schedule", "The follow-ups that a deployment needs"),
        ("follow-up", "A follow-up: done, or missed"),
        ("answer", "A manual item, and who answered it"),
        ("approval", "Who approved, on which head"),
        ("notification", "A message that was sent, or not"),
    ];

    /// <summary>The kinds.</summary>
    public static IEnumerable<string> Known => Kinds.Select(entry => entry.Kind);

    internal override IEnumerable<Choice> Choices(IDictionary bound) => Kinds.Select(entry => new Choice(entry.Kind, entry.Meaning));
}
