using System.Text.RegularExpressions;

namespace BacktestOps.Module.Tests;

public sealed class ModuleLayoutTests
{
    [Fact]
    public void The_manifest_has_the_version_of_the_build() =>
        Assert.Contains($"ModuleVersion        = '{BuiltModule.Version}'", File.ReadAllText(BuiltModule.Manifest), StringComparison.Ordinal);

    [Fact]
    public void Nothing_that_PowerShell_or_dotnet_ships_is_shipped_again()
    {
        var host = Names(Path.GetDirectoryName(ShellProcess.AssemblyPath)!, SearchOption.AllDirectories);
        var runtime = Names(Path.GetDirectoryName(typeof(object).Assembly.Location)!, SearchOption.TopDirectoryOnly);

        Assert.Contains("System.Management.Automation.dll", host);
        Assert.Contains("System.Text.Json.dll", runtime);
        Assert.Empty(Names(Path.Combine(BuiltModule.Root, "bin"), SearchOption.TopDirectoryOnly).Intersect(host.Concat(runtime)));
    }

    [Theory]
    [InlineData("bin")]
    [InlineData("service")]
    public void SQLite_is_there_for_the_machines_that_we_support_and_no_others(string folder)
    {
        var runtimes = Directory.GetDirectories(Path.Combine(BuiltModule.Root, folder, "runtimes")).Select(Path.GetFileName).Order(StringComparer.Ordinal);

        string[] supported = ["linux-arm64", "linux-musl-x64", "linux-x64", "osx-arm64", "osx-x64", "win-arm64", "win-x64"];
        Assert.Equal(supported, runtimes);
    }

    [Fact]
    public void The_service_is_there_to_be_started_by_any_dotnet_of_any_system()
    {
        var service = Path.Combine(BuiltModule.Root, "service");

        Assert.True(File.Exists(Path.Combine(service, "BacktestOps.Service.dll")));
        Assert.True(File.Exists(Path.Combine(service, "BacktestOps.Service.runtimeconfig.json")));
        Assert.False(File.Exists(Path.Combine(service, "BacktestOps.Service")), "An executable runs on one system only.");
    }

    [Fact]
    public void No_file_names_the_machine_that_built_it()
    {
        var root = Path.GetFullPath(Path.Combine(BuiltModule.Root, "..", "..", "..", ".."));
        var needles = new[] { System.Text.Encoding.UTF8.GetBytes(root + "/src"), System.Text.Encoding.Unicode.GetBytes(root + "/src") };

        var naming = Directory.EnumerateFiles(BuiltModule.Root, "*", SearchOption.AllDirectories)
            .Where(file => needles.Any(needle => File.ReadAllBytes(file).AsSpan().IndexOf(needle) >= 0));

        Assert.Empty(naming);
    }

    [Fact]
    public void The_manifest_names_what_it_exports_one_by_one()
    {
        var manifest = File.ReadAllText(BuiltModule.Manifest);

        Assert.NotEmpty(BuiltModule.Cmdlets);
        Assert.All(BuiltModule.Cmdlets, cmdlet => Assert.Matches("^[A-Z][a-z]+-[A-Z][A-Za-z]+$", cmdlet));
        foreach (var kind in new[] { "Functions", "Aliases", "Variables" })
            Assert.Matches(new Regex($@"{kind}ToExport\s*=\s*@\(\)"), manifest);
    }

    private static HashSet<string> Names(string folder, SearchOption search) =>
        [.. Directory.EnumerateFiles(folder, "*.dll", search).Select(file => Path.GetFileName(file)!)];
}
