using System.Globalization;
using System.Text.Json;

namespace BacktestOps.Operations.Plans;

/// <summary>Reads the section of a plan that says how the week after a deployment is looked at.</summary>
internal static class FollowUpSection
{
    /// <summary>The section; null where the plan says false.</summary>
    public static FollowUpPlan? Read(PlanObject top)
    {
        var usual = new FollowUpPlan();
        var node = top.Find("follow_up");
        if (node is null) return usual;
        if (node.Kind == JsonValueKind.False) return null;
        var section = top.Child(node);
        var plan = new FollowUpPlan { TimeZone = Zone(section) ?? usual.TimeZone, At = At(section) ?? usual.At, Objective = section.Number("objective", 0.5, 0.99999) ?? usual.Objective };
        section.Close();
        return plan;
    }

    private static string? Zone(PlanObject section)
    {
        if (section.Text("time_zone", example: "\"Asia/Seoul\"") is not { } id) return null;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out _)) return id;
        section.Fault("time_zone", $"this machine knows no time zone '{id}'", "a name such as \"Asia/Seoul\" or \"UTC\"; where all are unknown, the system's tzdata is not installed");
        return null;
    }

    private static TimeOnly? At(PlanObject section)
    {
        if (section.Text("at", example: "\"09:00\"") is not { } text) return null;
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)) return at;
        section.Fault("at", $"'{text}' is no time of day", "\"09:00\"");
        return null;
    }
}
