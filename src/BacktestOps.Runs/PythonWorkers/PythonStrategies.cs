using System.Collections.Concurrent;
using BacktestOps.Contracts;
using BacktestOps.Engine;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Targets;
using BacktestOps.Runs.Execution;

namespace BacktestOps.Runs.PythonWorkers;

/// <summary>The strategies in Python of a runner, beside those of the engine: <c>py:NAME</c> is the file <c>NAME.py</c>.</summary>
internal sealed class PythonStrategies : IDisposable
{
    /// <summary>What the names of strategies in Python begin with.</summary>
    public const string Prefix = "py:";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly PythonSettings _settings;
    private readonly StrategyFolder _folder;
    private readonly PythonPool _pool;
    private readonly StrategyCalls _calls;
    private readonly Lock _lock = new();
    // By digest: a file that was changed is another one.
    private readonly ConcurrentDictionary<(string Name, string Digest), StrategyDescription> _described = new();
    private Task? _ping;

    /// <summary>Makes everything ready; no worker is started yet.</summary>
    public PythonStrategies(PythonSettings settings)
    {
        _settings = settings;
        _folder = new StrategyFolder(settings.Folder);
        _pool = new PythonPool(settings);
        _calls = new StrategyCalls(_pool, settings);
    }

    /// <summary>Starts the first worker, so that nobody waits for it later.</summary>
    public void Warm() => _ = Ping();

    /// <summary>The workers.</summary>
    public PythonPool Pool => _pool;

    /// <summary>The engine's calls, and these strategies'.</summary>
    /// <param name="engine">The engine's.</param>
    /// <param name="strategies">The strategies in Python; null where none are configured.</param>
    public static EngineCalls Join(EngineCalls engine, PythonStrategies? strategies) => engine with
    {
        Validate = (request, terms) => !IsPython(request.Strategy) ? engine.Validate(request, terms)
            : request.Sweep is not null ? [new("sweep", "runs through rules, and this strategy is in Python", "leave the sweep out, or write the strategy as rules")]
            : strategies is null ? Refuse(engine, request, terms, "strategies in Python are not configured here", "start the service with --python-strategies DIR")
            : strategies.Validate(engine, request, terms),
        Normalize = request => strategies is not null && IsPython(request.Strategy)
            ? TargetBacktester.Normalize(request, strategies.LoadAgain(request).Info) : engine.Normalize(request),
        FileOf = request => strategies is not null && IsPython(request.Strategy) ? strategies.LoadAgain(request).Source.Used : engine.FileOf(request),
        Run = (request, universe, benchmark, progress, cancellationToken) => !IsPython(request.Strategy)
            ? engine.Run(request, universe, benchmark, progress, cancellationToken)
            : strategies is not null ? strategies.Run(request, universe, benchmark, progress, cancellationToken)
            : throw new PythonStrategyException($"'{request.Strategy}' is a strategy in Python, and none are configured here any more."),
        Strategies = () => strategies is null ? engine.Strategies()
            : [.. engine.Strategies().Concat(strategies.List()).OrderBy(strategy => strategy.Name, StringComparer.Ordinal)],
    };

    /// <summary>How the worker is, seen by asking one.</summary>
    public PartHealth Check()
    {
        try
        {
            _ = _folder.List();
            Ping().WaitAsync(Patience, _settings.Clock).GetAwaiter().GetResult();
            return new PartHealth("ready", null);
        }
        catch (TimeoutException)
        {
            return new PartHealth("failed", $"The Python worker did not answer within {Patience.TotalSeconds:0} s; look at the load of the machine and the service's log.");
        }
        catch (BacktestOpsException fault)
        {
            return new PartHealth("failed", $"{fault.Message} {fault.RecommendedAction}");
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
            return new PartHealth("failed", "The service is stopping.");
        }
    }

    public void Dispose() => _pool.Dispose();

    private static bool IsPython(string? strategy) => strategy is not null && strategy.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    private static List<RequestFault> Refuse(EngineCalls engine, BacktestRequest request, ValidationTerms terms, string detail, string? hint)
    {
        // The faults beside the strategy are named too; its parameters can't be judged without it.
        var others = engine.Validate(request with { Strategy = "BuyAndHold", Parameters = new Dictionary<string, double>() }, terms);
        var name = Text.OneLine(request.Strategy, 64);
        return [new RequestFault("strategy", $"'{name}': {detail}", hint).As("unusable-strategy", ("strategy", name), ("reason", detail)), .. others];
    }

