namespace BacktestOps.Shell.Tests;

/// <summary>The expected codes were read off <c>pwsh</c> 7.6.5 with the same scripts and command lines.</summary>
public sealed class ExitCodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("exit 0", 0)]
    [InlineData("exit -1", 255)]
    [InlineData("no-such-command; exit 0", 0)]
    [InlineData("throw 'bad'", 1)]
    [InlineData("if (", 1)]
    [InlineData("no-such-command; 'after'", 0)]
    [InlineData("no-such-command", 0)]
    [InlineData("dotnet no-such-verb-at-all", 0)]
    [InlineData("& \"$PSScriptRoot/seven.ps1\"", 0)]
    [InlineData("& \"$PSScriptRoot/seven.ps1\"; exit $LASTEXITCODE", 7)]
    [InlineData("param([int] $Number = 'x')", 1)]
    public async Task A_script_file_ends_with_the_code_that_pwsh_gives(string script, int expected)
    {
        _folder.Write("seven.ps1", "exit 7");
        var file = _folder.Write("script.ps1", script);

        var result = await ShellProcess.RunAsync(["-NoProfile", "-File", file]);

        Assert.Equal(expected, result.ExitCode);
    }

    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("throw 1", 1)]
    [InlineData("no-such-command", 1)]
    [InlineData("no-such-command; 1", 0)]
    [InlineData("dotnet no-such-verb-at-all", 1)]
    [InlineData("if (", 1)]
    [InlineData("1", 0)]
    public async Task A_command_ends_with_the_code_that_pwsh_gives(string command, int expected) =>
        Assert.Equal(expected, (await ShellProcess.RunAsync(["-NoProfile", "-Command", command])).ExitCode);

    [Theory]
    [InlineData("-File", "missing.ps1")]
    [InlineData("missing.ps1")]
    [InlineData("-File")]
    [InlineData("-Command")]
    [InlineData("-NoSuchOption")]
    [InlineData("-WorkingDirectory", "no/such/folder")]
    public async Task A_wrong_command_line_is_64_with_one_line_that_says_why(params string[] arguments)
    {
        var result = await ShellProcess.RunAsync(arguments, workingDirectory: _folder.Root);

        Assert.Equal(64, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Ctrl_C_stops_the_pipeline_runs_finally_and_is_0_as_in_pwsh()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill, which Windows does not have.");
        await using var shell = ShellProcess.StartInterruptible(["-File", _folder.Write("wait.ps1", EndlessWithFinally)]);
        await shell.ReadUntilAsync("ready");

        shell.Signal("INT");
        var result = await shell.WaitAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("cleaned up", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not reached", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SIGTERM_runs_finally_before_the_process_ends_with_143()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill, which Windows does not have.");
        await using var shell = ShellProcess.Start(["-File", _folder.Write("wait.ps1", EndlessWithFinally)]);
        await shell.ReadUntilAsync("ready");

        shell.Signal("TERM");
        var result = await shell.WaitAsync();

        Assert.Equal(143, result.ExitCode);
        Assert.Contains("cleaned up", result.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    // It waits on something that never comes, in steps that a stop can get between.
    private const string EndlessWithFinally = """
        $never = [System.Threading.ManualResetEventSlim]::new()
        try { 'ready'; while ($true) { $null = $never.Wait(10) } }
        finally { $Host.UI.WriteLine('cleaned up') }
        'not reached'
        """;
}
