namespace BacktestOps.Module.Tests;

public sealed class ImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Every_import_exports_everything_and_removal_leaves_nothing()
    {
        var result = await BuiltModule.RunAsync(_folder, """
            function Show { (Get-Module BacktestOps).ExportedCommands.Keys -join ' ' }
            Show
            Import-Module $module -Force
            Show
            Import-Module $module -Force
            Show
            Get-BacktestStrategy | ForEach-Object Name | Out-Null
            Remove-Module BacktestOps
            "left: $(Get-Module)$(Get-Command -Module BacktestOps)$(Get-Command Get-Backtest -ErrorAction Ignore)"
            Import-Module $module
            Show
            "strategies: $(@(Get-BacktestStrategy).Count -gt 0)"
            """);

        Assert.Equal("", result.Error);
        var lines = result.Output.TrimEnd().Split(Environment.NewLine);
        var exports = string.Join(' ', BuiltModule.Cmdlets);
        Assert.Equal([exports, exports, exports, "left: ", exports, "strategies: True"], lines.Select(Sorted));
    }

    [Fact]
    public async Task The_manifest_promises_exactly_the_cmdlets_that_the_assembly_has()
    {
        var result = await BuiltModule.RunAsync(_folder, """
            (Get-Command -Module BacktestOps | ForEach-Object Name) -join ' '
            $assembly = [System.Runtime.Loader.AssemblyLoadContext]::All | ForEach-Object Assemblies | Where-Object { $_.GetName().Name -eq 'BacktestOps.PowerShell' }
            ($assembly.GetExportedTypes() | ForEach-Object { $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false) } | ForEach-Object { "$($_.VerbName)-$($_.NounName)" }) -join ' '
            """);

        Assert.Equal("", result.Error);
        var exports = string.Join(' ', BuiltModule.Cmdlets);
        Assert.Equal([exports, exports], result.Output.TrimEnd().Split(Environment.NewLine).Select(Sorted));
    }

    [Fact]
    public async Task Users_can_name_the_types_of_Contracts_and_see_no_other_library_of_ours()
    {
        var result = await BuiltModule.RunAsync(_folder, """
            Start-Backtest -Symbol SP500 -Strategy BuyAndHold | Get-BacktestProgress -Wait | Out-Null
            [BacktestOps.Contracts.BacktestStatus]::Completed
            (Get-Backtest)[0] -is [BacktestOps.Contracts.BacktestProgress]
            $null -eq ('Microsoft.Data.Sqlite.SqliteConnection' -as [type])
            function Names($context) { ($context.Assemblies | ForEach-Object { $_.GetName().Name } | Where-Object { $_ -match 'Backtest|Sqlite|CsvHelper|Polly' }) -join ' ' }
            "default: $(Names ([System.Runtime.Loader.AssemblyLoadContext]::Default))"
            "private: $(Names ([System.Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -EQ BacktestOps))"
            """);

        Assert.DoesNotContain("Exception", result.Error, StringComparison.Ordinal);
        var lines = result.Output.TrimEnd().Split(Environment.NewLine);
        Assert.Equal(["Completed", "True", "True"], lines[..3]);
        Assert.Equal("default: BacktestOps.Contracts BacktestOps.Loader BacktestOps.Shell", Sorted(lines[3]));
        Assert.Contains("Microsoft.Data.Sqlite", lines[4], StringComparison.Ordinal);
        Assert.Contains("BacktestOps.PowerShell", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_copy_in_one_session_is_refused_with_both_paths()
    {
        var copy = Path.Combine(_folder.Root, "BacktestOps");
        foreach (var file in Directory.EnumerateFiles(BuiltModule.Root, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(BuiltModule.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var result = await BuiltModule.RunAsync(_folder, $$"""
            Remove-Module BacktestOps
            try { Import-Module '{{copy}}/BacktestOps.psd1' } catch { $_.Exception.Message }
            Import-Module $module
            "still: $(@(Get-BacktestStrategy).Count -gt 0)"
            """);

        Assert.Contains(copy, result.Output, StringComparison.Ordinal);
        Assert.Contains(BuiltModule.Root, result.Output, StringComparison.Ordinal);
        Assert.Contains("new session", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("still: True", result.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_module_is_found_by_name_in_PSModulePath()
    {
        var result = await ShellProcess.RunAsync(
            ["-Command", "@(Get-BacktestStrategy).Count -gt 0; (Get-Module BacktestOps).Version.ToString()"],
            environment: new Dictionary<string, string>(BuiltModule.Environment(_folder))
            {
                ["PSModulePath"] = Path.GetFullPath(Path.Combine(BuiltModule.Root, "..", "..")),
            });

        Assert.Equal("", result.Error);
        Assert.Equal(["True", BuiltModule.Version], result.Output.TrimEnd().Split(Environment.NewLine));
    }

    [Fact]
    public async Task Views_of_the_module_show_and_wide_figures_are_not_cut()
    {
        var result = await BuiltModule.RunAsync(_folder, """
            Start-Backtest -Symbol SP500 -Strategy BuyAndHold | Get-BacktestProgress -Wait | Get-BacktestResult
            """);

        Assert.Contains("Drawdown", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"BuyAndHold +\d{1,3}(,\d{3})*\.\d\d", result.Output);
    }

    public void Dispose() => _folder.Dispose();

    private static string Sorted(string line)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal) is var at and >= 0 ? at + 2 : 0;
        return line[..colon] + string.Join(' ', line[colon..].Split(' ').Order(StringComparer.Ordinal));
    }
}
