using System.Diagnostics;
using System.Runtime.Versioning;

namespace BacktestOps.Operations.Tests.Deployments;

/// <summary>What an account sees that may read a root and not write it, or not even read it.</summary>
[UnsupportedOSPlatform("windows")]
public class AuditorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_may_only_read_gets_every_answer_and_leaves_no_trace()
    {
        await using var rig = await DeployedAsync();
        await OpenAsync(rig);
        var before = Traces(rig);

        var said = await AuditAsync(rig);

        Assert.Equal("Inconclusive Pass Inconclusive Inconclusive", said["criteria ="]);
        Assert.Equal("1", said["list ="]);
        // He can't write there, which is what the check is about.
        Assert.Equal("root:Fail", said["readiness ="]);
        Assert.Equal("000002-1.1.0", said["preview ="]);
        Assert.Equal(("True", "Pass", "1"), (said["evidence ="], said["audit ="], said["feedback ="]));
        Assert.Equal(5, said.Count(line => line.Key.StartsWith("report ", StringComparison.Ordinal) && line.Value == "True"));
        Assert.Equal("NotWritable", said["record !"]);
        Assert.Equal(before, Traces(rig));
    }

    [Fact]
    public async Task Who_may_not_even_read_is_told_so_and_never_that_there_is_nothing()
    {
        await using var rig = await DeployedAsync();
        // What a root is made with: its state and its evidence are the operator's alone.
        File.SetUnixFileMode(rig.Folder, (UnixFileMode)0b111_101_101);

        var said = await AuditAsync(rig);

        Assert.All(said.Where(line => line.Key != "feedback ="), line => Assert.EndsWith(" !", line.Key, StringComparison.Ordinal));
        Assert.Equal(("RootNotReadable", "RootNotReadable", "RootNotReadable", "RootNotReadable"), (said["criteria !"], said["list !"], said["readiness !"], said["preview !"]));
        Assert.Equal(("LedgerNotReadable", "LedgerNotReadable", "LedgerNotReadable"), (said["evidence !"], said["audit !"], said["report Html !"]));
    }

    [Fact]
    public async Task What_is_kept_and_can_t_be_read_is_not_called_missing()
    {
        await using var rig = await DeployedAsync();
        await OpenAsync(rig);
        var artifacts = Directory.CreateDirectory(Path.Combine(rig.Layout.Evidence, "artifacts", "ab"));
        File.SetUnixFileMode(artifacts.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Assert.Equal("EvidenceNotReadable", (await AuditAsync(rig))["audit !"]);
    }

    [Fact]
    public async Task What_the_operator_opened_stays_open_with_the_next_deployment()
    {
        await using var rig = await DeployedAsync();
        await OpenAsync(rig);

        await rig.DeployAsync("1.1.0");

        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(rig.Layout.State));
        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(rig.Layout.Evidence));
    }

    private static async Task<Rig> DeployedAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may become another user.");
        var rig = new Rig().Version("1.0.0").Version("1.1.0");
        await File.WriteAllTextAsync(Path.Combine(rig.Folder, "forms.jsonl"), "{\"at\":\"2026-02-08T01:00:00Z\",\"text\":\"Thank you, all is well.\"}\n", Token);
        rig.Plan["feedback"] = new { channels = new[] { new { name = "forms", kind = "files", path = "forms.jsonl" } } };
        var deployment = await rig.DeployAsync("1.0.0");
        Assert.True(deployment.Outcome == Contracts.DeploymentOutcome.Succeeded, deployment.Reason);
        return rig;
    }

    private static async Task OpenAsync(Rig rig)
    {
        using var process = Process.Start("chmod", ["-R", "u+rwX,go=rX", rig.Folder]);
        await process.WaitForExitAsync(Token);
    }

    /// <summary>Every file of the root with its size and when it was changed.</summary>
    private static List<string> Traces(Rig rig) =>
    [
        .. Directory.EnumerateFileSystemEntries(rig.Root, "*", SearchOption.AllDirectories).Where(path => !path.StartsWith(rig.Layout.Logs, StringComparison.Ordinal))
            .Select(path => $"{path} {new FileInfo(path).LastWriteTimeUtc:O} {(File.Exists(path) ? new FileInfo(path).Length : 0)}").Order(StringComparer.Ordinal),
    ];

    private static async Task<Dictionary<string, string>> AuditAsync(Rig rig)
    {
        _ = rig.Read();
        var start = new ProcessStartInfo("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "dotnet", rig.ServiceProgram, "audit", rig.PlanPath]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment["HOME"] = "/";
        using var process = Process.Start(start)!;
        var faults = process.StandardError.ReadToEndAsync(Token);
        var said = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, await faults);
        Assert.DoesNotContain(" ? ", said, StringComparison.Ordinal);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split((string[])[" = ", " ! "], 2, StringSplitOptions.None) is [var what, var answer] ? ($"{what} {line[what.Length + 1]}", answer) : (line, ""))
            .ToDictionary(line => line.Item1, line => line.Item2);
    }
}
