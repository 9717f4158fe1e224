using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Files;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Processes;
using BacktestOps.Operations.ServiceProcesses;
using BacktestOps.Operations.Services;

namespace BacktestOps.Operations.Deployments;

/// <summary>The outside things that a deployment works with.</summary>
public sealed record DeploymentTools
{
    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The disks.</summary>
    public IDisk Disk { get; init; } = new LocalDisk();

    /// <summary>What runs git, builds and the operator's commands.</summary>
    public ICommandRunner Commands { get; init; } = new CommandRunner(TimeProvider.System);

    /// <summary>What makes the smoke journey.</summary>
    public ISmokeJourney Smoke { get; init; } = new SmokeJourney();

    /// <summary>The operator's environment.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Who begins deployments, for the record.</summary>
    public string Operator { get; init; } = $"{Environment.UserName}@{Environment.MachineName}";

    /// <summary>What sends health requests; null for the default. Each call gives a new one.</summary>
    public Func<HttpMessageHandler>? Http { get; init; }

    /// <summary>What asks feedback channels and tells notification channels over HTTP; null for the default. Each call gives a new one.</summary>
    public Func<HttpMessageHandler>? ChannelHttp { get; init; }

    /// <summary>Called after each record of a journal is on the disk.</summary>
    public Action<JournalRecord>? Recorded { get; init; }

    /// <summary>The processes that listen on a port, by id; null where that can't be known, empty when nobody is seen to.</summary>
    public Func<int, IReadOnlyList<int>?> PortOwners { get; init; } = port => OperatingSystem.IsLinux() ? PortOwner.Owners(port) : null;

    /// <summary>Where what is started is written down; null where nothing is.</summary>
    internal StartedThings? Started { get; init; }

    /// <summary>The same things for one plan: what its commands say is kept without its secrets, and what is started is found again.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="layout">Its root.</param>
    /// <param name="hasLock">True when the caller has the root's lock.</param>
    /// <param name="keepsRecords">False to write nothing into the root.</param>
    internal DeploymentTools Guarded(DeploymentPlan plan, DeploymentLayout layout, bool hasLock, bool keepsRecords = true)
    {
        var started = new StartedThings(layout.Scope, keepsRecords ? layout.Started : null, Disk, hasLock);
        var inner = Commands is PlanCommands guarded ? guarded.Inner : Commands;
        return this with { Started = started, Commands = new PlanCommands(inner, Secrets.Resolve(plan, Variable).Redactor, started) };
    }

    /// <summary>What runs the service; null for what the plan says.</summary>
    internal Func<DeploymentPlan, DeploymentLayout, DeploymentTools, IServiceHost>? Host { get; init; }
}
