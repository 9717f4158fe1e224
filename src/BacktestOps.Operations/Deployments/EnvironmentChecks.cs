using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.ServiceProcesses;

namespace BacktestOps.Operations.Deployments;

/// <summary>Whether the operator's environment has what a plan requires. Of variables only their presence is looked at.</summary>
internal sealed class EnvironmentChecks(DeploymentPlan plan, DeploymentTools tools, CheckWriter write)
{
    public IEnumerable<CheckResult> Run()
    {
        foreach (var name in plan.Requirements.Environment)
        {
            yield return string.IsNullOrEmpty(tools.Variable(name))
                ? write.Fail("environment variable", name, "set", "not set", $"Set {name} in the environment that the deployment is begun from.")
                : write.Pass("environment variable", name, "set", "set");
        }

        // Who can be heard and told is part of being ready: else it is found out when the release has failed and nobody hears of it.
        var secrets = Secrets.Resolve(plan, tools.Variable);
        if (secrets.FileFault is { } fault) yield return write.Fail("secrets file", plan.Service.SecretsFile!, "NAME=value lines, mode 0600", fault, "Mend the file.");
        foreach (var name in secrets.Missing) yield return Missing(name, name);
        foreach (var name in secrets.TooShort)
            yield return write.Fail(
                "secret", name, string.Create(CultureInfo.InvariantCulture, $"{Redactor.MinimumLength} characters or more"), "shorter",
                "Take a longer one: so few characters are part of other words, and can't be taken out of logs, evidence and messages.");
        foreach (var (name, channel) in PlanSecrets.ByChannel(plan))
        {
            var subject = $"{name} of {channel}";
            yield return secrets.Find(name) is null ? Missing(name, subject) : write.Pass("secret", subject, "set", "set");
        }
    }

    private CheckResult Missing(string name, string subject) => write.Fail(
        "secret", subject, "set", "not set",
        $"Set {name} in the operator's environment{(plan.Service.SecretsFile is null ? ", or name a service.secrets_file that has it" : $", or in '{plan.Service.SecretsFile}'")}.");

    /// <summary>Asks a tool for its version.</summary>
    public static async Task<CheckResult> ToolAsync(
        ToolRequirement tool, DeploymentTools tools, DeploymentLayout layout, CheckWriter write, CancellationToken cancellationToken)
    {
        var expected = tool.Minimum is null ? "any version" : $"{tool.Minimum} or later";
        var result = await tools.Commands.RunAsync(
            new CommandLine
            {
                Program = tool.Name,
                Arguments = tool.Arguments,
                Folder = layout.CommandFolder,
                Timeout = TimeSpan.FromSeconds(20),
            },
            cancellationToken).ConfigureAwait(false);
        var said = result.Output.Split('\n')[0].Trim();
        if (result.ExitCode != 0) return write.Fail("tool", tool.Name, expected, $"'{tool.Name}' ended with {result.ExitCode}: {said}", $"Mend '{tool.Name}', or its arguments in the plan.");
        var version = ToolVersion.Find(said);
        if (tool.Minimum is null || version >= tool.Minimum) return write.Pass("tool", tool.Name, expected, said);
        return version is null
            ? write.Fail("tool", tool.Name, expected, $"no version in '{said}'", "Give the arguments that make it print its version.")
            : write.Fail("tool", tool.Name, expected, version.ToString(), $"Install {tool.Name} {tool.Minimum} or later.");
    }

    public static bool IsTaken(int port) => PortOwner.IsTaken(port, out _);

    /// <summary>Bytes as people read them, exactly.</summary>
    public static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");
}
