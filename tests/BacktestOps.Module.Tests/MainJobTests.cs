using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BacktestOps.Module.Tests;

public sealed class MainJobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_main_example_does_the_whole_job_and_leaves_no_service_behind()
    {
        var results = Path.Combine(_folder.Root, "results");
        var result = await ShellProcess.RunAsync(
            ["-NonInteractive", "-File", Path.Combine(BuiltModule.Root, "examples", "MainJob.ps1"), "-Path", results],
            environment: BuiltModule.Environment(_folder));

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("Session and service agree", result.Output, StringComparison.Ordinal);
        Assert.Contains(results, result.Output.TrimEnd().Split(Environment.NewLine)[^1], StringComparison.Ordinal);

        var files = Directory.GetFiles(results, "backtest-result-*.json");
        Assert.Equal(4, files.Length);
        var performances = files.Select(Performance).ToList();
        Assert.Equal(2, performances.Distinct().Count());
        Assert.All(performances.CountBy(p => p), count => Assert.Equal(2, count.Value));

        var port = int.Parse(Regex.Match(result.Output, @"Stopped the service at port (\d+)").Groups[1].Value, null);
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () => await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_main_example_fails_when_it_cannot_work()
    {
        var file = _folder.Write("in-the-way", "");

        var result = await ShellProcess.RunAsync(
            ["-NonInteractive", "-File", Path.Combine(BuiltModule.Root, "examples", "MainJob.ps1"), "-Path", file],
            environment: BuiltModule.Environment(_folder));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("in-the-way", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_comparison_shows_its_best_run_first()
    {
        var result = await ShellProcess.RunAsync(
            ["-NonInteractive", "-File", Path.Combine(BuiltModule.Root, "examples", "CompareStrategies.ps1"), "-From", "2015-01-01"],
            environment: BuiltModule.Environment(_folder));

        Assert.Equal(0, result.ExitCode);
        var sharpe = Regex.Matches(result.Output, @"% +(-?\d+\.\d\d) ").Select(m => double.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(7, sharpe.Count);
        Assert.Equal(sharpe.OrderDescending(), sharpe);
    }

    public void Dispose() => _folder.Dispose();

    private static string Performance(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        Assert.Equal("completed", document.RootElement.GetProperty("status").GetString());
        return document.RootElement.GetProperty("performance").GetRawText();
    }
}
