using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

/// <summary>Watching and deciding as an operator does, with a real process as the service.</summary>
public sealed class WatchDeploymentTests : IDisposable
{
    private readonly TestSession _session = new();
    private readonly int _port = FreePorts.Take();

    [Fact]
    public void A_deployment_is_watched_interrupted_taken_up_and_judged()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, which only Linux has.");
        WritePlan();
        _session.Run("Invoke-Deployment 1.0.0").WithoutErrors();

        Assert.Empty(_session.Run("Watch-Deployment -WhatIf").WithoutErrors().Output);
        // Two samples, and the pipeline ends.
        Assert.Equal([0, 1], _session.Run("$seen = 0; do { Watch-Deployment 6s -Interval 2s -RecordEvery 2s -Culture ko-KR | ForEach-Object { $_; if (++$seen -eq 2) { break } } } while ($false)").WithoutErrors()
            .As<WatchSample>().Select(sample => sample.Slot));
        var taken = _session.Run("Watch-Deployment -Resume -Summary").WithoutErrors();
        var samples = taken.Output.Select(item => item.BaseObject).OfType<WatchSample>().ToList();
        Assert.All(samples, sample => Assert.Equal((6, 2), (sample.DurationSeconds, sample.IntervalSeconds)));
        Assert.Equal([2, 3], samples.Select(sample => sample.Slot));
        Assert.Matches(@"^\[\d\d:\d\d\] CPU: [\d.]+%, Memory: \d+MB, API Response: [\d.]+ms, Errors: 0$", (samples.LastOrDefault(sample => !sample.IsMissed) ?? WatchUntilSeen()).Record);
        var end = Assert.Single(taken.Output.Select(item => item.BaseObject).OfType<WatchSummary>());
        Assert.Equal((WatchEnding.Completed, 4), (end.Ending, end.Seen + end.Missed));
        Assert.Contains(taken.Progress, record => record.Activity == "Watching cmdlets" && record.StatusDescription.StartsWith("sample ", StringComparison.Ordinal));

        var ledger = Path.Combine(_session.Folder, "root", "evidence", "ledger.jsonl");
        var before = File.ReadAllBytes(ledger);
        var answers = _session.Run("Test-RollbackCriterion").WithoutErrors().As<RollbackCriterion>();
        Assert.Equal(["download_404", "feature_broken", "severe_slowdown", "data_loss"], answers.Select(answer => answer.Name));
        Assert.All(answers, answer => Assert.Equal(Verdict.Inconclusive, answer.Verdict));
        Assert.Equal([false], _session.Run("Test-RollbackCriterion download_404 -Quiet").WithoutErrors().As<bool>());
        Assert.Single(_session.Run("Test-RollbackCriterion download_404 -Record -WhatIf").WithoutErrors().Output);
        Assert.Equal(before, File.ReadAllBytes(ledger));
        Assert.Single(_session.Run("Test-RollbackCriterion download_404 -Record").WithoutErrors().Output);
        Assert.Equal(before.Count(b => b == '\n') + 1, File.ReadLines(ledger).Count());
    }

    [Theory]
    [InlineData("Watch-Deployment -Duration 7m -Interval 5m", "WatchTimesInvalid,")]
    [InlineData("Watch-Deployment -Resume", "NothingIsLive,")]
    [InlineData("Test-RollbackCriterion", "NothingIsLive,")]
    public void What_can_t_be_watched_says_why_and_what_to_do(string command, string error)
    {
        WritePlan();
        if (error.StartsWith("WatchTimes", StringComparison.Ordinal)) Directory.CreateSymbolicLink(Directory.CreateDirectory(Path.Combine(_session.Folder, "root")).FullName + "/current", "releases/000001-1.0.0");

        var thrown = _session.Run(command).Terminating!;

        Assert.StartsWith(error, thrown.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotEmpty(thrown.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("'soon'")]
    [InlineData("'0s'")]
    [InlineData("'25h'")]
    public void A_time_that_is_none_is_refused(string time) =>
        Assert.Contains("Argument", _session.Run($"Watch-Deployment -Duration {time}").Terminating!.FullyQualifiedErrorId, StringComparison.Ordinal);

    // A machine with much else to do can miss every sample of a watch that is so short, which the watch says; then it is watched again.
    private WatchSample WatchUntilSeen()
    {
        while (true)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var samples = _session.Run("Watch-Deployment 4s -Interval 2s -RecordEvery 2s -Culture ko-KR").WithoutErrors().As<WatchSample>();
            if (samples.LastOrDefault(sample => !sample.IsMissed) is { } seen) return seen;
        }
    }

    public void Dispose()
    {
        var record = Path.Combine(_session.Folder, "root", "state", "service.json");
        if (File.Exists(record))
        {
            using var service = Process.GetProcessById(JsonDocument.Parse(File.ReadAllBytes(record)).RootElement.GetProperty("id").GetInt32());
            service.Kill();
            service.WaitForExit();
        }

        _session.Dispose();
    }

    private void WritePlan()
    {
        var archive = Path.Combine(_session.Folder, "app-1.0.0.zip");
        using (var zip = ZipFile.Open(archive, ZipArchiveMode.Create))
        using (var stream = zip.CreateEntry("service.json").Open()) JsonSerializer.Serialize(stream, new { version = "1.0.0" });
        File.WriteAllText(Path.Combine(_session.Folder, "deployment.json"), JsonSerializer.Serialize(new
        {
            name = "cmdlets",
            root = "root",
            source = new { zip = "app-{version}.zip", sha256 = new Dictionary<string, string> { ["1.0.0"] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(archive))) } },
            files = new[] { "service.json" },
            service = new { start = new[] { "dotnet", Path.Combine(AppContext.BaseDirectory, "BacktestOps.TestService.dll"), "serve", $"{_port}" }, port = _port },
            health = new { fields = new { status = "healthy" }, process_field = "process.id" },
            smoke = false,
            watch = new { runs = false },
            requirements = new { disk_free_bytes = 1 },
        }));
    }
}
