namespace BacktestOps.Shell.Tests;

public sealed class InputTests : IDisposable
{
    private const string Careful = """
        function Remove-Thing { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param() if ($PSCmdlet.ShouldProcess('thing')) { 'removed' } else { 'kept' } }
        Remove-Thing
        """;

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("-Command", "-")]
    [InlineData("-File", "-")]
    [InlineData]
    public async Task Standard_input_is_a_script_as_a_whole(params string[] arguments)
    {
        var result = await ShellProcess.RunAsync(arguments, input: "foreach ($i in 1, 2) {\n    $i * 10\n}\nexit 4\n");

        Assert.Equal($"10{Environment.NewLine}20", result.Output.TrimEnd());
        Assert.Equal(4, result.ExitCode);
    }

    [Fact]
    public async Task Standard_input_that_does_not_parse_is_1_and_runs_nothing()
    {
        var result = await ShellProcess.RunAsync([], input: "'first'\nif (\n");

        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.NotEmpty(result.Error);
    }

    [Fact]
    public async Task A_script_that_reads_input_gets_the_lines_of_standard_input()
    {
        var file = _folder.Write("sum.ps1", "$sum = 0; foreach ($line in $input) { $sum += [int] $line }; \"sum $sum\"");

        Assert.Equal("sum 6", (await ShellProcess.RunAsync(["-File", file], input: "1\n2\n3\n")).Output.TrimEnd());
    }

    [Theory]
    [InlineData("y\n", "removed")]
    [InlineData("n\n", "kept")]
    [InlineData("?\nY\n", "removed")]
    public async Task A_confirmation_is_answered_from_standard_input(string answer, string expected) =>
        Assert.Equal(
            expected,
            (await ShellProcess.RunAsync(["-File", _folder.Write("c.ps1", Careful)], answer)).Output.TrimEnd().Split('\n')[^1].Split(' ')[^1]);

    [Fact]
    public async Task A_confirmation_without_anybody_fails_instead_of_waiting()
    {
        var file = _folder.Write("c.ps1", Careful);

        var withoutPerson = await ShellProcess.RunAsync(["-NonInteractive", "-File", file], "y\n");
        var withoutInput = await ShellProcess.RunAsync(["-File", file]);

        Assert.All([withoutPerson, withoutInput], result =>
        {
            Assert.Contains("-Confirm:$false", result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("removed", result.Output, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_missing_mandatory_parameter_is_asked_for_and_fails_when_nobody_is_there()
    {
        var file = _folder.Write("m.ps1", "param([Parameter(Mandatory)] [int] $Number) \"got $Number\"");

        var answered = await ShellProcess.RunAsync(["-File", file], "12\n");
        var alone = await ShellProcess.RunAsync(["-NonInteractive", "-File", file]);

        Assert.EndsWith("got 12", answered.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(1, alone.ExitCode);
        Assert.Contains("Number", alone.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
