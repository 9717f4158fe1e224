using System.Globalization;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;

namespace BacktestOps.Operations.Notifications.Channels;

/// <summary>The operator's own command. Its arguments are handed over one by one, so that no shell reads a message as a command.</summary>
internal sealed class CommandChannel(IReadOnlyList<string> run, string folder, TimeSpan timeout, ICommandRunner commands) : INotificationChannel
{
    public async Task<string> SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        var verdict = JsonNamingPolicy.SnakeCaseLower.ConvertName(notification.Verdict.ToString());
        var text = MessageText.Whole(notification);
        var command = new CommandLine
        {
            Program = run[0],
            Arguments = [.. run.Skip(1).Select(Fill)],
            Folder = folder,
            Timeout = timeout,
            Environment = new Dictionary<string, string>
            {
                ["BACKTESTOPS_EVENT"] = notification.Event,
                ["BACKTESTOPS_VERDICT"] = verdict,
                ["BACKTESTOPS_TITLE"] = notification.Title,
                ["BACKTESTOPS_TEXT"] = text,
            },
        };
        try
        {
            var result = await commands.RunAsync(command, cancellationToken).ConfigureAwait(false);
            return result.ExitCode == 0
                ? "exit code 0"
                : throw new SendException(string.Create(CultureInfo.InvariantCulture, $"'{run[0]}' ended with {result.ExitCode}: {result.Tail(2)}"), isFinal: false);
        }
        catch (BacktestOpsException error)
        {
            throw new SendException(error.Message, isFinal: error.ErrorId == "ToolMissing", innerException: error);
        }

        // In one pass: what a message contains is no placeholder.
        string Fill(string argument) => string.Concat(Parts(argument).Select(part => part switch
        {
            "{title}" => notification.Title,
            "{text}" => text,
            "{verdict}" => verdict,
            "{event}" => notification.Event,
            _ => part,
        }));
    }

    private static IEnumerable<string> Parts(string text)
    {
        while (text.Length > 0)
        {
            var at = text.IndexOf('{', StringComparison.Ordinal);
            var end = at < 0 ? -1 : text.IndexOf('}', at);
            if (end < 0)
            {
                yield return text;
                yield break;
            }

            yield return text[..at];
            yield return text[at..(end + 1)];
            text = text[(end + 1)..];
        }
    }
}
