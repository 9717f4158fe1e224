using System.Globalization;
using System.Net;
using BacktestOps.Runs;
using BacktestOps.Runs.PythonWorkers;

namespace BacktestOps.Service;

/// <summary>What the service is told at its start.</summary>
public sealed record ServiceOptions
{
    /// <summary>How the service is called on a command line.</summary>
    public const string Usage =
        """
        Usage: dotnet BacktestOps.Service.dll [--urls ADDRESS] [--home DIR] [--data DIR] [more of the options below]

          --urls ADDRESS       where to listen; several are separated by ';'. Default http://127.0.0.1:3000. Port 0 takes any free port.
                               An address that other machines can reach needs --api-key-file, or --allow-anonymous.
          --home DIR           the folder of runs and results. Default: BACKTESTOPS_HOME, else the user's application data.
          --data DIR           a folder of CSV files, one a symbol. Default: BACKTESTOPS_DATA, else the bundled data.
          --python-strategies DIR
                               a folder of strategies in Python, which run with the rights of the service.
                               Default: BACKTESTOPS_PYTHON_STRATEGIES, else there are none.
          --python PATH        the interpreter for them. Default: BACKTESTOPS_PYTHON, else python3.
          --max-python-time S  seconds that such a strategy may compute for one symbol. Default 60.
          --max-python-memory MB
                               megabytes (10^6 bytes) that a worker may have. Default 2147.
          --api-key-file FILE  callers need one of its API keys, as 'Authorization: Bearer KEY'. The file holds hashes only.
          --add-api-key NAME   make a new key, add its hash to --api-key-file, print the key (this once), and end.
          --allow-anonymous    let everybody who reaches the service use it.
          --tls-cert FILE      the certificate of https addresses, PEM or PKCS #12 (.pfx), with those that vouch for it after it.
          --tls-key FILE       its private key, PEM, where the certificate's file does not hold it.
          --tls-password-file FILE
                               a file whose first line is the password of the PKCS #12 file or of the key.
                               Default: BACKTESTOPS_TLS_PASSWORD, else there is none.
          --max-queued N       runs that may wait; one more is refused with 429. Default 20000.
          --max-symbols N      symbols of one run. Default 1000.
          --max-bars N         bars of one run over all its symbols. Default 20000000.
          --max-variants N     combinations of one sweep, or as many as it draws. Default 10000000.
          --max-run-time S     seconds that one execution may take. Default 1800.
          --log-format FORMAT  text or json, one line an event. Default text.
          --version            print the version.
          --help               print this.

        The exit code is 0 after a stop that was asked for, 2 for a wrong command line, and 1 for any other reason.
        """;

    /// <summary>Where the service listens when nothing else is said.</summary>
    public const string DefaultUrl = "http://127.0.0.1:3000";

    /// <summary>Where to listen, at least one address.</summary>
    public IReadOnlyList<ListenAddress> Listen { get; init; } = [new(new IPEndPoint(IPAddress.Loopback, 3000), IsTls: false)];

    /// <summary>The folder of runs and results; null for the environment's or the user's.</summary>
    public string? HomePath { get; init; }

    /// <summary>The folder of market data; null for the environment's or the bundled data.</summary>
    public string? DataPath { get; init; }

    /// <summary>The folder of strategies in Python; null for the environment's or none.</summary>
    public string? PythonStrategiesPath { get; init; }

    /// <summary>The Python interpreter; null for the environment's or <c>python3</c>.</summary>
    public string? PythonPath { get; init; }

    /// <summary>The longest that a strategy in Python may compute for one symbol; null for the usual.</summary>
    public TimeSpan? PythonTimeLimit { get; init; }

    /// <summary>The most memory of a Python worker, in bytes; null for the usual.</summary>
    public long? PythonMemoryLimit { get; init; }

    /// <summary>The file of API key hashes; null when callers need no key.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>The name of a key to make instead of serving; null to serve.</summary>
    public string? AddApiKey { get; init; }

    /// <summary>True to serve everybody at an address that other machines can reach.</summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>The certificate of https addresses; null for none.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The private key of a PEM certificate; null when the certificate's file holds it.</summary>
    public string? TlsKey { get; init; }

    /// <summary>The file with the password of the certificate or its key; null for the environment's or none.</summary>
    public string? TlsPasswordFile { get; init; }

    /// <summary>True for a log of JSON documents, one a line.</summary>
    public bool LogsJson { get; init; }

    /// <summary>What runs may take.</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>True when other machines can reach the service.</summary>
    public bool IsPublic => Listen.Any(address => address.IsPublic);

    /// <summary>Reads a command line.</summary>
    /// <param name="args">Its arguments.</param>
    /// <exception cref="ServiceOptionsException">An argument is wrong.</exception>
    public static ServiceOptions Parse(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var options = new ServiceOptions();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--allow-anonymous")
            {
                options = options with { AllowAnonymous = true };
                continue;
            }

            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            if (!Takers.TryGetValue(name, out var take))
                throw new ServiceOptionsException($"'{name}' is not an option; --help lists them."); // its value may be a secret
            if (value is null && ++i < args.Count)
                value = args[i];
            if (string.IsNullOrWhiteSpace(value))
                throw new ServiceOptionsException($"{name} has no value; --help shows what it takes.");
            options = take(options, name, value);
        }

