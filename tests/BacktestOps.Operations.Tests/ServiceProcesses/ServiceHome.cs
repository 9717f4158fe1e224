using System.Diagnostics;
using System.Globalization;
using BacktestOps.Operations.ServiceProcesses;

namespace BacktestOps.Operations.Tests.ServiceProcesses;

/// <summary>A home folder of its own, with whatever services a test leaves in it ended at the end.</summary>
internal sealed class ServiceHome : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("backtestops-services-").FullName;

    public Operations.ServiceProcesses.ServiceProcesses Services => new(Folder);

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The service as it was built beside this test.</summary>
    public static Task<ServiceCommand> RealService() => ServiceCommand.ForAssemblyAsync(
        Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "..", "..", "BacktestOps.Service", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            "BacktestOps.Service.dll")),
        Token);

    /// <summary>A program that stands for a service that does not do as it should.</summary>
    public static ServiceStart Script(string script, double seconds = 30) =>
        new() { Command = new ServiceCommand("/bin/sh", ["-c", script]), Port = 0, Timeout = TimeSpan.FromSeconds(seconds) };

    public string[] Files(string subfolder) =>
        Directory.Exists(Path.Combine(Folder, subfolder)) ? Directory.GetFiles(Path.Combine(Folder, subfolder)) : [];

    /// <summary>The process that a script wrote down with <c>echo $$ > pid</c>.</summary>
    public int WrittenProcessId() =>
        int.Parse(File.ReadAllText(Path.Combine(Folder, "pid")), CultureInfo.InvariantCulture);

    public static void Signal(int processId, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", processId.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        foreach (var service in Services.List().Where(service => service.IsRunning && service.ProcessId != Environment.ProcessId)) Signal(service.ProcessId, "KILL");
        Directory.Delete(Folder, recursive: true);
    }
}
