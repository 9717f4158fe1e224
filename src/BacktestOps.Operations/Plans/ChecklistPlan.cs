namespace BacktestOps.Operations.Plans;

/// <summary>What of the procedure only people can answer.</summary>
public sealed record ChecklistPlan
{
    /// <summary>Somebody looked at what users complain of; where no channel is read.</summary>
    public const string UserChannels = "user_channels";

    /// <summary>Somebody looked at what users report as faults; where no channel is read.</summary>
    public const string BugReports = "bug_reports";

    /// <summary>Somebody looked at what users say otherwise; where no channel is read.</summary>
    public const string UserReaction = "user_reaction";

    /// <summary>Somebody went through the rollback criteria.</summary>
    public const string CriteriaReviewed = "criteria_reviewed";

    /// <summary>All items that there are.</summary>
    public static IReadOnlyList<string> All { get; } = [UserChannels, BugReports, UserReaction, CriteriaReviewed];

    /// <summary>Those that the plan asks a person for, in the order of <see cref="All"/>. None: nobody is asked, and the report says so.</summary>
    public IReadOnlyList<string> Manual { get; init; } = All;
}

/// <summary>Reads the section of a plan that says what people are asked.</summary>
internal static class ChecklistSection
{
    public static ChecklistPlan Read(PlanObject section)
    {
        var manual = section.Find("manual") is null ? ChecklistPlan.All : section.Texts("manual");
        foreach (var unknown in manual.Where(name => !ChecklistPlan.All.Contains(name)))
            section.Fault("manual", $"there is no manual item '{unknown}'", Suggestion.For(unknown, ChecklistPlan.All));
        section.Close();
        return new ChecklistPlan { Manual = [.. ChecklistPlan.All.Where(manual.Contains)] };
    }
}
