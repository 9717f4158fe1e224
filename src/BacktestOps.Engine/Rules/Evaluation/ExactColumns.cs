using System.Numerics;
using BacktestOps.Engine.Indicators;

namespace BacktestOps.Engine.Rules.Evaluation;

/// <summary>Series without rounding, made only when a comparison is in doubt.</summary>
/// <param name="ticks">The bars' columns as whole numbers.</param>
/// <param name="conditions">Reads a condition, for a series that chooses by one.</param>
/// <param name="values">Reads a series in doubles, to see where it is defined.</param>
internal sealed class ExactColumns(
    Func<PriceField, ExactSums> ticks, Func<ConditionNode, ConditionColumn> conditions, Func<SeriesNode, Column> values)
{
    private readonly Dictionary<SeriesNode, Int128[]> _numerators = [];

    /// <summary>Gives the comparer of two series at single bars.</summary>
    /// <param name="a">The first series.</param>
    /// <param name="b">The second series.</param>
    /// <returns>The sign of first − second at a bar; 0 also where it can't be told.</returns>
    public Func<int, int> Comparer(SeriesNode a, SeriesNode b)
    {
        if (a.Exact is not { } formA || b.Exact is not { } formB) return static _ => 0;
        if (TryMean(a, out var field, out var barsA) && TryMean(b, out var fieldB, out var barsB) && field == fieldB)
        {
            // Two averages of one price, the usual case, need no columns: the running sums compare them.
            var sums = ticks(field);
            return t => sums.CompareMeans(t, barsA, barsB);
        }
        var gcd = BigInteger.GreatestCommonDivisor(formA.Denominator, formB.Denominator);
        var (factorA, factorB) = (formB.Denominator / gcd, formA.Denominator / gcd);
        var fits = formA.Bits + factorA.GetBitLength() <= ExactForm.MaxBits && formB.Bits + factorB.GetBitLength() <= ExactForm.MaxBits;
        var columns = new Lazy<(Int128[] A, Int128[] B)>(() => (Numerators(a), Numerators(b)));
        return t =>
        {
            if (!AreDecimal(formA, t) || !AreDecimal(formB, t)) return 0;
            var (left, right) = (columns.Value.A[t], columns.Value.B[t]);
            return fits
                ? (left * (Int128)factorA).CompareTo(right * (Int128)factorB)
                : ((BigInteger)left * factorA).CompareTo((BigInteger)right * factorB);
        };
    }

    private bool AreDecimal(ExactForm form, int t)
    {
        for (var field = PriceField.Open; field <= PriceField.Volume; field++)
        {
            if ((form.Fields >> (int)field & 1) != 0 && !ticks(field).AreDecimal(t, form.LookBack)) return false;
        }
        return true;
    }

    // A price stands for its own average over one bar.
    internal static bool TryMean(SeriesNode node, out PriceField field, out int bars)
    {
        (field, bars) = (node.Field, 1);
        if (node.Operation == SeriesOperation.Price) return true;
        if (node.Operation != SeriesOperation.Scale || node.A is not { Operation: SeriesOperation.Sum, A: { Operation: SeriesOperation.Price } price } sum)
            return false;
        (field, bars) = (price.Field, sum.Bars);
        return node.Number.Numerator.IsOne && node.Number.Denominator == sum.Bars;
    }

    private Int128[] Numerators(SeriesNode node)
    {
        if (_numerators.TryGetValue(node, out var numerators)) return numerators;
        numerators = Compute(node, values(node).Values.Length);
        _numerators.Add(node, numerators);
        return numerators;
    }

    // Overflow is not possible where the form holds; sums that run over the whole series may wrap, their differences do not.
    private Int128[] Compute(SeriesNode node, int count)
    {
        var answer = new Int128[count];
        switch (node.Operation)
        {
            case SeriesOperation.Price:
                var sums = ticks(node.Field);
                for (var t = 0; t < count; t++) answer[t] = sums.Ticks(t);
                return answer;
            case SeriesOperation.Constant:
                Array.Fill(answer, (Int128)node.Number.Numerator);
                return answer;
        }

        var a = Numerators(node.A!);
        switch (node.Operation)
        {
            case SeriesOperation.Lag:
                for (var t = node.Bars; t < count; t++) answer[t] = a[t - node.Bars];
                break;
            case SeriesOperation.Scale:
                var factor = (Int128)node.Number.Numerator;
                for (var t = 0; t < count; t++) answer[t] = unchecked(a[t] * factor);
                break;
            case SeriesOperation.Absolute:
                for (var t = 0; t < count; t++) answer[t] = a[t] < 0 ? -a[t] : a[t];
                break;
            case SeriesOperation.RunningSum:
                for (var t = 0; t < count; t++) answer[t] = unchecked((t > 0 ? answer[t - 1] : 0) + a[t]);
                break;
            case SeriesOperation.Sum:
                ExactWindows.Sum(a, node.Bars, answer);
                break;
            case SeriesOperation.WeightedSum:
                ExactWindows.WeightedSum(a, node.Bars, answer);
                break;
            case SeriesOperation.Highest or SeriesOperation.Lowest:
                ExactWindows.Extreme(a, node.Bars, node.Operation == SeriesOperation.Highest, answer);
                break;
            default:
                Join(node, a, Numerators(node.B!), answer);
                break;
        }
        return answer;
    }

    private void Join(SeriesNode node, Int128[] a, Int128[] b, Int128[] answer)
    {
        var factorA = (Int128)(node.Exact!.Denominator / node.A!.Exact!.Denominator);
        var factorB = (Int128)(node.Exact.Denominator / node.B!.Exact!.Denominator);
        var condition = node.Condition is null ? null : conditions(node.Condition);
        var defined = node.Operation == SeriesOperation.OrElse ? values(node.A).Values : null;
        for (var t = 0; t < answer.Length; t++)
        {
            var (left, right) = unchecked((a[t] * factorA, b[t] * factorB));
            answer[t] = node.Operation switch
            {
                SeriesOperation.Add => unchecked(left + right),
                SeriesOperation.Subtract => unchecked(left - right),
                SeriesOperation.Minimum => Int128.Min(left, right),
                SeriesOperation.Maximum => Int128.Max(left, right),
                SeriesOperation.Choose => condition!.HoldsAt(t) ? left : right,
                SeriesOperation.OrElse => double.IsNaN(defined![t]) ? right : left,
                _ => throw new InvalidOperationException($"{node.Operation} has no exact form."),
            };
        }
    }
}
