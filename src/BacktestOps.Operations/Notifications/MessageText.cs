using System.Text;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Notifications;

/// <summary>A notification as text.</summary>
internal static class MessageText
{
    /// <summary>The first line, with a sign that can be told apart without colours.</summary>
    public static string Title(Notification notification) => $"[{Word(notification.Verdict)}] {notification.Title}";

    /// <summary>The whole message.</summary>
    public static string Whole(Notification notification)
    {
        var text = new StringBuilder(Title(notification));
        foreach (var line in notification.Lines) text.Append('\n').Append(line);
        return text.ToString();
    }

    /// <summary>The verdict as operators say it.</summary>
    public static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "OK",
        Verdict.Fail => "FAILED",
        Verdict.Inconclusive => "NOT PROVEN",
        _ => "COULD NOT BE CHECKED",
    };
}
