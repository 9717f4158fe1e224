using BacktestOps.Contracts;
using BacktestOps.Engine;
using BacktestOps.Engine.Bars;
using BacktestOps.Runs.MarketData;
using BacktestOps.Runs.MarketData.Inspection;
using BacktestOps.Runs.Stores;
using BacktestOps.Runs.Sweeps;

namespace BacktestOps.Runs.Execution;

/// <summary>Executes one run from its bars to its published result.</summary>
internal sealed class RunExecutor(
    EngineCalls engine, CatalogSet catalogs, RunStore store, ResultFiles files, ResultPublisher publisher, LiveRuns live, SweepExecutor sweeps, RunQueue queue, TimeSpan mostTime,
    string owner, TimeProvider clock)
{
    // How the hundred percent are shared out; loading is short beside simulating unless files are read for the first time.
    private const double Loaded = 10, Simulated = 95;

    /// <summary>Executes the run; it has ended when this returns.</summary>
    /// <param name="ticket">The run.</param>
    /// <param name="begun">Is called when the execution has begun.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It is to stop.</exception>
    /// <exception cref="BacktestUnavailableException">A part it needs is down; the run is as it was and can be executed later.</exception>
    /// <exception cref="IOException">As above.</exception>
    public void Execute(RunTicket ticket, Action begun, CancellationToken cancellationToken)
    {
        // Stoppable before it begins and shown after: a cancellation in between stops it, and nobody sees it running again.
        live.Enter(ticket);
        try
        {
            if (store.Begin(ticket.Id, owner, clock.ToMilliseconds()) is not { } run)
                return;
            live.Show(run);
            begun();
            Finish(run, ticket, cancellationToken);
        }
        finally
        {
            live.Leave(ticket.Id);
            DiscardIfEnded(ticket.Id);
        }
    }

    /// <summary>Tells that the run waits because a part it needs is down, if that can be told.</summary>
    public void Postpone(RunTicket ticket, Exception fault)
    {
        try
        {
            store.Postpone(ticket.Id, owner, $"waiting to be tried again: {WithoutHome(fault.Message)}");
        }
        catch (BacktestUnavailableException)
        {
            // The database itself is down: health tells.
        }
    }

    // A run that somebody cancels as its execution begins may make its work file after the canceller has looked for one.
    private void DiscardIfEnded(string id)
    {
        try
        {
            if (store.Find(id)?.Status.IsTerminal() == true)
                sweeps.Discard(id);
        }
        catch (BacktestUnavailableException)
        {
            // The database is down: the next opening removes it.
        }
    }

    // Everybody who may see the run reads it; the folder that this home is in is nobody's business but the operator's.
    private string WithoutHome(string text) => Path.GetDirectoryName(files.Folder) is { Length: > 1 } home
        ? text.Replace(home + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Replace(home, "home", StringComparison.Ordinal)
        : text;

    private void Finish(RunRecord run, RunTicket ticket, CancellationToken cancellationToken)
    {
        using var time = new TimeAllowance(mostTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Over, cancellationToken);
        ticket.PausedChanged = isPaused =>
        {
            time.Pause(isPaused);
            live.Pause(run.Id, isPaused);
        };
        try
        {
            Publish(run, token => queue.Pass(ticket, token), either.Token);
        }
        catch (OperationCanceledException) when (time.Over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Fail(run, FormattableString.Invariant($"The run took longer than {mostTime.TotalSeconds:0.###} s, which is the most that one run may take here. Ask for fewer symbols or a shorter range."));
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or BacktestUnavailableException or IOException or UnauthorizedAccessException))
        {
            Fail(run, Explain(fault));
        }
        finally
        {
            ticket.PausedChanged = null;
        }
    }

    private void Fail(RunRecord run, string error) =>
        store.Fail(run.Id, owner, clock.ToMilliseconds(), error, () =>
        {
            files.DiscardPublished(run.Id);
            sweeps.Discard(run.Id);
        });

    private void Publish(RunRecord run, Action<CancellationToken> pass, CancellationToken cancellationToken)
    {
        var request = run.ReadRequest();
        // The symbols' series in the order of the request, then the benchmark's, where there is one.
        var loaded = Load(run, request, pass, cancellationToken);
        if (request.Sweep is not null)
        {
            PublishSweep(run, request, loaded, pass, cancellationToken);
            return;
        }
        var outcome = Simulate(run, request, loaded, pass, cancellationToken);
        Publish(run, request, loaded, outcome, null, cancellationToken);
    }

    private void PublishSweep(RunRecord run, BacktestRequest request, List<MarketSeries> loaded, Action<CancellationToken> pass, CancellationToken cancellationToken)
    {
        try
        {
            var (universe, benchmark) = Split(request, loaded);
            var sweep = sweeps.Execute(
                run, request, universe, benchmark, loaded.Select(series => series.Fingerprint), (Loaded, Simulated), pass, cancellationToken);
            Publish(run, request, loaded, sweep.Outcome, sweep, cancellationToken);
            sweeps.Discard(run.Id);
        }
        finally
        {
            ResultFiles.Discard(files.TemporaryVariantsPathOf(run.Id, owner));
        }
    }

    private void Publish(
        RunRecord run, BacktestRequest request, List<MarketSeries> loaded, BacktestOutcome outcome, SweepOutcome? sweep, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        live.Report(run.Id, Simulated, "publishing the result");
        DataUsed[] data = [.. loaded.Select(series => Describe(series, request))];
        var symbols = request.Symbols.Count;
        publisher.Publish(
            run.Id, request, outcome, data[..symbols], data.Length > symbols ? data[symbols] : null, Warn(run, request, loaded, outcome),
            sweep?.Result, sweep?.VariantsPath);
    }

    private static (BarSeries[] Universe, BarSeries? Benchmark) Split(BacktestRequest request, List<MarketSeries> loaded) =>
        ([.. loaded.Take(request.Symbols.Count).Select(series => series.Bars)], request.Benchmark is null ? null : loaded[^1].Bars);

    private List<MarketSeries> Load(RunRecord run, BacktestRequest request, Action<CancellationToken> pass, CancellationToken cancellationToken)
    {
        var catalog = catalogs.For(run.DataPath);
        List<string> symbols = [.. request.Symbols];
        if (request.Benchmark is { } benchmark) symbols.Add(benchmark);
        var loaded = new List<MarketSeries>(symbols.Count);
        foreach (var symbol in symbols)
        {
            cancellationToken.ThrowIfCancellationRequested();
            pass(cancellationToken);
            live.Report(run.Id, Loaded * loaded.Count / symbols.Count, $"loading {symbol}");
            loaded.Add(catalog.Load(symbol));
        }

        return loaded;
    }

    private BacktestOutcome Simulate(
        RunRecord run, BacktestRequest request, List<MarketSeries> loaded, Action<CancellationToken> pass, CancellationToken cancellationToken)
    {
        live.Report(run.Id, Loaded, "simulating");
        // A strategy in Python holds its worker, which other runs may need: it makes no room once it has begun.
        var canPause = run.StrategyFingerprint is null;
        var (universe, benchmark) = Split(request, loaded);
        return engine.Run(request, universe, benchmark, new Teller(Tell), cancellationToken);

        void Tell(double fraction)
        {
            live.Report(run.Id, Loaded + (Simulated - Loaded) * fraction, "simulating");
            if (canPause) pass(cancellationToken);
        }
    }

    private static DataUsed Describe(MarketSeries series, BacktestRequest request)
    {
        var (start, count) = series.Within(request.From, request.To).GetOffsetAndLength(series.Bars.Count);
        if (count == 0)
            throw new MarketDataException(series.Source, null, $"'{series.Bars.Symbol}' no longer has a bar in the range of the run.", recommendedAction: "The data changed after the run was accepted. Start the backtest again, on the data as it is now.");
        return new DataUsed
        {
            Symbol = series.Bars.Symbol,
            First = series.Bars.Dates[start],
            Last = series.Bars.Dates[start + count - 1],
            Bars = count,
            Source = series.Source,
            Fingerprint = series.Fingerprint,
        };
    }

    private static List<string> Warn(RunRecord run, BacktestRequest request, List<MarketSeries> loaded, BacktestOutcome outcome)
    {
        var warnings = new List<string>();
        if (outcome.StrategyFile is { } file && run.StrategyFingerprint is { } accepted && accepted != file.Fingerprint)
            warnings.Add($"The strategy's file {file.Name} changed after the run was accepted (fingerprint {accepted} then); the result is of the file as it is now.");
        for (var i = 0; i < loaded.Count; i++)
        {
            // A benchmark that is traded too has said what there is to say.
            if (loaded.FindIndex(series => series.Bars.Symbol == loaded[i].Bars.Symbol) < i) continue;
            if (i < run.Fingerprints.Count && run.Fingerprints[i] != loaded[i].Fingerprint)
                warnings.Add($"The data of {loaded[i].Bars.Symbol} changed after the run was accepted (fingerprint {run.Fingerprints[i]} then); the result is of the data as it is now.");
            warnings.AddRange(loaded[i].Warnings);
            warnings.AddRange(DataWarnings.Of(loaded[i], request));
        }

        return warnings;
    }

    private static string Explain(Exception fault) => fault switch
    {
        BacktestOpsException known => $"{known.Message.TrimEnd('.')}. {known.RecommendedAction}", // a message of a strategy may lack its full stop
        _ => $"The run stopped with an unexpected error: {fault.Message} Report it with the request; other runs are not affected.",
    };

    /// <summary>Tells at once, in the thread that computes: <see cref="Progress{T}"/> would tell later, in any order.</summary>
    private sealed class Teller(Action<double> tell) : IProgress<double>
    {
        public void Report(double value) => tell(value);
    }
}
