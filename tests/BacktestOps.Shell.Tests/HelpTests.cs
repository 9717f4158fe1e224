namespace BacktestOps.Shell.Tests;

public sealed class HelpTests
{
    [Fact]
    public async Task Help_lists_the_commands_that_there_are_and_denies_the_ones_that_there_are_not()
    {
        var help = (await ShellProcess.RunAsync(["-Help"])).Output;
        var commands = (await ShellProcess.RunAsync(["-Command", "Get-Command -CommandType Cmdlet | ForEach-Object Name"]))
            .Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

        Assert.All(commands, command => Assert.Contains($"  {command}", help, StringComparison.Ordinal));
        string[] denied = ["Select-Object", "Get-ChildItem", "ConvertTo-Json", "Write-Host"];
        Assert.All(denied, command =>
        {
            Assert.Contains(command, help[help.IndexOf("has NOT", StringComparison.Ordinal)..], StringComparison.Ordinal);
            Assert.DoesNotContain(command, commands);
        });
    }

    [Fact]
    public async Task Version_names_the_engine_that_a_script_sees()
    {
        var version = (await ShellProcess.RunAsync(["-Version"])).Output;
        var seen = (await ShellProcess.RunAsync(["-Command", "\"$($PSVersionTable.PSVersion)\""])).Output.Trim();

        Assert.EndsWith($"System.Management.Automation {seen}", version.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_runs_without_libicu_and_still_makes_named_cultures()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process has mapped is read from /proc.");

        var result = await ShellProcess.RunAsync(["-Command",
            "[cultureinfo]::GetCultureInfo('ko-KR').Name; [System.IO.File]::ReadAllText('/proc/self/maps').Contains('libicu')"]);

        Assert.Equal(["ko-KR", "False"], result.Output.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Messages_come_in_the_language_that_the_environment_names()
    {
        var result = await ShellProcess.RunAsync(
            ["-Command", "$PSUICulture"], environment: new Dictionary<string, string> { ["LANG"] = "ko_KR.UTF-8" });

        Assert.Equal("ko-KR", result.Output.Trim());
    }
}
