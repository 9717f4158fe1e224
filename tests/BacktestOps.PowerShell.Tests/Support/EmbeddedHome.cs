using BacktestOps.PowerShell.Tests.Support;

[assembly: AssemblyFixture(typeof(EmbeddedHome))]

namespace BacktestOps.PowerShell.Tests.Support;

/// <summary>What the environment says for the whole test process, which it belongs to: the home folder and where the service is.</summary>
public sealed class EmbeddedHome : IDisposable
{
    public EmbeddedHome()
    {
        Folder = Directory.CreateTempSubdirectory("backtestops-home-").FullName;
        Environment.SetEnvironmentVariable("BACKTESTOPS_HOME", Folder);
        Environment.SetEnvironmentVariable("BACKTESTOPS_DATA", null);
        Environment.SetEnvironmentVariable("BACKTESTOPS_SERVICE", Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "..", "..", "BacktestOps.Service", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            "BacktestOps.Service.dll")));
    }

    public string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
