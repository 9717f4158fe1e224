using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

public sealed class ExportBacktestReportTests
{
    private const string Run = "Start-Backtest SP500 SmaCross -From 2010-01-01 -Benchmark SP500 | Get-BacktestProgress -Wait";

    [Fact]
    public void A_run_a_result_and_a_saved_file_give_the_same_page()
    {
        using var session = new TestSession();

        var written = session.Run(
            $"$run = {Run}; $run | Export-BacktestReport -Path a.html -Culture en-US; $run | Get-BacktestResult | Export-BacktestReport -Path b.html -Culture en-US;"
            + "$run | Save-BacktestResult -Path saved.json; Export-BacktestReport -ResultPath saved.json -Path c.html -Culture en-US -PassThru").WithoutErrors();

        var page = File.ReadAllBytes(Path.Combine(session.Folder, "a.html"));
        Assert.Equal(page, File.ReadAllBytes(Path.Combine(session.Folder, "b.html")));
        Assert.Equal(page, File.ReadAllBytes(Path.Combine(session.Folder, "c.html")));
        Assert.Equal("c.html", Assert.Single(written.As<FileInfo>()).Name);
    }

    [Fact]
    public void A_folder_gets_a_file_named_for_the_run_and_what_exists_is_kept_unless_forced()
    {
        using var session = new TestSession();
        var id = (string)session.Run($"({Run}).BacktestId").WithoutErrors().Output[0].BaseObject;
        var file = Path.Combine(session.Folder, $"backtest-report-{id}.html");

        session.Run($"Export-BacktestReport {id}").WithoutErrors();
        File.WriteAllText(file, "mine");

        Assert.StartsWith("ReportFileExists,", session.Run($"Export-BacktestReport {id}").OnlyError().FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(file));
        session.Run($"Export-BacktestReport {id} -Force").WithoutErrors();
        Assert.StartsWith("<!doctype html>", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFiles(session.Folder));
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        using var session = new TestSession();
        session.Run($"{Run} | Export-BacktestReport -WhatIf").WithoutErrors();
        Assert.Empty(Directory.GetFiles(session.Folder));
    }

    [Theory]
    [InlineData("Export-BacktestReport none", "BacktestNotFound")]
    [InlineData("Export-BacktestReport -ResultPath none.json", "PathNotFound")]
    [InlineData("Export-BacktestReport -ResultPath x.json", "ResultUnreadable")]
    [InlineData(Run + " | Export-BacktestReport -Path none/x.html", "FolderNotFound")]
    public void What_cant_be_reported_is_an_error_of_its_input(string script, string error)
    {
        using var session = new TestSession();
        File.WriteAllText(Path.Combine(session.Folder, "x.json"), "{}");
        Assert.StartsWith(error + ",", session.Run(script).OnlyError().FullyQualifiedErrorId, StringComparison.Ordinal);
    }
}
