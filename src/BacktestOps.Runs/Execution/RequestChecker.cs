using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Engine;
using BacktestOps.Runs.MarketData;

namespace BacktestOps.Runs.Execution;

/// <summary>Looks at a request as a whole, with the data it asks for, and names every fault at once.</summary>
internal sealed class RequestChecker(EngineCalls engine, RunLimits limits)
{
    /// <summary>Checks a request.</summary>
    /// <exception cref="InvalidRequestException">It has faults.</exception>
    public CheckedRequest Check(
        BacktestRequest request, IMarketDataCatalog catalog, CancellationToken cancellationToken)
    {
        var faults = engine.Validate(request, new ValidationTerms { MostVariants = limits.Variants, CancellationToken = cancellationToken }).ToList();
        var spelled = new List<string>();
        var fingerprints = new List<string>();
        if (request.Symbols is { } asked && asked.Count > limits.Symbols)
            faults.Add(new RequestFault("symbols", string.Create(CultureInfo.InvariantCulture, $"names {asked.Count:N0} symbols"), string.Create(CultureInfo.InvariantCulture, $"at most {limits.Symbols:N0} a run")).As("too-many-symbols", ("count", asked.Count), ("most", limits.Symbols)));

        var bars = 0L;
        // A list that is missing, empty or too long is a fault of its own; what is in it is not looked up.
        var named = faults.Select(fault => fault.Field).ToHashSet(StringComparer.Ordinal);
        var symbols = named.Contains("symbols") ? [] : request.Symbols;
        var known = new HashSet<string>(StringComparer.Ordinal);
        if (symbols.Count > 1) catalog = catalog.ForOneRequest();
        var universe = new List<MarketSeries>();
        for (var i = 0; i < symbols.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var field = string.Create(CultureInfo.InvariantCulture, $"symbols[{i}]");
            // One fault a symbol is enough: what the engine found wrong with the name is not looked up.
            if (named.Contains(field))
                continue;
            if (Look(request, symbols[i], catalog, out var series) is { } found)
            {
                faults.Add(found with { Field = field });
                continue;
            }

            if (!known.Add(series!.Bars.Symbol))
                faults.Add(new RequestFault(field, $"'{symbols[i]}' stands there twice.").As("repeated-symbol", ("symbol", symbols[i])));
            spelled.Add(series.Bars.Symbol);
            fingerprints.Add(series.Fingerprint);
            universe.Add(series);
            if (!(request.From > request.To))
                bars += series.Within(request.From, request.To).GetOffsetAndLength(series.Bars.Count).Length;
        }

        var benchmark = request.Benchmark;
        MarketSeries? compared = null;
        if (benchmark is not null && !named.Contains("benchmark"))
        {
            if (Look(request, benchmark, catalog, out var series) is { } found)
                faults.Add(found with { Field = "benchmark" });
            else
                (benchmark, compared, fingerprints) = (series!.Bars.Symbol, series, [.. fingerprints, series.Fingerprint]);
        }

        if (bars > limits.Bars)
            faults.Add(new RequestFault("symbols", string.Create(CultureInfo.InvariantCulture, $"have {bars:N0} bars in the range"), string.Create(CultureInfo.InvariantCulture, $"at most {limits.Bars:N0} a run: fewer symbols, or a shorter range")).As("too-many-bars", ("bars", bars), ("most", limits.Bars)));

        if (faults.Count == 0) DataChecker.Check(request, universe, compared, faults, cancellationToken);
        if (faults.Count > 0) throw new InvalidRequestException(faults);
        var whole = engine.Normalize(request with { Symbols = spelled, Benchmark = benchmark });
        return new CheckedRequest(whole, fingerprints, engine.FileOf(whole)?.Fingerprint) { Bars = bars };
    }

    private static RequestFault? Look(BacktestRequest request, string symbol, IMarketDataCatalog catalog, out MarketSeries? series)
    {
        series = null;
        try
        {
            series = catalog.Load(symbol);
        }
        catch (UnknownSymbolException unknown)
        {
            return new RequestFault(symbol, unknown.Message).As("unknown-symbol", ("symbol", symbol));
        }
        catch (MarketDataException fault)
        {
            return new RequestFault(symbol, $"the data of '{symbol}' can't be used: {fault.Message}").As("unusable-data", ("symbol", symbol), ("reason", fault.Message));
        }

        if (request.Adjusted && !series.Bars.HasAdjustedClose)
        {
            return new RequestFault(symbol, $"'{symbol}' has no adjusted close ({series.Source}).", "leave 'adjusted' out, or add a column adj_close to the data")
                .As("no-adjusted-close", ("symbol", symbol));
        }

        // A range that is upside down is a fault of its own, found by the engine.
        if (!(request.From > request.To) && series.Within(request.From, request.To) is var range && range.End.Value <= range.Start.Value)
        {
            return new RequestFault(symbol, string.Create(CultureInfo.InvariantCulture,
                $"'{symbol}' has no bar {Range(request)}; its bars are from {series.Bars.Dates[0]:yyyy-MM-dd} to {series.Bars.Dates[^1]:yyyy-MM-dd}."))
                .As("no-bars-in-range", ("symbol", symbol), ("first", series.Bars.Dates[0]), ("last", series.Bars.Dates[^1]));
        }

        return null;
    }

    private static string Range(BacktestRequest request) => (request.From, request.To) switch
    {
        ({ } from, { } to) => string.Create(CultureInfo.InvariantCulture, $"from {from:yyyy-MM-dd} to {to:yyyy-MM-dd}"),
        ({ } from, null) => string.Create(CultureInfo.InvariantCulture, $"on or after {from:yyyy-MM-dd}"),
        (null, { } to) => string.Create(CultureInfo.InvariantCulture, $"on or before {to:yyyy-MM-dd}"),
        _ => "at all",
    };
}

/// <summary>A request without faults, and what it was found to rest on.</summary>
/// <param name="Request">The request with defaults filled in and symbols spelled as in the catalog.</param>
/// <param name="Fingerprints">The data's fingerprints in the order of the symbols, then the benchmark's.</param>
/// <param name="StrategyFingerprint">The fingerprint of the strategy's file; null for rules.</param>
internal sealed record CheckedRequest(BacktestRequest Request, IReadOnlyList<string> Fingerprints, string? StrategyFingerprint)
{
    /// <summary>Bars of its symbols in its range.</summary>
    public long Bars { get; init; }
}
