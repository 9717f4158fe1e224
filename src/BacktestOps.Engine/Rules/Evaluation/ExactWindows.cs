namespace BacktestOps.Engine.Rules.Evaluation;

/// <summary>Windows over whole numbers. Answers before the first whole window stay 0; nothing reads them.</summary>
internal static class ExactWindows
{
    /// <summary>Sums.</summary>
    public static void Sum(Int128[] values, int window, Int128[] answers)
    {
        Int128 sum = 0;
        for (var t = 0; t < values.Length; t++)
        {
            unchecked
            {
                sum += values[t];
                if (t >= window) sum -= values[t - window];
                if (t >= window - 1) answers[t] = sum;
            }
        }
    }

    /// <summary>Sums with weights 1 … window from the oldest to the newest.</summary>
    public static void WeightedSum(Int128[] values, int window, Int128[] answers)
    {
        Int128 sum = 0, weighted = 0;
        for (var t = 0; t < values.Length; t++)
        {
            unchecked
            {
                // Every weight falls by one, the oldest value's to nothing, and the newest comes in with the whole weight.
                if (t >= window)
                {
                    weighted -= sum;
                    sum -= values[t - window];
                    weighted += window * values[t];
                }
                else
                {
                    weighted += (t + 1) * values[t];
                }
                sum += values[t];
                if (t >= window - 1) answers[t] = weighted;
            }
        }
    }

    /// <summary>Largest or smallest values.</summary>
    public static void Extreme(Int128[] values, int window, bool highest, Int128[] answers)
    {
        // Bars whose value can still become the extreme, in order; the front is the extreme of now.
        var (bars, front, back) = (new int[values.Length], 0, 0);
        for (var t = 0; t < values.Length; t++)
        {
            while (back > front && (highest ? values[bars[back - 1]] <= values[t] : values[bars[back - 1]] >= values[t])) back--;
            bars[back++] = t;
            if (bars[front] <= t - window) front++;
            if (t >= window - 1) answers[t] = values[bars[front]];
        }
    }
}
