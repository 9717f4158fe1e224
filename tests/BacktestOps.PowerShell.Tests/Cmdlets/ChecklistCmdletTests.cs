using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

/// <summary>The whole procedure through its cmdlet, on a real process: what people are asked, and who answered.</summary>
public sealed class ChecklistCmdletTests : IDisposable
{
    private const string Run = "Invoke-DeploymentChecklist 1.0.0 -Duration 2s -Interval 1s -Culture en-US -Confirm:$false";

    private readonly TestSession _session = new();
    private readonly DeploymentRoot _root;

    public ChecklistCmdletTests()
    {
        _root = new DeploymentRoot(_session.Folder);
        _root.WritePlan(_root.Archive("1.0.0"));
    }

    [Fact]
    public void A_person_is_asked_once_and_the_answer_is_kept_with_who_gave_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
        var asked = new List<string>();
        _session.Host.Answer = question =>
        {
            asked.Add(question);
            return question.Contains("3.3.bugs", StringComparison.Ordinal) ? 1 : question.Contains("4.2.reviewed", StringComparison.Ordinal) ? 2 : 0;
        };

        var first = _session.Run(Run + " -Interactive");

        Assert.Null(first.Terminating);
        var items = first.As<ChecklistItem>().ToDictionary(item => item.Id);
        Assert.Equal((ChecklistState.Done, ChecklistState.Failed, ChecklistState.Open), (items["3.3.channels"].State, items["3.3.bugs"].State, items["4.2.reviewed"].State));
        var who = $"{Environment.UserName}@{Environment.MachineName}";
        Assert.Equal((who, who, null), (items["3.3.channels"].AnsweredBy, items["3.3.bugs"].AnsweredBy, items["4.2.reviewed"].AnsweredBy));
        Assert.Contains(first.Errors, error => error.TargetObject is ChecklistItem { Id: "3.3.bugs" } && error.FullyQualifiedErrorId.StartsWith("ChecklistItemFailed,", StringComparison.Ordinal));
        Assert.Equal(4, asked.Count);
        Assert.Contains(asked, question => question.Contains("Users report no bug", StringComparison.Ordinal));

        // What was put off is asked again; what was answered is not.
        asked.Clear();
        _session.Host.Answer = question =>
        {
            asked.Add(question);
            return 0;
        };
        var again = _session.Run(Run + " -Interactive").As<ChecklistItem>().Single(item => item.Id == "4.2.reviewed");
        Assert.Equal((ChecklistState.Done, who), (again.State, again.AnsweredBy));
        Assert.Contains("4.2.reviewed", Assert.Single(asked), StringComparison.Ordinal);
        Assert.Equal([who, who, who, who], Answers().Select(answer => answer.GetProperty("by").GetString()));
        Assert.Equal([true, false, true, true], Answers().Select(answer => answer.GetProperty("answer").GetBoolean()));
    }

    [Fact]
    public void Where_nobody_can_be_asked_the_items_stay_open_and_it_is_said()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");

        var seen = _session.Run(Run + " -Interactive");

        Assert.Null(seen.Terminating);
        Assert.All(seen.As<ChecklistItem>().Where(item => item.Id.StartsWith("3.3.", StringComparison.Ordinal)), item => Assert.Equal(ChecklistState.Open, item.State));
        Assert.Equal(4, seen.Warnings.Count(warning => warning.Message.Contains("nobody to ask", StringComparison.Ordinal)));
        Assert.Empty(Answers());
    }

    public void Dispose()
    {
        _root.Dispose();
        _session.Dispose();
    }

    private List<JsonElement> Answers() =>
    [
        .. File.ReadLines(Path.Combine(_session.Folder, "root", "evidence", "ledger.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(record => record.GetProperty("kind").GetString() == "answer")
            .Select(record => record.GetProperty("data")),
    ];
}
