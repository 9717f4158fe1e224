using System.Globalization;

namespace BacktestOps.PowerShell.Resources;

/// <summary>Fills in the messages of the resources.</summary>
internal static class MessageFormat
{
    /// <summary>The message with its places filled; numbers look the same in every culture, as in the libraries' messages.</summary>
    /// <param name="message">A message of <see cref="Messages"/>.</param>
    /// <param name="values">What stands in its places.</param>
    public static string With(this string message, params object?[] values) =>
        string.Format(CultureInfo.InvariantCulture, message, values);
}
