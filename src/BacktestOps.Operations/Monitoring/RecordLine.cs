using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Monitoring;

/// <summary>The line that a watch writes down for people every so often, in the form that it has had for years.</summary>
internal static class RecordLine
{
    private const double Megabyte = 1 << 20;

    /// <summary>
    /// The line of a slot: means of CPU and memory and the median answer since the line before, and the sum of errors.
    /// A figure that was not seen is a question mark.
    /// </summary>
    /// <param name="samples">The samples since the line before, this slot's last; missed ones count for nothing.</param>
    /// <param name="at">The slot's local time.</param>
    /// <param name="culture">Korean counts errors with their counter, any other language plainly.</param>
    public static string Write(IReadOnlyList<WatchSample> samples, DateTimeOffset at, CultureInfo culture)
    {
        var seen = samples.Where(sample => !sample.IsMissed).ToList();
        var cpu = Mean(seen.Select(sample => sample.Resources?.CpuPercent));
        var memory = Mean(seen.Select(sample => (double?)sample.Resources?.MemoryBytes));
        var answers = seen.SelectMany(sample => sample.Endpoints).Where(endpoint => !endpoint.IsDownload).SelectMany(endpoint => endpoint.Milliseconds).ToList();
        var response = EndpointProbe.Percentile(answers, 0.5);
        var errors = seen.Count == 0 ? "?" : seen.Sum(sample => sample.Errors ?? 0).ToString(CultureInfo.InvariantCulture);
        var counter = culture.TwoLetterISOLanguageName == "ko" && seen.Count > 0 ? "건" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[{at:HH:mm}] CPU: {Figure(cpu)}%, Memory: {Figure(memory / Megabyte)}MB, API Response: {Figure(response)}ms, Errors: {errors}{counter}");
    }

    /// <summary>Whole numbers as they always were; below ten one more digit, which would else be nothing.</summary>
    private static string Figure(double? value) => value switch
    {
        null => "?",
        < 9.95 => value.Value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0", CultureInfo.InvariantCulture),
    };

    private static double? Mean(IEnumerable<double?> values)
    {
        var seen = values.OfType<double>().ToList();
        return seen.Count == 0 ? null : seen.Average();
    }
}
