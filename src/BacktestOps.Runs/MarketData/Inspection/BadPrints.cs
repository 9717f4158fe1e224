using BacktestOps.Contracts;
using static System.FormattableString;

namespace BacktestOps.Runs.MarketData.Inspection;

/// <summary>Finds prices that no price beside them supports.</summary>
/// <remarks>
/// A price is supported by the bar's own open and close and by every price of the bars before and after. What lies beyond all of
/// them by more than 2 % and four times the usual range is looked at. A high or a low far out on a day that drew a crowd (2.5 times
/// the usual money, as in the flash crashes) is taken for real, up to ten times the usual range; a wrong print draws nobody.
/// The limits were set on the eight stocks of the tests' real prices: there they part 2010-05-06 (3.9 times, real) from
/// the mildest print that is surely wrong.
/// </remarks>
internal static class BadPrints
{
    private const double LeastDistance = 0.02, Suspect = 4, Impossible = 10, CrowdOfAnEvent = 2.5;

    // Fewer bars than this give no idea of what is usual.
    private const int LeastBars = 8;

    public static void Find(InspectedBars bars, List<MarketDataFinding> found)
    {
        if (bars.Count < LeastBars) return;
        for (var t = 0; t < bars.Count; t++)
        {
            var (low, high) = Neighbours(bars, t);
            var (open, close) = (bars.Open[t], bars.Close[t]);
            // A wrong open or close is also the bar's high or low; it is named once, as what it is.
            var badOpen = Judge(bars, t, "open", open, Math.Min(low, close), Math.Max(high, close), eventsCount: false, found);
            var badClose = Judge(bars, t, "close", close, Math.Min(low, open), Math.Max(high, open), eventsCount: true, found);
            (low, high) = (Math.Min(low, Math.Min(open, close)), Math.Max(high, Math.Max(open, close)));
            if (!(badOpen && bars.Raw.High[t] <= bars.Raw.Open[t]) && !(badClose && bars.Raw.High[t] <= bars.Raw.Close[t]))
                Judge(bars, t, "high", bars.High[t], low, high, eventsCount: true, found);
            if (!(badOpen && bars.Raw.Low[t] >= bars.Raw.Open[t]) && !(badClose && bars.Raw.Low[t] >= bars.Raw.Close[t]))
                Judge(bars, t, "low", bars.Low[t], low, high, eventsCount: true, found);
        }
    }

    private static (double Low, double High) Neighbours(InspectedBars bars, int t)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var beside = Math.Max(0, t - 1); beside <= Math.Min(bars.Count - 1, t + 1); beside++)
        {
            if (beside == t) continue;
            low = Math.Min(low, Math.Min(bars.Low[beside], Math.Min(bars.Open[beside], bars.Close[beside])));
            high = Math.Max(high, Math.Max(bars.High[beside], Math.Max(bars.Open[beside], bars.Close[beside])));
        }
        return (low, high);
    }

    private static bool Judge(
        InspectedBars bars, int t, string field, double price, double low, double high, bool eventsCount, List<MarketDataFinding> found)
    {
        var distance = price > high ? Math.Log(price / high) : price < low ? Math.Log(low / price) : 0;
        if (distance <= LeastDistance) return false;
        var usual = bars.UsualRange(t);
        var times = distance / usual;
        if (times < Suspect || (eventsCount && times < Impossible && bars.Crowd(t) >= CrowdOfAnEvent)) return false;

        var factor = bars.Factor[t];
        // As the data has it: scaled there and back it would end in other digits.
        var raw = field switch { "open" => bars.Raw.Open[t], "high" => bars.Raw.High[t], "low" => bars.Raw.Low[t], _ => bars.Raw.Close[t] };
        var (side, percent) = price > high ? ("above", (price / high - 1) * 100) : ("below", (1 - price / low) * 100);
        found.Add(bars.At(
            t, MarketDataFindingKind.BadPrint, times >= Impossible ? FindingSeverity.Error : FindingSeverity.Warning, field, raw,
            Invariant($"{field} {raw:0.####} is {percent:0.#} % {side} every price beside it ({low / factor:0.####} to {high / factor:0.####}), ")
            + Invariant($"{times:0.#} times the usual range of {usual * 100:0.##} %.")));
        return true;
    }
}
