using System.Collections;

namespace BacktestOps.PowerShell.Completion;

/// <summary>Completes the time zones that this machine knows.</summary>
public sealed class TimeZoneCompleter : Completer
{
    internal override IEnumerable<Choice> Choices(IDictionary bound) => TimeZoneInfo.GetSystemTimeZones()
        .OrderBy(zone => zone.Id, StringComparer.Ordinal).Select(zone => new Choice(zone.Id, zone.DisplayName));
}
