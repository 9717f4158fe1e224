using System.Diagnostics;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.FollowUps.Scheduling;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.FollowUps;

/// <summary>
/// The machine's schedulers: the real <c>crontab</c> where there is one and the user has none of it in use, else, and for
/// systemd and Windows always, imitations that keep what they are given.
/// </summary>
public sealed class RegistrarTests : IDisposable
{
    private const string Others = "# mine\nMAILTO=ops\n*/5 * * * * echo '100\\%' # no line break at the end";
    private readonly ChannelPlan _plan = new();
    private readonly ImitatedMachine _machine = new();

    private static ScriptHost Host { get; } = new(["/opt/power shell/pwsh", "-NoProfile", "-File"], "/opt/it's/BacktestOps.psd1");

    private string Units => Path.Combine(_plan.Folder, "units");

    public void Dispose() => _plan.Dispose();

    [Fact]
    public async Task Cron_gets_one_marked_block_and_gives_back_what_it_had_to_the_byte()
    {
        _machine.Crontab = Others;

        var first = await RegisterAsync();
        var once = _machine.Crontab;
        var second = await RegisterAsync();

        Assert.Equal(("cron", true, false), (first.Scheduler, first.Changed, second.Changed));
        Assert.Equal(once, _machine.Crontab);
        Assert.StartsWith(Others + "\n# BEGIN backtestops-follow-up-channels-", once, StringComparison.Ordinal);
        Assert.Matches(@"\n[0-9]{1,2} \* \* \* \* '/opt/power shell/pwsh' '-NoProfile' '-File' '.*follow-up\.ps1' >> '.*follow-up\.log' 2>&1\n# END ", once);
        Assert.Single(await Registrar().UnregisterAsync(TestContext.Current.CancellationToken));
        Assert.Equal(Others + "\n", _machine.Crontab);
        Assert.Empty(await Registrar().UnregisterAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_crontab_that_was_made_for_it_goes_with_it()
    {
        await RegisterAsync();
        await Registrar().UnregisterAsync(TestContext.Current.CancellationToken);

        Assert.Null(_machine.Crontab);
        Assert.False(File.Exists(Path.Combine(_plan.Root, "state", "follow-up.ps1")));
    }

    [Fact]
    public async Task Two_plans_have_an_entry_each_and_one_is_taken_without_the_other()
    {
        using var other = new ChannelPlan();
        await RegisterAsync();
        var alone = _machine.Crontab;
        var second = new FollowUpRegistrar(other.Read(), other.Tools, [new CronScheduler(_machine, () => true)]);
        await second.RegisterAsync(SchedulerChoice.Cron, Host, TestContext.Current.CancellationToken);

        await second.UnregisterAsync(TestContext.Current.CancellationToken);

        Assert.Equal(alone, _machine.Crontab);
    }

    [Fact]
    public async Task A_block_without_its_end_is_left_for_a_person_to_mend()
    {
        await RegisterAsync();
        var broken = _machine.Crontab![.._machine.Crontab!.IndexOf("# END", StringComparison.Ordinal)] + "0 0 * * * precious\n";
        _machine.Crontab = broken;

        var error = await Assert.ThrowsAsync<DeploymentException>(() => Registrar().UnregisterAsync(TestContext.Current.CancellationToken));

        Assert.Equal(("SchedulerFailed", broken), (error.ErrorId, _machine.Crontab));
    }

    [Fact]
    public async Task Systemd_gets_a_timer_that_makes_up_for_missed_hours_and_is_preferred()
    {
        _machine.HasSystemd = true;

        var first = await RegisterAsync();
        var second = await RegisterAsync();

        Assert.Equal(("systemd", true, false), (first.Scheduler, first.Changed, second.Changed));
        Assert.Contains("enable-linger", Assert.Single(first.Notices), StringComparison.Ordinal);
        var timer = await File.ReadAllTextAsync(Directory.GetFiles(Units, "*.timer").Single(), TestContext.Current.CancellationToken);
        var service = await File.ReadAllTextAsync(Directory.GetFiles(Units, "*.service").Single(), TestContext.Current.CancellationToken);
        Assert.Contains("Persistent=true", timer, StringComparison.Ordinal);
        Assert.Contains("ExecStart=\"/opt/power shell/pwsh\" \"-NoProfile\" \"-File\" \"", service, StringComparison.Ordinal);
        Assert.Single(await Registrar().UnregisterAsync(TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(Units));
        Assert.Null(_machine.Crontab);
    }

    [Fact]
    public async Task What_systemd_gets_is_what_systemd_understands()
    {
        _machine.HasSystemd = true;
        var host = new ScriptHost(["/bin/sh", "-c", "echo \"100 %\" it's $HOME \\ done"], "/opt/it's/BacktestOps.psd1");
        await new FollowUpRegistrar(_plan.Read(), _plan.Tools, [new SystemdScheduler(_machine, Units)]).RegisterAsync(SchedulerChoice.Systemd, host, TestContext.Current.CancellationToken);
        var (timer, service) = (Directory.GetFiles(Units, "*.timer").Single(), Directory.GetFiles(Units, "*.service").Single());

        var (code, said) = await AnalyzeAsync("--user", "verify", "--man=no", timer, service);

        // It ends with 0 for a key that it does not know, but says so.
        Assert.True(code == 0 && said.Length == 0, $"{code}: {said}");
        var calendar = File.ReadLines(timer).Single(line => line.StartsWith("OnCalendar=", StringComparison.Ordinal))["OnCalendar=".Length..];
        var (known, when) = await AnalyzeAsync("calendar", "--iterations=2", calendar);
        Assert.True(known == 0, when);
        Assert.Contains($"Normalized form: {calendar}", when, StringComparison.Ordinal);
    }

    /// <summary>Asks the real systemd, which need not run for that.</summary>
    private async Task<(int ExitCode, string Said)> AnalyzeAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("systemd-analyze", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["XDG_RUNTIME_DIR"] = _plan.Folder;
        try
        {
            using var analyze = Process.Start(start)!;
            var error = analyze.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var said = await analyze.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await error;
            await analyze.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipWhen(said.Contains("Failed to initialize manager", StringComparison.Ordinal), $"systemd-analyze can't be used here: {said}");
            return (analyze.ExitCode, said.Trim());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no systemd-analyze on this machine (Debian: systemd).");
            throw;
        }
    }

    [Fact]
    public async Task A_unit_of_somebody_else_is_left_alone()
    {
        _machine.HasSystemd = true;
        await RegisterAsync();
        var timer = Directory.GetFiles(Units, "*.timer").Single();
        await File.WriteAllTextAsync(timer, "[Timer]\nOnCalendar=daily\n", TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<DeploymentException>(() => Registrar().UnregisterAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<DeploymentException>(RegisterAsync);

        Assert.Equal("[Timer]\nOnCalendar=daily\n", await File.ReadAllTextAsync(timer, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Moved_to_another_scheduler_it_is_taken_off_the_first()
    {
        await RegisterAsync();
        _machine.HasSystemd = true;

        await Registrar().RegisterAsync(SchedulerChoice.Systemd, Host, TestContext.Current.CancellationToken);

        Assert.Null(_machine.Crontab);
    }

    [Fact]
    public async Task A_task_of_Windows_is_made_once_and_removed()
    {
        var scheduler = new WindowsScheduler(_machine);
        var entry = new SchedulerEntry { Name = "n", Title = "t", Command = [@"C:\Program Files\PowerShell\7\pwsh.exe", "-File", @"C:\my root\follow-up.ps1"], Minute = 7, LogPath = "" };

        Assert.True(await scheduler.RegisterAsync(entry, TestContext.Current.CancellationToken));
        Assert.Contains(@"<Arguments>-File ""C:\my root\follow-up.ps1""</Arguments>", _machine.TaskXml, StringComparison.Ordinal);
        Assert.Contains("<StartWhenAvailable>true</StartWhenAvailable>", _machine.TaskXml, StringComparison.Ordinal);
        Assert.False(await scheduler.RegisterAsync(entry, TestContext.Current.CancellationToken));
        Assert.True(await scheduler.RegisterAsync(entry with { Minute = 8 }, TestContext.Current.CancellationToken));
        Assert.True(await scheduler.UnregisterAsync("n", TestContext.Current.CancellationToken));
        Assert.Null(_machine.TaskXml);
    }

    [Fact]
    public async Task A_preview_shows_every_text_and_writes_none()
    {
        var preview = await Registrar().PreviewAsync(SchedulerChoice.Auto, Host, TestContext.Current.CancellationToken);

        Assert.Contains("# BEGIN backtestops-follow-up-channels-", preview, StringComparison.Ordinal);
        Assert.Contains("Import-Module '/opt/it''s/BacktestOps.psd1'", preview, StringComparison.Ordinal);
        Assert.Contains("Invoke-DeploymentFollowUp -Plan '", preview, StringComparison.Ordinal);
        Assert.Null(_machine.Crontab);
        Assert.False(Directory.Exists(_plan.Root));
    }

    [Fact]
    public async Task A_machine_without_a_scheduler_is_said()
    {
        _machine.HasCron = false;

        Assert.Equal("SchedulerMissing", (await Assert.ThrowsAsync<DeploymentException>(RegisterAsync)).ErrorId);
    }

    [Fact]
    public async Task Secrets_that_scheduled_runs_will_lack_are_named()
    {
        _plan.Feedback(new { name = "slack", kind = "slack", channel = "C1", token = "secret:SLACK_TOKEN" });
        _plan.Variables["SLACK_TOKEN"] = "xoxb-1";

        var registration = await RegisterAsync();

        Assert.Contains("SLACK_TOKEN is missing there", Assert.Single(registration.Notices), StringComparison.Ordinal);
        Assert.DoesNotContain("xoxb", _machine.Crontab, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_line_of_cron_runs_as_cron_runs_it_whatever_the_paths_are_called()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It uses sh.");
        var folder = Directory.CreateDirectory(Path.Combine(_plan.Folder, "a b'c%d $HOME")).FullName;
        var line = CronScheduler.Block(new SchedulerEntry
        {
            Name = "n", Title = "t", Minute = 7, LogPath = Path.Combine(folder, "log"), Command = ["/bin/sh", "-c", "echo \"$1 $X\"", "-", "it's 100%"], Environment = new Dictionary<string, string> { ["X"] = "y z" },
        }).Split('\n')[2];
        Assert.StartsWith("7 * * * * ", line, StringComparison.Ordinal);

        // cron(8): a '%' that is not escaped ends the command; the backslash before it is taken off; the environment is nearly empty.
        var command = line["7 * * * * ".Length..];
        Assert.DoesNotMatch(@"(?<!\\)%", command);
        using var shell = Process.Start(new ProcessStartInfo("/usr/bin/env", ["-i", "/bin/sh", "-c", command.Replace("\\%", "%", StringComparison.Ordinal)]))!;
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("it's 100% y z\n", await File.ReadAllTextAsync(Path.Combine(folder, "log"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_real_crontab_takes_it_and_gives_it_back()
    {
        var commands = new SchedulerCommands(new CommandRunner(TimeProvider.System));
        var before = await commands.TryAsync(TestContext.Current.CancellationToken, "crontab", "-l");
        Assert.SkipWhen(before is null, "There is no crontab on this machine (Debian: cron).");
        Assert.SkipWhen(before.ExitCode == 0, "This user has a crontab, which no test may touch.");
        Assert.SkipUnless(before.Output.Contains("no crontab for", StringComparison.Ordinal), $"crontab can't be used here: {before.Output}");
        var registrar = new FollowUpRegistrar(_plan.Read(), _plan.Tools, [new CronScheduler(new CommandRunner(TimeProvider.System))]);
        try
        {
            Assert.True((await registrar.RegisterAsync(SchedulerChoice.Auto, Host, TestContext.Current.CancellationToken)).Changed);
            Assert.False((await registrar.RegisterAsync(SchedulerChoice.Auto, Host, TestContext.Current.CancellationToken)).Changed);
            var during = await commands.RunAsync(TestContext.Current.CancellationToken, "crontab", "-l");
            Assert.Contains("'/opt/power shell/pwsh'", during.Output, StringComparison.Ordinal);
        }
        finally
        {
            Assert.Single(await registrar.UnregisterAsync(CancellationToken.None));
        }

        Assert.Equal(before.Output, (await commands.TryAsync(TestContext.Current.CancellationToken, "crontab", "-l"))!.Output);
    }

    private FollowUpRegistrar Registrar() => new(_plan.Read(), _plan.Tools, [new SystemdScheduler(_machine, Units), new CronScheduler(_machine, () => true)]);

    private Task<Contracts.FollowUpRegistration> RegisterAsync() => Registrar().RegisterAsync(SchedulerChoice.Auto, Host, TestContext.Current.CancellationToken);
}
