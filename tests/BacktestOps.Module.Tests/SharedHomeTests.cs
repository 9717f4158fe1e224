using System.Globalization;

namespace BacktestOps.Module.Tests;

public sealed class SharedHomeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Two_sessions_at_once_share_a_home_and_each_sees_both_runs()
    {
        const string script = """
            $run = Start-Backtest -Symbol SP500 -Strategy SmaCross -Parameter @{ Fast = 10; Slow = 20 } | Get-BacktestProgress -Wait
            "ended $($run.Status) attempts $($run.Attempts)"
            $null = [Console]::In.ReadLine()
            "sees $(@(Get-Backtest).Count)"
            """;
        await using var first = BuiltModule.Start(_folder, script);
        await using var second = BuiltModule.Start(_folder, script);

        // Both have ended their run and still have the home open before either goes on.
        Assert.Equal("ended Completed attempts 1", await first.ReadUntilAsync("ended"));
        Assert.Equal("ended Completed attempts 1", await second.ReadUntilAsync("ended"));
        await first.WriteInputAsync("go\n");
        await second.WriteInputAsync("go\n");

        Assert.Contains("sees 2", (await first.WaitAsync()).Output, StringComparison.Ordinal);
        Assert.Contains("sees 2", (await second.WaitAsync()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_whose_process_was_killed_complete_in_the_next_session_as_if_nothing_had_been()
    {
        var (data, symbols) = WriteLongSeries();
        var start = $"Start-Backtest -Symbol {symbols} -Strategy SmaCross -Parameter @{{ Fast = 10; Slow = 20 }} -DataPath '{data}'";

        // The session kills itself while its queue is long, so that some run is surely under way at that moment. A busy machine
        // may end one batch before it is looked at; then there is another.
        var killed = await BuiltModule.RunAsync(_folder, $$"""
            do { $runs = @(foreach ($i in 1..10) { {{start}} }) }
            until (@($runs | Get-BacktestProgress | Where-Object { "$($_.Status)" -eq 'Running' }))
            [System.Diagnostics.Process]::GetCurrentProcess().Kill()
            """);
        Assert.NotEqual(0, killed.ExitCode);
        Assert.Equal("", killed.Error);

        var result = await BuiltModule.RunAsync(_folder, $$"""
            $again = @(Get-Backtest | Get-BacktestProgress -Wait)
            "completed $(@($again | Where-Object { "$($_.Status)" -eq 'Completed' }).Count) of $($again.Count)"
            "executed again $(@($again | Where-Object { $_.Attempts -eq 2 }).Count -gt 0)"
            $calm = {{start}} | Get-BacktestProgress -Wait | Get-BacktestResult
            "equal $(@($again | Get-BacktestResult | Where-Object { $_.Performance -eq $calm.Performance }).Count)"
            """);

        var lines = result.Output.TrimEnd().Split(Environment.NewLine);
        var accepted = lines[0].Split(' ')[^1];
        Assert.True(int.Parse(accepted, CultureInfo.InvariantCulture) >= 10, lines[0]);
        Assert.Equal([$"completed {accepted} of {accepted}", "executed again True", $"equal {accepted}"], lines);
    }

    public void Dispose() => _folder.Dispose();

    // Long enough that runs queue up; one file under several names.
    private (string Folder, string Symbols) WriteLongSeries()
    {
        const int days = 40_000;
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Root, "data")).FullName;
        var first = Path.Combine(folder, "LONG0.csv");
        using (var writer = new StreamWriter(first))
        {
            writer.WriteLine("date,open,high,low,close,volume");
            for (var day = 0; day < days; day++)
            {
                var price = 100 + (20 * Math.Sin(day / 40.0)) + (day % 7);
                writer.WriteLine(FormattableString.Invariant(
                    $"{new DateOnly(1900, 1, 1).AddDays(day):yyyy-MM-dd},{price:0.00},{price + 1:0.00},{price - 1:0.00},{price + 0.5:0.00},{1000 + day}"));
            }
        }

        var names = Enumerable.Range(0, 20).Select(i => $"LONG{i}").ToList();
        foreach (var name in names.Skip(1)) File.Copy(first, Path.Combine(folder, name + ".csv"));
        return (folder, string.Join(',', names));
    }
}
