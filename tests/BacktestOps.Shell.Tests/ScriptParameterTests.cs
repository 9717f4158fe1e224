namespace BacktestOps.Shell.Tests;

public sealed class ScriptParameterTests : IDisposable
{
    private const string Script = """
        param([string] $Name = 'none', [int] $Number = 5, [switch] $On, [bool] $Flag, [Parameter(ValueFromRemainingArguments)] $Rest)
        "name=$Name number=$Number on=$On flag=$Flag rest=$($Rest -join '|')"
        """;

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("name=none number=5 on=False flag=False rest=")]
    [InlineData("name=a b number=3 on=False flag=False rest=", "-Name", "a b", "-Number", "3")]
    [InlineData("name=x number=5 on=True flag=False rest=", "-On", "-Name", "x")]
    [InlineData("name=x number=5 on=False flag=False rest=", "-On:$false", "-Name", "x")]
    [InlineData("name=none number=5 on=True flag=True rest=", "-on:true", "-Flag:$true")]
    [InlineData("name=x number=5 on=False flag=False rest=", "-Name:x")]
    [InlineData("name=x number=5 on=False flag=False rest=", "-Name:", "x")]
    [InlineData("name=first number=2 on=False flag=False rest=c|d", "first", "2", "-Flag:$false", "c", "d")]
    [InlineData("name=$env:HOME number=5 on=False flag=False rest=", "-Name", "$env:HOME")]
    [InlineData("name=$(1+1) number=5 on=False flag=False rest=", "-Name", "$(1+1)")]
    public async Task Arguments_bind_as_pwsh_binds_them_and_are_never_expanded(string expected, params string[] arguments)
    {
        var file = _folder.Write("script.ps1", Script);

        var result = await ShellProcess.RunAsync(["-File", file, .. arguments]);

        Assert.Equal("", result.Error);
        Assert.Equal(expected, result.Output.TrimEnd());
    }

    [Fact]
    public async Task A_value_that_does_not_convert_is_an_error_that_names_the_parameter()
    {
        var result = await ShellProcess.RunAsync(["-File", _folder.Write("script.ps1", Script), "-Number", "many"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("'Number'", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task A_script_knows_its_own_place_and_runs_in_the_callers_directory()
    {
        var file = _folder.Write("where.ps1", "$PSScriptRoot; $PSCommandPath; \"$($ExecutionContext.SessionState.Path.CurrentLocation)\"");
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder.Root, "else where")).FullName;

        var result = await ShellProcess.RunAsync(["-WorkingDirectory", elsewhere, "../where.ps1"], workingDirectory: elsewhere);

        Assert.Equal([_folder.Root, file, elsewhere], result.Output.TrimEnd().Split(Environment.NewLine));
    }

    public void Dispose() => _folder.Dispose();
}
