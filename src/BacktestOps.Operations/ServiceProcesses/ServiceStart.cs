namespace BacktestOps.Operations.ServiceProcesses;

/// <summary>How to start a service.</summary>
public sealed record ServiceStart
{
    /// <summary>The program that is the service.</summary>
    public required ServiceCommand Command { get; init; }

    /// <summary>The loopback port that it listens on; 0 for any that is free.</summary>
    public int Port { get; init; } = 3000;

    /// <summary>A folder of CSV files, absolute; null for the service's usual data.</summary>
    public string? DataPath { get; init; }

    /// <summary>A file of API key hashes, absolute; null for a service that asks for no key.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>A folder of strategies in Python, absolute; null for the environment's or none.</summary>
    public string? PythonStrategiesPath { get; init; }

    /// <summary>How long to wait until it is healthy.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
