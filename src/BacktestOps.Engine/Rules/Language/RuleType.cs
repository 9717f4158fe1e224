namespace BacktestOps.Engine.Rules.Language;

/// <summary>What an expression gives.</summary>
internal enum RuleType
{
    /// <summary>A fault was found inside; nothing more is said about what is around it.</summary>
    Unknown,

    /// <summary>One number for all bars: a constant, a parameter, arithmetic of these.</summary>
    Number,

    /// <summary>A number at each bar.</summary>
    Series,

    /// <summary>True, false or undefined at each bar.</summary>
    Condition,
}

/// <summary>The words for types in messages.</summary>
internal static class RuleTypeNames
{
    /// <summary>The type with its article.</summary>
    public static string Describe(this RuleType type) => type switch
    {
        RuleType.Number => "a number",
        RuleType.Series => "a series of numbers",
        RuleType.Condition => "a condition",
        _ => "unknown",
    };
}
