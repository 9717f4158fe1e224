namespace BacktestOps.Shell.Tests;

public sealed class StreamTests : IDisposable
{
    // Write-Error, Write-Warning and Write-Progress are not in the core: a cmdlet's own methods are what modules use.
    private const string Cmdlet = """
        function Use-Stream {
            [CmdletBinding()] param()
            $record = [System.Management.Automation.ErrorRecord]::new([System.IO.InvalidDataException]::new('inner'), 'Bad', 'InvalidData', 'AAPL.csv')
            $record.ErrorDetails = [System.Management.Automation.ErrorDetails]::new('AAPL.csv line 7 is bad')
            $record.ErrorDetails.RecommendedAction = 'Correct line 7'
            'before'
            $PSCmdlet.WriteError($record)
            $PSCmdlet.WriteWarning('careful')
            $PSCmdlet.WriteVerbose('chatter')
            $progress = [System.Management.Automation.ProgressRecord]::new(1, 'Working', 'busy')
            foreach ($percent in 0..100) { $progress.PercentComplete = $percent; $PSCmdlet.WriteProgress($progress) }
            $progress.RecordType = 'Completed'
            $PSCmdlet.WriteProgress($progress)
            'after'
        }
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Output_alone_goes_to_standard_output_and_nothing_is_coloured_when_redirected()
    {
        var result = await ShellProcess.RunAsync(["-File", _folder.Write("s.ps1", Cmdlet + "\nUse-Stream")]);

        Assert.Equal($"before{Environment.NewLine}after", result.Output.TrimEnd());
        Assert.DoesNotContain('\u001b', result.Output + result.Error);
    }

    [Fact]
    public async Task An_error_shows_its_message_its_place_and_what_to_do_on_standard_error()
    {
        var file = _folder.Write("s.ps1", Cmdlet + "\nUse-Stream");

        var error = (await ShellProcess.RunAsync(["-File", file])).Error;

        Assert.Contains("AAPL.csv line 7 is bad", error, StringComparison.Ordinal);
        Assert.Contains("Correct line 7", error, StringComparison.Ordinal);
        Assert.Contains($"{file}:{Cmdlet.Split('\n').Length + 1}", error, StringComparison.Ordinal);
        Assert.Contains("WARNING: careful", error, StringComparison.Ordinal);
        Assert.DoesNotContain("chatter", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verbose_lines_show_when_asked_for() =>
        Assert.Contains(
            "VERBOSE: chatter",
            (await ShellProcess.RunAsync(["-File", _folder.Write("s.ps1", Cmdlet + "\nUse-Stream -Verbose")])).Error,
            StringComparison.Ordinal);

    [Fact]
    public async Task Redirected_progress_is_a_plain_line_a_quarter()
    {
        var result = await ShellProcess.RunAsync(["-File", _folder.Write("s.ps1", Cmdlet + "\nUse-Stream")]);

        string[] expected = ["Working: 0%, busy", "Working: 25%, busy", "Working: 50%, busy", "Working: 75%, busy", "Working: 100%, busy"];
        Assert.Equal(expected, result.Error.Split(Environment.NewLine).Where(line => line.StartsWith("Working", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_terminating_error_shows_on_standard_error_after_the_output_before_it()
    {
        var file = _folder.Write("s.ps1", "'before'\nthrow 'the disk is full'\n'after'");

        var result = await ShellProcess.RunAsync(["-File", file]);

        Assert.Equal("before", result.Output.TrimEnd());
        Assert.Contains("the disk is full", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{file}:2", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_become_tables_of_the_width_that_COLUMNS_says()
    {
        string[] command = ["-Command", "[pscustomobject]@{ Name = 'a'; Text = 'x' * 300 }"];

        var narrow = await ShellProcess.RunAsync(command, environment: new Dictionary<string, string> { ["COLUMNS"] = "60" });
        var usual = await ShellProcess.RunAsync(command);

        // The engine keeps the last column free, where some terminals would wrap.
        Assert.Equal(59, narrow.Output.Split(Environment.NewLine).Max(line => line.Length));
        Assert.Equal(119, usual.Output.Split(Environment.NewLine).Max(line => line.Length));
    }

    [Fact]
    public async Task A_native_programs_output_is_passed_on_and_can_be_captured()
    {
        var result = await ShellProcess.RunAsync(["-Command", "dotnet --version; $v = dotnet --version; \"captured $v\""]);

        var lines = result.Output.TrimEnd().Split(Environment.NewLine);
        Assert.Equal($"captured {lines[0]}", lines[1]);
    }

    public void Dispose() => _folder.Dispose();
}
