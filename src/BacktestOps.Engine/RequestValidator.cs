using BacktestOps.Contracts;
using BacktestOps.Engine.Rules;
using BacktestOps.Engine.Sweeps;
using static System.FormattableString;

namespace BacktestOps.Engine;

/// <summary>Finds every fault of a request that can be seen without the market data.</summary>
public static class RequestValidator
{
    /// <summary>The most symbols that one request may name.</summary>
    public const int MaxSymbols = 1000;

    /// <summary>The most characters that a symbol may have.</summary>
    public const int MaxSymbolLength = 64;

    /// <summary>All faults, in the order of the fields; empty for a good request.</summary>
    /// <param name="request">The request.</param>
    public static IReadOnlyList<RequestFault> Validate(BacktestRequest request) => Validate(request, ValidationTerms.Own);

    /// <summary>As above, for a caller who may go away.</summary>
    /// <param name="request">The request.</param>
    /// <param name="terms">What the check may take.</param>
    /// <exception cref="OperationCanceledException">The token of the terms was cancelled.</exception>
    public static IReadOnlyList<RequestFault> Validate(BacktestRequest request, ValidationTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return Check(request, terms).Faults;
    }

    /// <summary>The request with the strategy's name spelled as in the catalogue and every parameter given.</summary>
    /// <remarks>Two requests that ask for the same give equal bytes as JSON: parameters are in alphabetical order.</remarks>
    /// <param name="request">A request without faults.</param>
    /// <exception cref="InvalidRequestException">The request has faults.</exception>
    public static BacktestRequest Normalize(BacktestRequest request)
    {
        return Normalize(request, out _);
    }

    /// <summary>The request as <see cref="Normalize(BacktestRequest)"/> gives it, and its strategy.</summary>
    internal static BacktestRequest Normalize(BacktestRequest request, out CompiledStrategy strategy)
    {
        var (faults, found) = Check(request, ValidationTerms.Own);
        if (found is not { } requested || faults.Count > 0) throw new InvalidRequestException(faults);
        strategy = requested.Strategy;
        return request with
        {
            Symbols = [.. request.Symbols],
            Strategy = strategy.Info.Name,
            Rules = request.Rules is null ? null : request.Rules with { Name = strategy.Info.Name },
            Parameters = requested.Parameters,
            Sweep = SweepChecker.Normalize(request.Sweep, strategy),
            // Minus zero is zero, in bytes too.
            Commission = new CommissionTerms
            {
                Rate = request.Commission.Rate + 0.0,
                Minimum = request.Commission.Minimum + 0.0,
                PerShare = request.Commission.PerShare + 0.0,
                Maximum = request.Commission.Maximum,
            },
            RiskFreeRate = request.RiskFreeRate + 0.0,
        };
    }

    private static (List<RequestFault> Faults, (CompiledStrategy Strategy, SortedDictionary<string, double> Parameters)? Strategy) Check(BacktestRequest request, ValidationTerms terms)
    {
        ArgumentNullException.ThrowIfNull(request);
        var faults = new List<RequestFault>();
        CheckSymbols(request.Symbols, faults);
        var strategy = RequestedStrategy.Find(request, terms, faults);
        CheckRange(request, faults);
        MoneyChecker.Check(request, faults);
        CheckMeasures(request, faults);
        // A size beside wrong cash or margin would say the same thing twice.
        if (strategy is { Strategy: var found } && faults.Count == 0) SizeChecker.Check(request, found.Definition, faults);
        return (faults, strategy);
    }

    private static void CheckSymbols(IReadOnlyList<string>? symbols, List<RequestFault> faults)
    {
        if (symbols is null || symbols.Count == 0)
        {
            faults.Add(new RequestFault("symbols", "is empty", "name at least one symbol").As("no-symbols"));
            return;
        }
        if (symbols.Count > MaxSymbols)
        {
            faults.Add(new RequestFault("symbols", Invariant($"has {symbols.Count} of them"), Invariant($"at most {MaxSymbols} in one run")).As("too-many-symbols", ("count", symbols.Count), ("most", MaxSymbols)));
            return;
        }
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < symbols.Count; i++)
        {
            var symbol = symbols[i];
            var field = Invariant($"symbols[{i}]");
            if (NotASymbol(symbol) is { } fault)
                faults.Add(new RequestFault(field, fault.Detail, fault.Hint).As("not-a-symbol", ("symbol", Printable(symbol ?? ""))));
            else if (!seen.TryAdd(symbol, i))
                faults.Add(new RequestFault(field, Invariant($"'{symbol}' repeats symbols[{seen[symbol]}]"), "name each symbol once").As("repeated-symbol", ("symbol", symbol)));
        }
    }

    private static (string Detail, string Hint)? NotASymbol(string? symbol)
    {
        if (string.IsNullOrWhiteSpace(symbol)) return ("is blank", "name a symbol");
        if (symbol.Length > MaxSymbolLength) return (Invariant($"has {symbol.Length} characters"), Invariant($"at most {MaxSymbolLength}"));
        return symbol.Any(char.IsControl) || symbol != symbol.Trim()
            ? ($"'{Printable(symbol)}' has blanks around it or control characters", "name the symbol alone")
            : null;
    }

    private static void CheckRange(BacktestRequest request, List<RequestFault> faults)
    {
        if (request.From > request.To)
        {
            faults.Add(new RequestFault(
                "from", Invariant($"{request.From:yyyy-MM-dd} is after to, {request.To:yyyy-MM-dd}"),
                "from is the first day, to the last").As("reversed-range", ("from", request.From), ("to", request.To)));
        }
    }

    private static void CheckMeasures(BacktestRequest request, List<RequestFault> faults)
    {
        var (years, rates) = (RequestRanges.Of<BacktestRequest>(nameof(request.PeriodsPerYear)), RequestRanges.Of<BacktestRequest>(nameof(request.RiskFreeRate)));
        if (request.PeriodsPerYear is { } periods && !years.Takes(periods))
            faults.Add(MoneyChecker.OutOfLimits("periods_per_year", periods, years, $"{years}; leave it out to take it from the bars"));
        if (!rates.Takes(request.RiskFreeRate))
            faults.Add(MoneyChecker.OutOfLimits("risk_free_rate", request.RiskFreeRate, rates, $"a fraction a year {rates}; 0.03 is 3 %"));
        if (request.Benchmark is { } benchmark && NotASymbol(benchmark) is { } fault)
            faults.Add(new("benchmark", fault.Detail, fault.Hint));
    }

    // A name from outside goes into messages and logs: one line, and no longer than a name.
    internal static string Printable(string text, int most = MaxSymbolLength)
    {
        var line = string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));
        return line.Length <= most ? line : $"{line[..most]}…";
    }
}
