using System.Diagnostics;
using BacktestOps.Runs.PythonWorkers;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests.PythonWorkers;

/// <summary>Only files in the folder run, found by name and never by path.</summary>
public sealed class StrategyFolderTests : IDisposable
{
    private readonly TempFolder _outside = new(), _inside = new();

    private StrategyFolder Folder => new(_inside.Path);

    public void Dispose()
    {
        _outside.Dispose();
        _inside.Dispose();
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("sub/inner")]
    [InlineData("good.py")]
    [InlineData("./good")]
    [InlineData("")]
    [InlineData("good\0")]
    [InlineData("*")]
    public void ANameThatIsNoFilesNameFindsNothing(string name)
    {
        _outside.Write("secret.py", "raise SystemExit");
        _inside.Write("good.py", "x");
        _inside.Write("sub/inner.py", "x");

        Assert.Null(Folder.Find(name));
        Assert.Null(Folder.Find(Path.Combine(_outside.Path, "secret")));
    }

    [Fact]
    public void NamesAreFoundInAnyCaseAndFilesThatAreNoStrategiesAreNotListed()
    {
        _inside.Write("Good.py", "x = 1");
        _inside.Write("_helper.py", "x");
        _inside.Write(".hidden.py", "x");
        _inside.Write("two words.py", "x");
        _inside.Write("notes.txt", "x");

        Assert.Equal(["Good"], Folder.List().Select(file => file.Name));
        Assert.Equal("Good", Folder.Find("gOOD")!.Name);
    }

    [Fact]
    public void FilesThatDifferInCaseOnlyAreFoundByTheirExactNameAlone()
    {
        _inside.Write("good.py", "x = 1");
        _inside.Write("GOOD.py", "x = 2");
        Assert.SkipUnless(Directory.GetFiles(_inside.Path).Length == 2, "This file system does not tell upper from lower case.");

        Assert.Equal("GOOD", Folder.Find("GOOD")!.Name);
        Assert.Contains("differ in upper and lower case", Assert.Throws<PythonStrategyException>(() => Folder.Find("Good")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALinkOutOfTheFolderIsRefusedAndOneWithinItIsNot()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows that a test does not have.");
        var secret = _outside.Write("secret.py", "x = 1");
        _inside.Write("good.py", "x = 2");
        Link("absolute.py", secret);
        Link("relative.py", Path.Combine("..", Path.GetFileName(_outside.Path), "secret.py"));
        Link("chain.py", Path.Combine(_inside.Path, "absolute.py"));
        Directory.CreateSymbolicLink(Path.Combine(_inside.Path, "sub"), _outside.Path);
        Link("through.py", Path.Combine("sub", "secret.py"));
        Link("back.py", Path.Combine("sub", "..", "good.py"));
        Link("dangling.py", Path.Combine(_inside.Path, "nothing.py"));
        Link("within.py", "good.py");

        foreach (var name in (string[])["absolute", "relative", "chain", "through"])
        {
            var fault = Assert.Throws<PythonStrategyException>(() => Folder.Find(name));
            Assert.Contains("link out of the folder", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(_outside.Path, fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal("x = 2"u8.ToArray(), Folder.Find("within")!.Content);
        // Whatever the path is taken to mean, what is read is a file of the folder.
        Assert.Equal("x = 2"u8.ToArray(), Folder.Find("back")!.Content);
        Assert.Contains("it is gone", Assert.Throws<PythonStrategyException>(() => Folder.Find("dangling")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APipeAHugeFileAndAnUnreadableOneAreFaultsAndNeverAHang()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes in folders.");
        using (var mkfifo = Process.Start("mkfifo", Path.Combine(_inside.Path, "pipe.py")))
            mkfifo.WaitForExit();
        _inside.Write("huge.py", new string('#', (1 << 20) + 1));

        Assert.Contains("is empty", Assert.Throws<PythonStrategyException>(() => Folder.Find("pipe")).Message, StringComparison.Ordinal);
        Assert.Contains("1048577 bytes", Assert.Throws<PythonStrategyException>(() => Folder.Find("huge")).Message, StringComparison.Ordinal);
    }

    private void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(_inside.Path, name), target);
}
