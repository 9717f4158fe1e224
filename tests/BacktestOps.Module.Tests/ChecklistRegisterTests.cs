using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace BacktestOps.Module.Tests;

/// <summary>
/// Invoke-DeploymentChecklist -Register as an operator runs it: in a session of its own, with the module as it ships and its own
/// service as the release. The scheduler is an imitation on that session's path; the real one is nobody's to write to.
/// </summary>
public sealed class ChecklistRegisterTests : IDisposable
{
    // A crontab that is kept in a file, and a systemd that does not run.
    private const string Crontab =
        """
        #!/bin/sh
        case "$1" in
        -l) if [ -f "$0.table" ]; then cat "$0.table"; else echo "no crontab for you" >&2; exit 1; fi ;;
        -r) rm -f "$0.table" ;;
        *) cp "$1" "$0.table" ;;
        esac
        """;

    private readonly TemporaryFolder _folder = new();

    private string Plan => Path.Combine(_folder.Root, "deployment.json");

    private string Table => Path.Combine(_folder.Root, "bin", "crontab.table");

    [Fact]
    public async Task The_follow_ups_stand_on_the_scheduler_with_the_session_s_own_host_and_module_and_run()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by /proc, and cron is the scheduler.");
        Program("crontab", Crontab);
        Program("systemctl", "#!/bin/sh\nexit 1\n");
        WritePlan();
        var environment = BuiltModule.Environment(_folder);
        environment["PATH"] = Path.Combine(_folder.Root, "bin") + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");

        var run = await ShellAsync(environment, $$"""
            $items = Invoke-DeploymentChecklist {{BuiltModule.Version}} -Plan '{{Plan}}' -Duration 1s -Interval 1s -Culture en-US -Register -Confirm:$false -ErrorAction SilentlyContinue
            foreach ($item in $items) { "$($item.Id) $($item.State) $($item.Detail)" }
            """);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.True(run.Output.Contains("4.1.schedule Done", StringComparison.Ordinal), run.Output + run.Error);
        var table = await File.ReadAllTextAsync(Table, TestContext.Current.CancellationToken);
        var script = Path.Combine(_folder.Root, "root", "state", "follow-up.ps1");
        Assert.Contains($"'{script}'", table, StringComparison.Ordinal);
        Assert.Contains("BacktestOps.Shell", table, StringComparison.Ordinal);
        Assert.Contains($"Import-Module '{BuiltModule.Manifest}'", await File.ReadAllTextAsync(script, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // What the scheduler would run, run: nothing is due on the first day, and that is no error.
        var due = await ShellProcess.RunAsync(["-NonInteractive", "-File", script], environment: environment, workingDirectory: "/");
        Assert.True(due.ExitCode == 0, due.Output + due.Error);

        var gone = await ShellAsync(environment, $"Unregister-DeploymentFollowUp -Plan '{Plan}' -Confirm:$false");
        Assert.True(gone.ExitCode == 0, gone.Output + gone.Error);
        Assert.False(File.Exists(Table));
    }

    public void Dispose()
    {
        var record = Path.Combine(_folder.Root, "root", "state", "service.json");
        if (File.Exists(record))
        {
            try
            {
                using var service = Process.GetProcessById(JsonDocument.Parse(File.ReadAllBytes(record)).RootElement.GetProperty("id").GetInt32());
                service.Kill();
                service.WaitForExit();
            }
            catch (ArgumentException)
            {
                // Where its deployment failed, it was ended already.
            }
        }

        _folder.Dispose();
    }

    private Task<ShellResult> ShellAsync(Dictionary<string, string> environment, string script)
    {
        var file = _folder.Write($"script-{Guid.NewGuid():N}.ps1", $"$ErrorActionPreference = 'Stop'\nImport-Module '{BuiltModule.Manifest}'\n{script}\n");
        return ShellProcess.RunAsync(["-NonInteractive", "-File", file], environment: environment, workingDirectory: _folder.Root);
    }

    private void Program(string name, string text)
    {
        var path = Path.Combine(_folder.Root, "bin", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void WritePlan()
    {
        var archive = Path.Combine(_folder.Root, $"app-{BuiltModule.Version}.zip");
        using (var zip = ZipFile.Open(archive, ZipArchiveMode.Create))
        using (var entry = new StreamWriter(zip.CreateEntry("version.txt").Open())) entry.Write(BuiltModule.Version);
        var port = FreePorts.Take();
        var service = Path.Combine(BuiltModule.Root, "service", "BacktestOps.Service.dll");
        Assert.True(File.Exists(service), service);
        File.WriteAllText(Plan, JsonSerializer.Serialize(new
        {
            name = "checklist",
            root = "root",
            source = new { zip = "app-{version}.zip", sha256 = new Dictionary<string, string> { [BuiltModule.Version] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(archive))) } },
            files = new[] { "version.txt" },
            service = new { start = new[] { "dotnet", service, "--urls", $"http://127.0.0.1:{port}", "--home", Path.Combine(_folder.Root, "service-home") }, port },
            health = new { fields = new { status = "healthy" }, process_field = "process.id", timeout = "60s" },
            smoke = false,
            checklist = new { manual = Array.Empty<string>() },
            requirements = new { disk_free_bytes = 1 },
        }));
    }
}
