using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs.MarketData;
using BacktestOps.Runs.Stores;

namespace BacktestOps.Runs.Execution;

/// <summary>Takes requests in: checked as a whole, stored durably, then queued.</summary>
internal sealed class RunAcceptor(
    RequestChecker checker, CatalogSet catalogs, string? dataPath, RunStore store, RunQueue queue, int mostQueued,
    Func<string, BacktestProgress> progress, string owner, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly StartKeys _keys = new(clock);

    /// <summary>Accepts a run.</summary>
    /// <exception cref="InvalidRequestException">The request has faults; nothing was stored.</exception>
    /// <exception cref="QueueFullException">As many runs wait as may wait; nothing was stored.</exception>
    public BacktestProgress Accept(BacktestRequest request, string? caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return AcceptNew(request, null, caller, cancellationToken);
    }

    /// <summary>Accepts a run under a key, or gives the run that the key stands for.</summary>
    /// <exception cref="InvalidRequestException">The request or the key has faults; nothing was stored.</exception>
    /// <exception cref="IdempotencyKeyReusedException">The key stands for another request.</exception>
    /// <exception cref="IdempotencyKeyInUseException">The first request with the key is still being looked at.</exception>
    public BacktestProgress Accept(BacktestRequest request, string idempotencyKey, string? caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var use = _keys.Enter(idempotencyKey);
        var key = _keys.For(idempotencyKey, request);
        // Before anything else: data that changed since, or a full queue, must not turn a repetition into an error.
        return store.FindKey(key) is { } kept ? Again(key, kept) : AcceptNew(request, key, caller, cancellationToken);
    }

    /// <summary>Looks at a request and stores nothing.</summary>
    public IReadOnlyList<RequestFault> Check(BacktestRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            checker.Check(request, catalogs.For(dataPath), cancellationToken);
            return [];
        }
        catch (InvalidRequestException invalid)
        {
            return invalid.Faults;
        }
    }

    private BacktestProgress AcceptNew(BacktestRequest request, StartKey? key, string? caller, CancellationToken cancellationToken)
    {
        RefuseIfFull();
        var found = checker.Check(request, catalogs.For(dataPath), cancellationToken);
        var (accepted, fingerprints, strategyFingerprint) = found;
        var cost = RunCost.Estimate(accepted, found.Bars, strategyFingerprint is not null);
        var json = JsonSerializer.Serialize(accepted, ContractsJson.Default.BacktestRequest);
        cancellationToken.ThrowIfCancellationRequested();

        // Stored and queued under one lock, so that the queue's order is that of acceptance.
        lock (_lock)
        {
            RefuseIfFull();
            while (true)
            {
                var at = clock.ToMilliseconds();
                var run = new RunRecord
                {
                    Id = BacktestIds.New(at),
                    Status = BacktestStatus.Queued,
                    RequestJson = json,
                    DataPath = dataPath,
                    Fingerprints = fingerprints,
                    StrategyFingerprint = strategyFingerprint,
                    Owner = owner,
                    AcceptedAt = at,
                    Caller = caller,
                    Cost = cost,
                };
                var added = store.Add(run, accepted.Symbols, key);
                // Another process of this home took the same key meanwhile.
                if (added.Kept is { } kept)
                    return Again(key!, kept);
                if (added.Sequence is not { } sequence)
                    continue;
                queue.Add(new RunTicket(sequence, run.Id, caller, cost));
                return run.ToProgress();
            }
        }
    }

    private BacktestProgress Again(StartKey key, KeptStart kept) => kept.Digest == key.Digest
        ? progress(kept.BacktestId)
        : throw new IdempotencyKeyReusedException($"The idempotency key '{key.Key}' stands for another request, backtest '{kept.BacktestId}'.");

    private void RefuseIfFull()
    {
        if (queue.Count >= mostQueued)
            throw new QueueFullException(FormattableString.Invariant($"{mostQueued:N0} backtests wait, and no more may wait here; this one was not accepted."));
    }
}
