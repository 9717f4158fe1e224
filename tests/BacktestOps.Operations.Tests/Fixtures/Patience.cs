using System.Text.Json.Nodes;

namespace BacktestOps.Operations.Tests.Fixtures;

/// <summary>Limits that a machine with much else to do keeps too: what such a test looks at is what happens, not how fast.</summary>
internal static class Patience
{
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(1), Response = TimeSpan.FromMinutes(1), Journey = TimeSpan.FromMinutes(15);

    /// <summary>Puts them into the plan of a deployment that ships.</summary>
    public static JsonObject Patient(this JsonObject plan)
    {
        plan["health"]!["timeout"] = "3m";
        plan["smoke"]!["response_time_limit"] = "1m";
        plan["smoke"]!["time_limit"] = "15m";
        plan["smoke"]!["page"]!["step_limit"] = "1m";
        return plan;
    }
}
