using BacktestOps.Contracts;
using BacktestOps.Runs.MarketData;
using BacktestOps.Runs.PythonWorkers;
using BacktestOps.Runs.Stores;
using BacktestOps.Runs.Sweeps;

namespace BacktestOps.Runs.Execution;

/// <summary>Sees how each part is by using it.</summary>
internal sealed class RunnerCheckup(
    RunStore store, ResultFiles files, ResultsWatch results, SweepFiles sweeps, IMarketDataCatalog catalog, PythonStrategies? python, OwnerLease lease)
{
    /// <summary>How the parts are now.</summary>
    public RunnerHealth Look()
    {
        var (database, active) = LookAtDatabase();
        var folder = LookAtResults();
        // One that was put back from a backup, as a rollback does, works and lacks what came after it; one that knows nothing was lost.
        if (database.Problem is null && results.DatabaseProblem is { } lacking)
            database = results.IsDatabaseEmpty ? new PartHealth("incomplete", lacking) : database with { Problem = lacking };
        var health = new RunnerHealth(database, catalog.Check(), folder, active);
        return python is null ? health : health with { PythonWorker = python.Check() };
    }

    private PartHealth LookAtResults()
    {
        var folder = files.Check(lease.Owner);
        if (folder.Problem is not null) return folder;
        if (sweeps.Check() is { } problem) return new PartHealth("failed", problem);
        if (!lease.IsSeen)
            return new PartHealth("failed", "The lock of this process in the folder 'owners' is gone, so another process that shares the home would take its runs for those of a dead one. Restart the service.");
        results.LookIfDue();
        return results.ResultsProblem is { } lost ? new PartHealth("incomplete", lost) { IsDown = false } : folder;
    }

    private (PartHealth Health, int Active) LookAtDatabase()
    {
        if (!File.Exists(store.Path))
        {
            return (new PartHealth("missing", $"The run database '{store.Path}' is gone. Restore it from a backup, or start anew; a new one is made at the next start."), 0);
        }

        try
        {
            var active = store.Probe();
            store.Integrity.LookIfDue();
            return store.Integrity.Fault is { } damage
                ? (new PartHealth(StoreFault.Word(damage), $"{damage.Message} {damage.RecommendedAction}"), active)
                : (new PartHealth("connected", null), active);
        }
        catch (BacktestUnavailableException fault)
        {
            return (new PartHealth(StoreFault.Word(fault), $"{fault.Message} {fault.RecommendedAction}"), 0);
        }
    }
}
