using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

/// <summary>What a command must say though it works: a name that there is not, and what its result warns of.</summary>
public sealed class NamesAndWarningsTests
{
    private const string Warning = "SP500 has a step of a split that its prices are not adjusted for";

    public static TheoryData<string> Showing =>
    [
        "'a', 'a' | Get-BacktestResult",
        "'a', 'a' | Save-BacktestResult -Force -Path ./one.json -ErrorAction Ignore",
        "Compare-BacktestResult a, a",
        "Get-BacktestResult a -WarningAction Ignore | Compare-BacktestResult",
        "'a', 'a' | Export-BacktestReport -Force",
        "Get-BacktestProgress a, a -Wait",
    ];

    [Theory]
    [MemberData(nameof(Showing))]
    public void What_a_result_warns_of_is_said_once_where_it_is_shown_or_saved(string script)
    {
        using var session = WithWarning();

        var outcome = session.Run(script).WithoutErrors();

        Assert.Equal($"a: {Warning}", Assert.Single(outcome.Warnings).Message);
    }

    [Theory]
    [MemberData(nameof(Showing))]
    public void Who_does_not_want_warnings_has_none_and_who_wants_to_stop_is_stopped(string script)
    {
        using var session = WithWarning();

        Assert.Empty(session.Run($"$WarningPreference = 'SilentlyContinue'; {script}").Warnings);
        Assert.NotNull(session.Run($"{script} -WarningAction Stop").Terminating);
    }

    [Fact]
    public void A_document_that_can_not_be_read_is_saved_as_it_is()
    {
        using var session = new TestSession(new FakeBacktestApi().WithResult("a", "[1]").WithResult("b", "no json").WithResult("c", "{\"warnings\":[1]}"));

        Assert.Empty(session.Run("'a', 'b', 'c' | Save-BacktestResult").WithoutErrors().Warnings);
        Assert.Equal(3, Directory.GetFiles(session.Folder).Length);
    }

    [Theory]
    [InlineData("Compare-BacktestResult a -Figure Sharp", "SharpeRatio")]
    [InlineData("Compare-BacktestResult a -Figure MaxDrawdwn", "did you mean 'MaxDrawdown'?")]
    [InlineData("Get-DeploymentEvidence -Evidence ./ledger.jsonl -Kind healht", "did you mean 'health'?")]
    [InlineData("Get-DeploymentEvidence -Evidence ./ledger.jsonl -Kind zzz", "preflight")]
    [InlineData("Get-DeploymentEvidence -Evidence ./ledger.jsonl -Deployment 99", "deployment 99")]
    [InlineData("Get-DeploymentEvidence -Evidence ./ledger.jsonl -Sequence 99", "record 99")]
    [InlineData("Get-MarketData SP50", "did you mean 'SP500'?")]
    [InlineData("Test-MarketData -Symbol SP50", "did you mean 'SP500'?")]
    [InlineData("Get-BacktestStrategy SmaCros", "did you mean 'SmaCross'?")]
    [InlineData("Get-BacktestService -Local -HomePath . -Port 1234", "1234")]
    public void A_name_that_there_is_not_is_an_error_that_helps(string script, string help)
    {
        using var session = WithWarning();
        File.WriteAllText(Path.Combine(session.Folder, "ledger.jsonl"), "");

        var error = session.Run(script).OnlyError();

        Assert.Contains(help, $"{error} {error.ErrorDetails.RecommendedAction}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Compare-BacktestResult a -Figure zzz*")]
    [InlineData("Get-DeploymentEvidence -Evidence ./ledger.jsonl -Kind zzz*, health")]
    [InlineData("Get-MarketData zzz*")]
    [InlineData("Get-BacktestStrategy zzz*")]
    public void A_pattern_without_a_match_finds_nothing(string script)
    {
        using var session = WithWarning();
        File.WriteAllText(Path.Combine(session.Folder, "ledger.jsonl"), "");

        Assert.Empty(session.Run(script).WithoutErrors().Output);
    }

    private static TestSession WithWarning()
    {
        var result = new BacktestResult
        {
            BacktestId = "a",
            Status = BacktestStatus.Completed,
            Performance = new Performance { TotalReturn = 0, MaxDrawdown = 0, TotalTrades = 0, InitialCash = 1, FinalEquity = 1, CommissionPaid = 0 },
            ResultsFile = "backtest-result-a.json",
            CompletedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Request = new BacktestRequest { Symbols = ["SP500"], Strategy = "BuyAndHold" },
            Conventions = new ResultConventions { PeriodsPerYear = 252, Fill = "next_open", EngineVersion = "1" },
            Data = [],
            Warnings = [Warning],
            Trades = [],
            OpenPositions = [],
            EquityCurve = [new EquityPoint(new DateTime(2020, 1, 2), 1), new EquityPoint(new DateTime(2020, 1, 3), 1)],
        };
        return new TestSession(new FakeBacktestApi().WithResult("a", JsonSerializer.Serialize(result, ContractsJson.Default.BacktestResult)));
    }
}
