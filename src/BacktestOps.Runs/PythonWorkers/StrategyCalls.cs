using System.Buffers.Binary;
using System.Globalization;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Runs.PythonWorkers;

/// <summary>Calls a strategy in a worker and judges what comes back.</summary>
internal sealed class StrategyCalls(PythonPool pool, PythonSettings settings)
{
    /// <summary>What a file says of itself.</summary>
    /// <exception cref="PythonStrategyException">The file is no strategy.</exception>
    public StrategyDescription Describe(StrategySource source, CancellationToken cancellationToken)
    {
        var call = new WorkerCall { Call = "describe", File = source.FileName, SourceBytes = source.Content.Length };
        var (reply, _) = pool.Call(call, source.Content, 0, PythonSettings.ShortLimit, cancellationToken);
        ThrowOnFault(reply, source, allBars: null);
        return reply.Strategy ?? throw new PythonStrategyException($"{source.FileName}: the worker described nothing.");
    }

    /// <summary>The targets of one symbol, checked, and probed for look-ahead.</summary>
    /// <param name="source">The strategy.</param>
    /// <param name="parameters">A value for each of its parameters.</param>
    /// <param name="bars">The bars.</param>
    /// <param name="cancellationToken">Kills the worker that computes.</param>
    /// <exception cref="PythonStrategyException">The strategy failed or gave what is no target.</exception>
    public double[] Targets(
        StrategySource source, IReadOnlyDictionary<string, double> parameters, BarSeries bars, CancellationToken cancellationToken)
    {
        var body = Body(source, bars);
        var targets = Ask(source, parameters, bars, body, bars.Count, settings.TimeLimit, cancellationToken);
        var begun = settings.Clock.GetTimestamp();
        foreach (var cut in LookAheadProbe.Cuts(targets))
        {
            // The probe as a whole may take as long as the targets did at most.
            var left = settings.TimeLimit - settings.Clock.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero) throw PythonProcess.TooLate(source.FileName, settings.TimeLimit);
            var answer = Ask(source, parameters, bars, body, cut, left, cancellationToken);
            if (LookAheadProbe.Difference(targets, answer) is { } at)
                throw new PythonStrategyException(LooksAhead(source, bars, targets, answer, at));
        }

        return targets;
    }

    private double[] Ask(
        StrategySource source, IReadOnlyDictionary<string, double> parameters, BarSeries bars, byte[] body, int length, TimeSpan limit, CancellationToken cancellationToken)
    {
        var call = new WorkerCall
        {
            Call = "signals",
            File = source.FileName,
            SourceBytes = source.Content.Length,
            Symbol = bars.Symbol,
            Bars = bars.Count,
            HasAdjustedClose = bars.HasAdjustedClose,
            Length = length,
            Parameters = parameters,
        };
        var (reply, data) = pool.Call(call, body, checked(length * sizeof(double)), limit, cancellationToken);
        ThrowOnFault(reply, source, bars.Count);
        if (data.Length != length * sizeof(double))
            throw new PythonStrategyException($"{source.FileName}: the worker answered with another number of targets than there are bars.");
        var answer = ReadTargets(data);
        Check(source, bars, answer);
        return answer;
    }

    private static double[] ReadTargets(ReadOnlySpan<byte> data)
    {
        var targets = new double[data.Length / sizeof(double)];
        for (var t = 0; t < targets.Length; t++)
            targets[t] = BinaryPrimitives.ReadDoubleLittleEndian(data[(t * sizeof(double))..]);
        return targets;
    }

    private static void Check(StrategySource source, BarSeries bars, double[] targets)
    {
        for (var t = 0; t < targets.Length; t++)
        {
            if (targets[t] is >= -1 and <= 1)
                continue;
            var shown = double.IsNaN(targets[t]) ? "NaN" : targets[t].ToString("R", CultureInfo.InvariantCulture);
            var hint = double.IsFinite(targets[t])
                ? "a target is from -1 (short with all the cash of the symbol) over 0 (flat) to 1 (long with all of it)"
                : "say 0 where there is no answer yet";
            throw new PythonStrategyException($"{source.FileName}: the target of {At(bars, t)} is {shown}; {hint}.");
        }
    }

    private void ThrowOnFault(WorkerReply reply, StrategySource source, int? allBars)
    {
        if (reply.Fault is not { } fault)
            return;
        if (fault.Trace is { Length: > 0 })
            settings.Log($"{source.FileName} (SHA-256 {source.Digest}) failed:{Environment.NewLine}{fault.Trace.TrimEnd()}");
        var place = fault.Line is { } line ? FormattableString.Invariant($"{source.FileName}, line {line}") : source.FileName;
        var message = Text.OneLine(fault.Message, 500);
        throw new PythonStrategyException(fault.Kind switch
        {
            "memory" => PythonProcess.OutOfMemory(place, settings.MemoryLimit),
            "garbage" => PythonProcess.Garbage(source.FileName, message),
            "exit" => $"{place}: it ended its process ({message}); a strategy returns.",
            // On fewer bars it is the probe that failed; whoever reads must know that the bars were cut.
            _ when fault.Bars < allBars => FormattableString.Invariant($"{place}: {message} (with the first {fault.Bars} of {allBars} bars, as it would have been called on that day)"),
            _ => $"{place}: {message}",
        });
    }

    private static string LooksAhead(StrategySource source, BarSeries bars, double[] targets, double[] answer, int t) => FormattableString.Invariant(
        $"{source.FileName} looks ahead: with the first {answer.Length} of {bars.Count} bars the target of {At(bars, t)} is {answer[t]}, with all of them {targets[t]}. A target may rest on its own bar and those before it alone, and the same bars must give the same targets.");

    private static string At(BarSeries bars, int t) => FormattableString.Invariant($"bar {t} ({bars.Symbol}, {bars.Dates[t]:yyyy-MM-dd})");

    private static byte[] Body(StrategySource source, BarSeries bars)
    {
        var columns = new List<byte[]> { Dates(bars), Bytes(bars.Open), Bytes(bars.High), Bytes(bars.Low), Bytes(bars.Close), Bytes(bars.Volume) };
        if (bars.HasAdjustedClose)
            columns.Add(Bytes(bars.AdjustedClose));
        return [.. source.Content, .. columns.SelectMany(column => column)];
    }

    private static byte[] Bytes(ReadOnlySpan<double> values)
    {
        var bytes = new byte[values.Length * sizeof(double)];
        for (var t = 0; t < values.Length; t++)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(t * sizeof(double)), values[t]);
        return bytes;
    }

    private static byte[] Dates(BarSeries bars)
    {
        var bytes = new byte[bars.Count * sizeof(long)];
        for (var t = 0; t < bars.Count; t++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(t * sizeof(long)), (bars.Dates[t].Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
        return bytes;
    }
}
