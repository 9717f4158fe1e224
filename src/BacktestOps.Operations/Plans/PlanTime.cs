using System.Globalization;

namespace BacktestOps.Operations.Plans;

/// <summary>Times as a plan has them: <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c>.</summary>
public static class PlanTime
{
    // Milliseconds first: "ms" ends in "s" too.
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary>Reads a time above zero and of a week at most.</summary>
    /// <param name="text">A number and ms, s, m or h.</param>
    /// <param name="time">The time; zero where the text is none.</param>
    public static bool TryParse(string text, out TimeSpan time)
    {
        foreach (var (unit, seconds) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            var isNumber = double.TryParse(text.AsSpan(0, text.Length - unit.Length).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
            var isTime = isNumber && number * seconds is > 0 and <= 7 * 24 * 3600;
            time = isTime ? TimeSpan.FromSeconds(number * seconds) : default;
            return isTime;
        }

        time = default;
        return false;
    }
}
