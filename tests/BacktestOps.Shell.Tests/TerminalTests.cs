namespace BacktestOps.Shell.Tests;

/// <summary>On a terminal: each line is typed when the prompt for it is there.</summary>
public sealed class TerminalTests
{
    [Fact]
    public async Task The_prompt_runs_what_is_typed_over_several_lines_until_exit()
    {
        var screen = await TypeAsync(("> ", "1 + 41"), ("> ", "foreach ($i in 1) {"), (">> ", "'in' + 'side'"), (">> ", "}"), ("> ", "exit 5"));

        Assert.Contains("\n42", screen.Output, StringComparison.Ordinal);
        Assert.Contains("\ninside", screen.Output, StringComparison.Ordinal);
        Assert.Equal(5, screen.ExitCode);
    }

    [Fact]
    public async Task The_arrow_brings_back_the_line_before_and_Tab_completes()
    {
        var screen = await TypeAsync(("> ", "'he' + 'llo'"), ("> ", "\u001b[A"), ("> ", "Get-Mod\t"), ("> ", "exit"));

        Assert.Equal(2, screen.Output.Split("\nhello").Length - 1);
        Assert.Contains("Get-Module", screen.Output, StringComparison.Ordinal);
        Assert.Equal(0, screen.ExitCode);
    }

    [Fact]
    public async Task An_error_is_red_on_a_terminal() =>
        Assert.Contains("\u001b[31;1mno-such-command", (await TypeAsync(("> ", "no-such-command"), ("> ", "exit"))).Output, StringComparison.Ordinal);

    private static async Task<ShellResult> TypeAsync(params (string Prompt, string Keys)[] lines)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "There is no /usr/bin/script to give a terminal.");
        await using var shell = ShellProcess.StartOnTerminal("-NoLogo");
        foreach (var (prompt, keys) in lines)
        {
            // The prompt stands after what the last line gave, with nothing typed behind it yet.
            await shell.ReadUntilEndsAsync(prompt);
            await shell.TypeAsync(keys + "\r");
            await shell.ReadNextLineAsync();
        }

        return await shell.WaitAsync();
    }
}
