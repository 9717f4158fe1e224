using System.ComponentModel;
using System.Diagnostics;

namespace BacktestOps.Operations.ServiceProcesses;

/// <summary>The program that a service process runs.</summary>
/// <param name="FileName">The executable.</param>
/// <param name="Arguments">Its first arguments; the service's own follow.</param>
public sealed record ServiceCommand(string FileName, IReadOnlyList<string> Arguments)
{
    private const string Framework = "Microsoft.AspNetCore.App 10.";

    private const string Install =
        "Install the ASP.NET Core Runtime 10 (https://dotnet.microsoft.com/download/dotnet/10.0; the .NET 10 SDK has it) " +
        "and see that 'dotnet --list-runtimes' names it, or set DOTNET_ROOT to where it is.";

    /// <summary>The command for the service's assembly, run by the .NET that is installed.</summary>
    /// <param name="assemblyPath">The path of BacktestOps.Service.dll.</param>
    /// <param name="cancellationToken">Gives up looking.</param>
    /// <exception cref="ServiceProcessException">The assembly, .NET or its ASP.NET Core runtime is not there.</exception>
    public static async Task<ServiceCommand> ForAssemblyAsync(string assemblyPath, CancellationToken cancellationToken = default)
    {
        if (!File.Exists(assemblyPath))
            throw new ServiceProcessException(
                ServiceProcessFault.NotInstalled,
                $"The service's executable is not at '{assemblyPath}'.",
                "Build or install the module again; BACKTESTOPS_SERVICE can name another BacktestOps.Service.dll.");

        var dotnet = FindDotnet() ?? throw new ServiceProcessException(
            ServiceProcessFault.NotInstalled, "The service needs .NET, and there is no 'dotnet' in DOTNET_ROOT or PATH.", Install);
        if (!(await ListRuntimesAsync(dotnet, cancellationToken).ConfigureAwait(false)).Contains(Framework, StringComparison.Ordinal))
            throw new ServiceProcessException(
                ServiceProcessFault.NotInstalled, $"The service needs the ASP.NET Core Runtime 10, and '{dotnet}' has none.", Install);
        return new ServiceCommand(dotnet, [assemblyPath]);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', [FileName, .. Arguments]);

    private static string? FindDotnet()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var folders = new[] { Environment.GetEnvironmentVariable("DOTNET_ROOT") }
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
        return folders.Where(folder => !string.IsNullOrEmpty(folder)).Select(folder => Path.Combine(folder!, name)).FirstOrDefault(File.Exists);
    }

    private static async Task<string> ListRuntimesAsync(string dotnet, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(dotnet, ["--list-runtimes"]) { RedirectStandardOutput = true })!;
            return await process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Win32Exception error)
        {
            throw new ServiceProcessException(ServiceProcessFault.NotInstalled, $"'{dotnet}' could not be run: {error.Message}", Install, error);
        }
    }
}
