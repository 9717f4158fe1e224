using System.Reflection;
using BacktestOps.Contracts;

namespace BacktestOps.Service;

/// <summary>Which release this is and which process runs it.</summary>
internal static class ServiceIdentity
{
    /// <summary>The release, for example <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        typeof(ServiceIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>This process, as the operating system tells it from a later one with the same id.</summary>
    public static HealthProcess Process { get; } = ReadProcess();

    private static HealthProcess ReadProcess()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new HealthProcess(process.Id, process.StartTime.ToUniversalTime());
    }
}
