using System.Security.Cryptography;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Engine;
using BacktestOps.Runs.Stores;

namespace BacktestOps.Runs.Execution;

/// <summary>Publishes a result once: temporary file, flush, rename, and digest and completion in one transaction.</summary>
internal sealed class ResultPublisher(RunStore store, ResultFiles files, string owner, TimeProvider clock)
{
    /// <summary>Publishes; false when the run was ended by somebody else meanwhile, and then nothing is left behind.</summary>
    public bool Publish(
        string backtestId, BacktestRequest request, BacktestOutcome outcome, IReadOnlyList<DataUsed> data, DataUsed? benchmarkData,
        IReadOnlyList<string> warnings, SweepResult? sweep = null, string? variantsPath = null)
    {
        var completedAt = clock.ToMilliseconds();
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new BacktestResult
            {
                BacktestId = backtestId,
                Status = BacktestStatus.Completed,
                Performance = outcome.Performance,
                ResultsFile = ResultFiles.NameOf(backtestId),
                CompletedAt = completedAt,
                Request = request,
                Conventions = outcome.Conventions,
                Data = data,
                StrategyFile = outcome.StrategyFile,
                Warnings = [.. warnings, .. outcome.Warnings],
                Trades = outcome.Trades,
                OpenPositions = outcome.OpenPositions,
                EquityCurve = outcome.EquityCurve,
                MonthlyReturns = outcome.MonthlyReturns,
                RollingSharpe = outcome.RollingSharpe,
                BenchmarkData = benchmarkData,
                BenchmarkCurve = outcome.BenchmarkCurve,
                Sweep = sweep,
            },
            ContractsJson.Default.BacktestResult);

        var temporary = files.WriteTemporary(backtestId, owner, content);
        try
        {
            var digest = Convert.ToHexStringLower(SHA256.HashData(content));
            return store.Complete(backtestId, owner, completedAt, digest, () => files.Publish(temporary, backtestId, variantsPath));
        }
        finally
        {
            ResultFiles.Discard(temporary);
        }
    }
}
