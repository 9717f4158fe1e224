using System.ComponentModel;
using System.Diagnostics;

namespace BacktestOps.Operations.Tests.Fixtures;

/// <summary>
/// A real git repository, in a folder of its own, with the releases of the Node service: v2.0.0 works, in v2.0.1 the
/// page's download button calls an address that answers 404, v2.0.2 works again. The API is the same in all of them.
/// </summary>
internal sealed class NodeReleases : IDisposable
{
    private const string PageFile = "frontend/pages/specific-stock-selection.html";
    private const string GoodAddress = "fetch('/api/backtest/result/' + run)";
    private const string WrongAddress = "fetch('/api/backtest/download/' + run)";
    private readonly TemporaryFolder _folder = new();

    private NodeReleases()
    {
    }

    /// <summary>The repository's path, which is also its address.</summary>
    public string Repository => _folder["repository"];

    /// <summary>Makes the repository; skips the test where there is no git or no Node.</summary>
    public static async Task<NodeReleases> CreateAsync()
    {
        await SkipWithoutAsync("git", "--version");
        await SkipWithoutAsync("node", "--version");
        var releases = new NodeReleases();
        try
        {
            await releases.FillAsync();
            return releases;
        }
        catch
        {
            releases.Dispose();
            throw;
        }
    }

    /// <summary>Puts the files of a tag into a folder.</summary>
    public async Task<string> CheckOutAsync(string tag)
    {
        var folder = _folder[tag];
        await GitAsync("clone", "--quiet", "--branch", tag, "--depth", "1", "file://" + Repository, folder);
        return folder;
    }

    public void Dispose()
    {
        // git writes its objects read-only.
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)) File.SetAttributes(file, FileAttributes.Normal);
        _folder.Dispose();
    }

    private async Task FillAsync()
    {
        Copy(Path.Combine(AppContext.BaseDirectory, "Fixtures", "NodeBacktestService"), Repository);
        await GitAsync("init", "--quiet", "--initial-branch", "main", Repository);
        await ReleaseAsync("2.0.0", GoodAddress, GoodAddress);
        await ReleaseAsync("2.0.1", GoodAddress, WrongAddress);
        await ReleaseAsync("2.0.2", WrongAddress, GoodAddress);
    }

    private async Task ReleaseAsync(string version, string address, string newAddress)
    {
        var package = Path.Combine(Repository, "package.json");
        var text = await File.ReadAllTextAsync(package);
        await File.WriteAllTextAsync(package, System.Text.RegularExpressions.Regex.Replace(text, "\"version\": \"[^\"]+\"", $"\"version\": \"{version}\""));
        var page = await File.ReadAllTextAsync(Path.Combine(Repository, PageFile));
        Assert.Contains(address, page, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(Repository, PageFile), page.Replace(address, newAddress, StringComparison.Ordinal));
        await GitAsync("-C", Repository, "add", "--all");
        await GitAsync("-C", Repository, "commit", "--quiet", "--message", $"Release {version}");
        await GitAsync("-C", Repository, "tag", $"v{version}");
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static async Task SkipWithoutAsync(string program, string argument)
    {
        try
        {
            await RunAsync(program, [argument]);
        }
        catch (Win32Exception)
        {
            Assert.Skip($"no {program} on this machine; install it to run this test");
        }
    }

    private static Task GitAsync(params string[] arguments) =>
        RunAsync("git", ["-c", "user.name=Fixture", "-c", "user.email=fixture@example.invalid", "-c", "commit.gpgsign=false", .. arguments]);

    private static async Task RunAsync(string program, string[] arguments)
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        // What the user has set up for git is no part of a test.
        process.StartInfo.Environment["GIT_CONFIG_GLOBAL"] = process.StartInfo.Environment["GIT_CONFIG_SYSTEM"] = "/dev/null";
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} gave {process.ExitCode}: {error}");
    }
}
