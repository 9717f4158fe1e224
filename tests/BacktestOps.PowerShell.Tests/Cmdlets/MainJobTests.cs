using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

/// <summary>The cmdlets over the real embedded runner and the bundled prices.</summary>
public sealed class MainJobTests(EmbeddedHome home)
{
    private const string Headline =
        "Start-Backtest -Symbol SP500 -Strategy SmaCross -Parameter @{ Fast = 10; Slow = 20 } | Get-BacktestProgress -Wait | Save-BacktestResult -Path . -PassThru";

    [Fact]
    public void The_headline_pipeline_ends_in_a_file_that_another_reader_understands()
    {
        using var session = new TestSession();

        var file = Assert.Single(session.Run(Headline).WithoutErrors().As<FileInfo>());

        using var document = JsonDocument.Parse(File.ReadAllBytes(file.FullName));
        var id = document.RootElement.GetProperty("backtest_id").GetString();
        Assert.Equal($"backtest-result-{id}.json", file.Name);
        Assert.True(document.RootElement.GetProperty("performance").GetProperty("total_trades").GetInt32() > 0);
        Assert.True(File.Exists(Path.Combine(home.Folder, "runs.db")), "The run is not in the home folder of the environment.");
    }

    [Fact]
    public void The_result_object_is_what_the_file_says_and_its_table_shows_percent()
    {
        using var session = new TestSession();

        var file = Assert.Single(session.Run(Headline).WithoutErrors().Output);
        var result = Assert.Single(
            session.Run($"Get-BacktestResult {file.Properties["BacktestId"].Value}").WithoutErrors().As<BacktestResult>());
        session.Run($"(Get-BacktestResult {result.BacktestId}).Performance | Out-Default").WithoutErrors();

        var saved = JsonSerializer.Deserialize(
            File.ReadAllBytes(Assert.IsType<FileInfo>(file.BaseObject).FullName), ContractsJson.Default.BacktestResult)!;
        Assert.Equal(saved.Performance, result.Performance);
        Assert.Contains("Total return", session.Host.Text, StringComparison.Ordinal);
        Assert.Contains($"{100 * result.Performance.TotalReturn:0.00} %", session.Host.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void DataPath_is_resolved_against_the_sessions_location_and_its_runs_are_seen_by_every_cmdlet()
    {
        using var session = new TestSession();
        Directory.CreateDirectory(Path.Combine(session.Folder, "prices"));
        File.WriteAllLines(
            Path.Combine(session.Folder, "prices", "MINE.csv"),
            ["date,open,high,low,close,volume", .. Enumerable.Range(1, 20).Select(day => $"2020-01-{day:00},{day},{day + 1},{day},{day},10")]);

        var symbols = session.Run("Get-MarketData -DataPath prices").WithoutErrors().As<SymbolInfo>();
        var run = session.Run("Start-Backtest MINE BuyAndHold -DataPath ./prices | Get-BacktestProgress -Wait").WithoutErrors().As<BacktestProgress>();

        Assert.Equal("MINE", Assert.Single(symbols).Symbol);
        Assert.Equal(BacktestStatus.Completed, Assert.Single(run).Status);
        Assert.Equal("MINE", Assert.Single(session.Run($"Get-BacktestResult {run[0].BacktestId}").WithoutErrors().As<BacktestResult>()).Data[0].Symbol);
    }

    [Fact]
    public void Every_fault_of_a_request_is_named_by_one_error_and_nothing_is_started()
    {
        using var session = new TestSession();

        var error = session.Run("Start-Backtest NOSUCH SmaCross @{ Fast = 30; Slow = 20; Speed = 1 } -InitialCash -5").OnlyError();

        var faults = Assert.IsType<InvalidRequestException>(error.Exception).Faults.Select(fault => fault.Field).ToList();
        Assert.Contains("initial_cash", faults);
        Assert.True(faults.Count >= 3, string.Join(", ", faults));
    }
}
