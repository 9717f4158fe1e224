using BacktestOps.Contracts;
using static System.FormattableString;

namespace BacktestOps.Engine;

/// <summary>Finds the faults of a request's cash, costs and margin.</summary>
internal static class MoneyChecker
{
    /// <summary>Names every fault.</summary>
    public static void Check(BacktestRequest request, List<RequestFault> faults)
    {
        var cash = RequestRanges.Of<BacktestRequest>(nameof(BacktestRequest.InitialCash));
        if (!(request.InitialCash > 0))
            faults.Add(new RequestFault("initial_cash", Invariant($"is {request.InitialCash}"), "a number above 0").As("not-above-zero", ("value", request.InitialCash)));
        else if (!cash.Takes(request.InitialCash))
            faults.Add(OutOfLimits("initial_cash", request.InitialCash, cash, $"{cash}, in the currency of the prices"));
        if (request.Commission is null) faults.Add(new("commission", "is null", "leave it out for no commission"));
        else CheckCommission(request.Commission, faults);
        if (request.Slippage is { } slippage) CheckSlippage(slippage, faults);
        if (request.VolumeLimit is { } limit)
            AddUnlessIn<BacktestRequest>("volume_limit", nameof(request.VolumeLimit), limit, "a fraction of a bar's volume; leave it out for no limit", faults);
        if (request.Margin is { } margin) CheckMargin(margin, faults);
        if (!Enum.IsDefined(request.Fill)) faults.Add(new("fill", Invariant($"is {request.Fill}"), "next_open or close"));
        if (request.Cash is { } sharing && !Enum.IsDefined(sharing)) faults.Add(new("cash", Invariant($"is {sharing}"), "separate or shared"));
        if (request.Sleeves is { } sleeves) CheckSleeves(request, sleeves, faults);
    }

    private static void CheckCommission(CommissionTerms terms, List<RequestFault> faults)
    {
        if (!RequestRanges.Of<CommissionTerms>(nameof(terms.Rate)).Takes(terms.Rate))
            faults.Add(new RequestFault("commission.rate", Invariant($"is {terms.Rate}"), "from 0 to below 1; 0.001 is 10 basis points").As("not-a-rate", ("value", terms.Rate)));
        AddUnlessIn<CommissionTerms>("commission.minimum", nameof(terms.Minimum), terms.Minimum, "in the currency of the prices", faults);
        AddUnlessIn<CommissionTerms>("commission.per_share", nameof(terms.PerShare), terms.PerShare, "in the currency of the prices", faults);
        if (terms.Maximum is { } most && !(RequestRanges.Money.Takes(most) && most >= terms.Minimum))
            faults.Add(new("commission.maximum", Invariant($"is {most} with a minimum of {terms.Minimum}"), Invariant($"the minimum or more, at most {RequestRanges.Money.Maximum}; leave it out for no limit")));
    }

    private static void CheckSlippage(SlippageTerms terms, List<RequestFault> faults)
    {
        AddUnlessIn<SlippageTerms>("slippage.basis_points", nameof(terms.BasisPoints), terms.BasisPoints, "basis points of the price", faults);
        AddUnlessIn<SlippageTerms>("slippage.spread_basis_points", nameof(terms.SpreadBasisPoints), terms.SpreadBasisPoints, "basis points of the price", faults);
        AddUnlessIn<SlippageTerms>("slippage.range_fraction", nameof(terms.RangeFraction), terms.RangeFraction, "a fraction of high - low", faults);
        AddUnlessIn<SlippageTerms>("slippage.volume_impact", nameof(terms.VolumeImpact), terms.VolumeImpact, "a factor; 0.1 moves the price by 0.1 % at a tenth of the volume", faults);
    }

    private static void CheckMargin(MarginTerms terms, List<RequestFault> faults)
    {
        if (!RequestRanges.Of<MarginTerms>(nameof(terms.Initial)).Takes(terms.Initial))
            AddUnlessIn<MarginTerms>("margin.initial", nameof(terms.Initial), terms.Initial, "1 buys nothing on credit, 0.5 as much again", faults);
        else if (!(RequestRanges.Of<MarginTerms>(nameof(terms.Maintenance)).Takes(terms.Maintenance) && terms.Maintenance <= terms.Initial))
            faults.Add(new("margin.maintenance", Invariant($"is {terms.Maintenance} with an initial margin of {terms.Initial}"), "0 or more, at most the initial margin"));
        AddUnlessIn<MarginTerms>("margin.borrow_rate", nameof(terms.BorrowRate), terms.BorrowRate, "a fraction a year; 0.03 is 3 %", faults);
        AddUnlessIn<MarginTerms>("margin.loan_rate", nameof(terms.LoanRate), terms.LoanRate, "a fraction a year; 0.05 is 5 %", faults);
    }

    private static void CheckSleeves(BacktestRequest request, IReadOnlyList<SleeveTerms> sleeves, List<RequestFault> faults)
    {
        if (request.Cash is not null) faults.Add(new("cash", "stands beside sleeves", "leave one of them out: a sleeve shares its cash"));
        if (sleeves.Count > RequestValidator.MaxSymbols || sleeves.Sum(sleeve => (long)(sleeve?.Symbols?.Count ?? 0)) > RequestValidator.MaxSymbols)
        {
            faults.Add(new("sleeves", "name too many symbols", Invariant($"at most {RequestValidator.MaxSymbols} in all")));
            return;
        }
        if (sleeves.Count == 0) faults.Add(new("sleeves", "is empty", "leave it out, or give a sleeve"));
        var left = new HashSet<string>(request.Symbols?.OfType<string>() ?? [], StringComparer.OrdinalIgnoreCase);
        var sum = 0.0;
        for (var i = 0; i < sleeves.Count; i++)
        {
            var field = Invariant($"sleeves[{i}]");
            if (sleeves[i] is not { Symbols.Count: > 0 } sleeve)
            {
                faults.Add(new(field, "has no symbols", "name symbols of the request"));
                continue;
            }
            sum += sleeve.Share;
            AddUnlessIn<SleeveTerms>(field + ".share", nameof(sleeve.Share), sleeve.Share, "a fraction of the cash", faults);
            foreach (var symbol in sleeve.Symbols)
            {
                if (!left.Remove(symbol ?? ""))
                    faults.Add(new(field + ".symbols", $"'{RequestValidator.Printable(symbol ?? "")}' is no symbol of the request, or stands in a sleeve twice", "each symbol of the request in one sleeve"));
            }
        }
        // Tenths do not add up to 1 in doubles.
        if (sum > 1 + 1e-9) faults.Add(new("sleeves", Invariant($"have shares that add up to {sum}"), "at most 1"));
        if (left.Count > 0 && sleeves.Count > 0)
            faults.Add(new("sleeves", $"leave out {RequestValidator.Printable(string.Join(", ", left.Order(StringComparer.OrdinalIgnoreCase)), 200)}", "each symbol of the request in one sleeve"));
    }

    /// <summary>The fault of a number that is not in its range.</summary>
    internal static RequestFault OutOfLimits(string field, double value, NumberRange range, string hint) =>
        new RequestFault(field, Invariant($"is {value}"), hint).As("out-of-limits", ("value", value), ("minimum", range.Minimum), ("maximum", range.Maximum));

    /// <summary>Adds the fault of a number that is not in the range of its member.</summary>
    internal static void AddUnlessIn<T>(string field, string member, double value, string hint, List<RequestFault> faults)
    {
        var range = RequestRanges.Of<T>(member);
        if (!range.Takes(value)) faults.Add(OutOfLimits(field, value, range, $"{range}: {hint}"));
    }
}
