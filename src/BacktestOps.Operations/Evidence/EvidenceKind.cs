namespace BacktestOps.Operations.Evidence;

/// <summary>
/// The kinds of evidence that do not come from a step of a deployment; those carry the step's name (<c>preflight</c>,
/// <c>baseline</c>, <c>backup</c>, <c>health</c>, <c>smoke</c> …).
/// </summary>
public static class EvidenceKind
{
    /// <summary>A deployment or rollback that ended: its outcome, its steps and how long each took.</summary>
    public const string Deployment = "deployment";

    /// <summary>One slot of a watch: the samples of its window, or that the slot was missed.</summary>
    public const string Watch = "watch";

    /// <summary>A watch that ended: how many slots were due, seen and missed, and its figures over all of them.</summary>
    public const string WatchEnd = "watch-end";

    /// <summary>The answer of one rollback criterion.</summary>
    public const string Criterion = "criterion";

    /// <summary>What was read from one feedback channel.</summary>
    public const string Feedback = "feedback";

    /// <summary>The follow-ups that a deployment will need, with the day that each is due.</summary>
    public const string Schedule = "schedule";

    /// <summary>One follow-up of one day: done, or missed.</summary>
    public const string FollowUp = "follow-up";

    /// <summary>An item of the checklist that a person answered, and who.</summary>
    public const string Answer = "answer";

    /// <summary>Who approved a deployment, on which head of the ledger.</summary>
    public const string Approval = "approval";

    /// <summary>A message that was sent, or could not be.</summary>
    public const string Notification = "notification";
}