    private IReadOnlyList<RequestFault> Validate(EngineCalls engine, BacktestRequest request, ValidationTerms terms)
    {
        try
        {
            return TargetBacktester.Validate(request, Load(request.Strategy, terms.CancellationToken).Info);
        }
        catch (UnknownStrategyException)
        {
            var names = _folder.List().Select(file => Prefix + file.Name).ToArray();
            var hint = NameSuggestion.Nearest(request.Strategy, names) is { } nearest ? $"did you mean '{nearest}'?"
                : names.Length == 0 ? "the folder of Python strategies is empty" : $"known in Python: {string.Join(", ", names)}";
            return Refuse(engine, request, terms, "there is no such strategy", hint);
        }
        catch (PythonStrategyException fault)
        {
            return Refuse(engine, request, terms, fault.Message, null);
        }
        catch (PythonWorkerKilledException fault)
        {
            // Nobody knows whether the strategy is right; the same request may be taken later.
            throw new BacktestUnavailableException(fault.Message, fault.RecommendedAction, fault);
        }
    }

    private BacktestOutcome Run(
        BacktestRequest request, IReadOnlyList<BarSeries> universe, BarSeries? benchmark, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        try
        {
            var (source, info) = Load(request.Strategy, cancellationToken);
            if (TargetBacktester.Validate(request, info) is { Count: > 0 } faults)
                throw new PythonStrategyException($"{source.FileName} was changed after the run was accepted, and the request no longer fits: {string.Join("; ", faults)}.");
            request = TargetBacktester.Normalize(request, info);
            return TargetBacktester.Run(
                request, universe, benchmark, bars => _calls.Targets(source, request.Parameters, bars, cancellationToken), progress, cancellationToken)
                with { StrategyFile = source.Used };
        }
        catch (UnknownStrategyException)
        {
            throw new PythonStrategyException($"The file of the strategy '{request.Strategy}' is gone.");
        }
    }

    private (StrategySource Source, StrategyInfo Info) Load(string strategy, CancellationToken cancellationToken = default)
    {
        var source = _folder.Find(strategy[Prefix.Length..]) ?? throw new UnknownStrategyException();
        return (source, Describe(source, cancellationToken));
    }

    // The folder is its owner's, and a file may go between two looks at it.
    private (StrategySource Source, StrategyInfo Info) LoadAgain(BacktestRequest request)
    {
        try
        {
            return Load(request.Strategy);
        }
        catch (UnknownStrategyException)
        {
            throw new InvalidRequestException([new RequestFault("strategy", $"the file of '{Text.OneLine(request.Strategy, 64)}' has just gone").As("unknown-strategy", ("strategy", Text.OneLine(request.Strategy, 64)))]);
        }
    }

    private StrategyInfo Describe(StrategySource source, CancellationToken cancellationToken = default)
    {
        if (!_described.TryGetValue((source.Name, source.Digest), out var description))
        {
            description = _calls.Describe(source, cancellationToken);
            // Files that were changed many times must not fill the memory.
            if (_described.Count > 1000)
                _described.Clear();
            _described[(source.Name, source.Digest)] = description;
        }

        return new StrategyInfo
        {
            Name = Prefix + source.Name,
            Description = description.Description.Length > 0 ? description.Description : $"A strategy in Python, {source.FileName}.",
            Parameters = description.Parameters,
        };
    }

    /// <summary>All strategies in Python; one that can't be used says why in its description.</summary>
    public IEnumerable<StrategyInfo> List()
    {
        IReadOnlyList<(string Name, string Path)> files;
        try
        {
            files = _folder.List();
        }
        catch (BacktestUnavailableException)
        {
            // Health says it; the engine's own strategies are there all the same.
            yield break;
        }

        foreach (var (name, _) in files)
        {
            StrategyInfo? info;
            try
            {
                info = _folder.Find(name) is { } source ? Describe(source) : null;
            }
            catch (BacktestOpsException fault)
            {
                info = new StrategyInfo { Name = Prefix + name, Description = $"Can't be used: {fault.Message}", Parameters = [] };
            }

            if (info is not null)
                yield return info;
        }
    }

    // One at a time, shared by all who look meanwhile, so that a slow start is not begun again by every look.
    private Task Ping()
    {
        lock (_lock)
        {
            if (_ping is null or { IsCompleted: true })
                _ping = Task.Run(_pool.Ping);
            // Health that looked away meanwhile must not leave an exception that nobody saw.
            _ping.ContinueWith(task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return _ping;
        }
    }

    private sealed class UnknownStrategyException : Exception;
}