        options.ThrowIfUnsafe();
        return options;
    }

    private static readonly Dictionary<string, Func<ServiceOptions, string, string, ServiceOptions>> Takers = new(StringComparer.Ordinal)
    {
        ["--urls"] = (options, _, value) => options with { Listen = ParseUrls(value) },
        ["--home"] = (options, name, value) => options with { HomePath = FullPath(name, value) },
        ["--data"] = (options, name, value) => options with { DataPath = FullPath(name, value) },
        ["--python-strategies"] = (options, name, value) => options with { PythonStrategiesPath = FullPath(name, value) },
        // A name without a folder is looked up in PATH.
        ["--python"] = (options, name, value) => options with { PythonPath = Path.GetFileName(value) == value ? value : FullPath(name, value) },
        ["--max-python-time"] = (options, name, value) => options with { PythonTimeLimit = TimeSpan.FromSeconds(Number(name, value)) },
        ["--max-python-memory"] = (options, name, value) => options with { PythonMemoryLimit = Number(name, value) * 1_000_000L },
        ["--api-key-file"] = (options, name, value) => options with { ApiKeyFile = FullPath(name, value) },
        ["--add-api-key"] = (options, _, value) => options with { AddApiKey = value },
        ["--tls-cert"] = (options, name, value) => options with { TlsCertificate = FullPath(name, value) },
        ["--tls-key"] = (options, name, value) => options with { TlsKey = FullPath(name, value) },
        ["--tls-password-file"] = (options, name, value) => options with { TlsPasswordFile = FullPath(name, value) },
        ["--log-format"] = (options, _, value) => value is "text" or "json"
            ? options with { LogsJson = value == "json" }
            : throw new ServiceOptionsException($"--log-format '{value}' is neither text nor json; --help says more."),
        ["--max-queued"] = (options, name, value) => options with { Limits = options.Limits with { Queued = Number(name, value) } },
        ["--max-symbols"] = (options, name, value) => options with { Limits = options.Limits with { Symbols = Number(name, value) } },
        ["--max-bars"] = (options, name, value) => options with { Limits = options.Limits with { Bars = Number(name, value) } },
        ["--max-variants"] = (options, name, value) => options with { Limits = options.Limits with { Variants = Number(name, value) } },
        ["--max-run-time"] = (options, name, value) => options with { Limits = options.Limits with { Time = TimeSpan.FromSeconds(Number(name, value)) } },
    };

    /// <summary>The options of strategies in Python.</summary>
    /// <param name="log">Told what goes to the log.</param>
    public PythonOptions ToPython(Action<string> log)
    {
        var usual = new PythonOptions();
        return usual with
        {
            StrategiesPath = PythonStrategiesPath,
            Interpreter = PythonPath,
            TimeLimit = PythonTimeLimit ?? usual.TimeLimit,
            MemoryLimit = PythonMemoryLimit ?? usual.MemoryLimit,
            Log = log,
        };
    }

    private void ThrowIfUnsafe()
    {
        if (Listen.FirstOrDefault(address => address.IsPublic) is { } open && ApiKeyFile is null && !AllowAnonymous)
        {
            throw new ServiceOptionsException(
                $"{open} can be reached from other machines, and no API key keeps strangers out: add --api-key-file FILE, "
                + $"listen on loopback ({DefaultUrl}), or say --allow-anonymous if everybody there may use the service.");
        }

        if (Listen.Any(address => address.IsTls) && TlsCertificate is null)
            throw new ServiceOptionsException("An https address needs --tls-cert FILE; --help says more.");
        if (TlsCertificate is null && (TlsKey ?? TlsPasswordFile) is not null)
            throw new ServiceOptionsException("--tls-key and --tls-password-file go with --tls-cert FILE; --help says more.");
        if (TlsCertificate is not null && !Listen.Any(address => address.IsTls))
            throw new ServiceOptionsException("--tls-cert is given and no address is https; write one with --urls https://127.0.0.1:3000.");
        if (AddApiKey is not null && ApiKeyFile is null)
            throw new ServiceOptionsException("--add-api-key needs --api-key-file FILE; --help says more.");
    }

    private static List<ListenAddress> ParseUrls(string urls)
    {
        var parts = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length == 0
            ? throw new ServiceOptionsException($"--urls has no address; write {DefaultUrl}.")
            : [.. parts.Select(ListenAddress.Parse)];
    }

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ServiceOptionsException($"{name} '{value}' is not a whole number above 0; --help says more.");

    private static string FullPath(string name, string value)
    {
        try
        {
            return Path.GetFullPath(value);
        }
        catch (Exception exception) when (exception is ArgumentException or PathTooLongException or NotSupportedException)
        {
            throw new ServiceOptionsException($"{name} '{value}' is not a path: {exception.Message}");
        }
    }
}

/// <summary>A command line that can't be followed.</summary>
/// <param name="message">Which argument, what is wrong with it, what would be right.</param>
public sealed class ServiceOptionsException(string message) : Exception(message);
