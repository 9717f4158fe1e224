using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Deployments;

/// <summary>The values behind <c>secret:NAME</c>. They live in memory only, and go nowhere but into the service's environment.</summary>
internal sealed class Secrets
{
    private const string Prefix = "secret:";
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly IReadOnlyDictionary<string, string> _further;

    private Secrets(
        IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, string> further, IReadOnlyList<string> missing, string? fileFault, Redactor redactor) =>
        (Environment, _further, Missing, FileFault, Redactor) = (environment, further, missing, fileFault, redactor);

    /// <summary>The plan's environment with its secrets in it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The names of the service's secrets that are nowhere.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>The names of secrets that are too short to be taken out of texts.</summary>
    public required IReadOnlyList<string> TooShort { get; init; }

    /// <summary>Why the secrets' file is not used; null when it is, or none is named.</summary>
    public string? FileFault { get; }

    /// <summary>Takes the values out of text.</summary>
    public Redactor Redactor { get; }

    /// <summary>A secret that is not the service's: of a feedback or a notification channel; null when it is nowhere.</summary>
    /// <param name="name">Its name.</param>
    public string? Find(string name) => _further.GetValueOrDefault(name);

    /// <summary>Resolves the secrets of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="variable">The operator's environment.</param>
    public static Secrets Resolve(DeploymentPlan plan, Func<string, string?> variable)
    {
        var service = plan.Service;
        var file = ReadFile(service.SecretsFile, out var fault);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        var values = new List<string>();
        var missing = new List<string>();
        var tooShort = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in service.Environment)
        {
            if (!value.StartsWith(Prefix, StringComparison.Ordinal))
            {
                environment[name] = value;
                continue;
            }

            var secret = value[Prefix.Length..];
            var found = Value(secret);
            if (string.IsNullOrEmpty(found))
            {
                missing.Add(secret);
                continue;
            }

            environment[name] = found;
            values.Add(found);
            if (found.Length < Redactor.MinimumLength) tooShort.Add(secret);
        }

        var further = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in PlanSecrets.OfChannels(plan).Distinct(StringComparer.Ordinal))
        {
            if (Value(name) is not { Length: > 0 } found) continue;
            further[name] = found;
            if (found.Length < Redactor.MinimumLength) tooShort.Add(name);
        }

        return new Secrets(environment, further, missing, fault, new Redactor([.. values, .. further.Values, .. PlanSecrets.Open(plan)])) { TooShort = [.. tooShort] };

        string? Value(string name) => variable(name) is { Length: > 0 } own ? own : file.GetValueOrDefault(name);
    }

    private static Dictionary<string, string> ReadFile(string? path, out string? fault)
    {
        fault = null;
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        if (path is null) return secrets;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
            {
                fault = $"'{path}' can be read by others than its owner, so what is in it is no secret; set its mode to 0600";
                return secrets;
            }

            foreach (var line in File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
            {
                var parts = line.Split('=', 2);
                // The line is not quoted: it may hold the secret.
                if (parts.Length < 2) fault = $"'{path}' has a line that is not NAME=value";
                else secrets[parts[0].Trim()] = parts[1].Trim();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            fault = $"'{path}' can't be read: {error.Message}";
        }

        return secrets;
    }
}
