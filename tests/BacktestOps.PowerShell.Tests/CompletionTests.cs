using System.Management.Automation;
using BacktestOps.PowerShell.Tests.Support;
using static BacktestOps.Contracts.BacktestStatus;

namespace BacktestOps.PowerShell.Tests;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("Get-BacktestProgress ", "b-1 a-2 a-1")]
    [InlineData("Get-BacktestProgress -Id a", "a-2 a-1")]
    [InlineData("Stop-Backtest b", "b-1")]
    [InlineData("Save-BacktestResult ", "a-1")]
    [InlineData("Get-BacktestResult -Id ", "a-1")]
    [InlineData("Start-Backtest ", "AAPL IBM SP500")]
    [InlineData("Start-Backtest -Symbol AAPL, i", "IBM")]
    [InlineData("Start-Backtest -Strategy s", "SmaCross")]
    [InlineData("Start-Backtest -Strategy SmaCross -Parameter ", "@{ Fast = 10; Slow = 20 }")]
    [InlineData("Get-MarketData S", "SP500")]
    [InlineData("Get-BacktestStrategy B", "BuyAndHold")]
    [InlineData("Get-Backtest -Status co", "Completed")]
    public void Tab_offers_what_the_session_knows(string typed, string offered)
    {
        using var session = new TestSession(new FakeBacktestApi().With("a-1", (Completed, 100)).With("a-2", (Failed, 10)).With("b-1", (Running, 5)));

        Assert.Equal(offered, string.Join(' ', Complete(session, typed).Select(match => match.CompletionText)));
    }

    [Fact]
    public void An_id_says_what_its_run_is()
    {
        using var session = new TestSession(new FakeBacktestApi().With("a-1", (Running, 40)));

        Assert.StartsWith("SmaCross AAPL, Running 40 %", Assert.Single(Complete(session, "Get-BacktestProgress ")).ToolTip, StringComparison.Ordinal);
    }

    [Fact]
    public void Symbols_come_from_the_data_folder_that_was_given()
    {
        using var session = new TestSession();
        Directory.CreateDirectory(Path.Combine(session.Folder, "prices"));
        File.WriteAllLines(Path.Combine(session.Folder, "prices", "MINE.csv"), ["date,open,high,low,close,volume", "2020-01-02,1,2,1,1,10"]);

        Assert.Equal("MINE", Assert.Single(Complete(session, "Get-MarketData -DataPath ./prices -Symbol ")).CompletionText);
    }

    [Fact]
    public void Strategies_and_their_parameters_come_from_the_file_that_was_given()
    {
        using var session = new TestSession();
        File.WriteAllText(Path.Combine(session.Folder, "mine.json"), """
            [ { "name": "Dip", "description": "Buys a dip.", "parameters": [ { "name": "n", "description": "Bars.", "default": 50, "minimum": 2, "maximum": 400 } ], "entry": "close < sma(close, $n)", "exit": "false" },
              { "name": "Always", "description": "Holds.", "parameters": [], "entry": "true", "exit": "false" } ]
            """);

        Assert.Equal(["Dip", "Always"], Complete(session, "Start-Backtest SP500 -StrategyPath ./mine.json -Strategy ").Select(match => match.CompletionText));
        Assert.Equal("@{ n = 50 }", Assert.Single(Complete(session, "Start-Backtest SP500 -StrategyPath ./mine.json -Strategy Dip -Parameter ")).CompletionText);
        Assert.Empty(Complete(session, "Start-Backtest SP500 -StrategyPath ./none.json -Strategy "));
    }

    [Fact]
    public void What_is_no_bare_word_is_quoted()
    {
        using var session = new TestSession();

        Assert.Equal(["baseline", "'baseline smoke'"], Complete(session, "Get-DeploymentEvidence -Kind base").Select(match => match.CompletionText));
    }

    [Fact]
    public void A_plan_that_is_not_there_offers_no_deployments_and_no_error()
    {
        using var session = new TestSession();

        Assert.Empty(Complete(session, "Get-Deployment -Plan none.json -Id "));
        Assert.Empty(Complete(session, "Invoke-Rollback -Version "));
        Assert.Empty(session.Run("$Error").WithoutErrors().Output);
    }

    [Fact]
    public void A_service_that_does_not_answer_gives_nothing_and_no_error()
    {
        using var nobody = new DeadPort();
        using var session = new TestSession(new BacktestOps.Client.BacktestClient(nobody.Address));

        Assert.Empty(Complete(session, "Get-BacktestProgress -Id "));
        Assert.Empty(session.Run("$Error").WithoutErrors().Output);
    }

    private static IEnumerable<CompletionMatch> Complete(TestSession session, string typed) =>
        session.Run($"(TabExpansion2 -inputScript '{typed}' -cursorColumn {typed.Length}).CompletionMatches").WithoutErrors()
            .As<CompletionResult>()
            .Where(match => match.ResultType == CompletionResultType.ParameterValue)
            .Select(match => new CompletionMatch(match.CompletionText, match.ToolTip));

    private sealed record CompletionMatch(string CompletionText, string ToolTip);
}
