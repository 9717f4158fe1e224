using System.Reflection;
using BacktestOps.Contracts;
using OpenTelemetry.Resources;

namespace BacktestOps.Service;

/// <summary>Which release this is and which process runs it.</summary>
internal static class ServiceIdentity
{
    /// <summary>The release, for example <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        typeof(ServiceIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>This process, as the operating system tells it from a later one with the same id.</summary>
    public static HealthProcess Process { get; } = ReadProcess();

    /// <summary>Says in metrics whose they are. What an operator sets in OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES comes first.</summary>
    public static void Describe(ResourceBuilder resource) => resource
        .AddService("backtestops-service", serviceVersion: Version, serviceInstanceId: Instance)
        .AddEnvironmentVariableDetector();

    // One for each process, as OpenTelemetry asks for it, and nothing that tells of the machine.
    private static readonly string Instance = Guid.NewGuid().ToString();

    private static HealthProcess ReadProcess()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new HealthProcess(process.Id, process.StartTime.ToUniversalTime());
    }
}
