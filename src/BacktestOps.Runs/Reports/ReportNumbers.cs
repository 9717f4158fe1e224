using System.Globalization;

namespace BacktestOps.Runs.Reports;

/// <summary>Numbers as a report shows them: the same in every language, a dash for one that is not defined.</summary>
internal static class ReportNumbers
{
    public const string Dash = "–";

    public static string Percent(double? value) => value is { } number ? (number * 100).ToString("N2", CultureInfo.InvariantCulture) + " %" : Dash;

    public static string Money(double? value) => value?.ToString("N2", CultureInfo.InvariantCulture) ?? Dash;

    public static string Ratio(double? value) => value?.ToString("N3", CultureInfo.InvariantCulture) ?? Dash;

    public static string Count(double? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? Dash;

    public static string Plain(double value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Date(DateTime date) => date.ToString(date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
