using System.Globalization;

namespace BacktestOps.Operations.FollowUps.Scheduling;

/// <summary>An entry of a machine's scheduler.</summary>
internal sealed record SchedulerEntry
{
    /// <summary>Its name, of which there is one a root.</summary>
    public required string Name { get; init; }

    /// <summary>The plan's name, for people.</summary>
    public required string Title { get; init; }

    /// <summary>The program, absolute, and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>What the program needs in its environment to start at all.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The minute of every hour at which it runs.</summary>
    public required int Minute { get; init; }

    /// <summary>Where its output is appended, where the scheduler keeps none itself.</summary>
    public required string LogPath { get; init; }

    /// <summary>The line that says whose an entry is.</summary>
    public string Mark => $"Written by Register-DeploymentFollowUp ({Name}); Unregister-DeploymentFollowUp removes it.";

    /// <summary>The minute as two digits.</summary>
    public string MinuteText => Minute.ToString("00", CultureInfo.InvariantCulture);
}

/// <summary>What a machine runs things by at their time.</summary>
internal interface IMachineScheduler
{
    /// <summary>Its name: <c>systemd</c>, <c>cron</c>, <c>task_scheduler</c>.</summary>
    string Name { get; }

    /// <summary>True when this machine has it and this user may use it.</summary>
    Task<bool> IsUsableAsync(CancellationToken cancellationToken);

    /// <summary>What would be written, for people to read.</summary>
    string Preview(SchedulerEntry entry);

    /// <summary>Puts an entry in place of its own earlier one, and touches no other.</summary>
    /// <returns>False when it was there already, as wanted.</returns>
    Task<bool> RegisterAsync(SchedulerEntry entry, CancellationToken cancellationToken);

    /// <summary>Takes exactly this entry out.</summary>
    /// <returns>False when there was none.</returns>
    Task<bool> UnregisterAsync(string name, CancellationToken cancellationToken);

    /// <summary>What an operator must know of it on this machine.</summary>
    Task<IReadOnlyList<string>> NoticesAsync(CancellationToken cancellationToken);
}
