using Superpower.Display;

namespace BacktestOps.Engine.Rules.Language;

/// <summary>The words and signs of a rule.</summary>
internal enum RuleToken
{
    [Token(Example = "number")] Number,
    [Token(Example = "$parameter")] Parameter,
    [Token(Example = "name")] Name,
    [Token(Example = "(")] Open,
    [Token(Example = ")")] Close,
    [Token(Example = "[")] OpenLag,
    [Token(Example = "]")] CloseLag,
    [Token(Example = ",")] Comma,
    [Token(Example = "+")] Plus,
    [Token(Example = "-")] Minus,
    [Token(Example = "*")] Times,
    [Token(Example = "/")] DividedBy,
    [Token(Example = "<")] Less,
    [Token(Example = "<=")] LessOrEqual,
    [Token(Example = ">")] Greater,
    [Token(Example = ">=")] GreaterOrEqual,
    [Token(Example = "==")] Equal,
    [Token(Example = "!=")] NotEqual,
    [Token(Example = "and")] And,
    [Token(Example = "or")] Or,
    [Token(Example = "not")] Not,
}

/// <summary>What can be said of the signs.</summary>
internal static class RuleTokens
{
    /// <summary>The sign as it is written.</summary>
    public static string Sign(this RuleToken token) => token switch
    {
        RuleToken.Plus => "+",
        RuleToken.Minus => "-",
        RuleToken.Times => "*",
        RuleToken.DividedBy => "/",
        RuleToken.Less => "<",
        RuleToken.LessOrEqual => "<=",
        RuleToken.Greater => ">",
        RuleToken.GreaterOrEqual => ">=",
        RuleToken.Equal => "==",
        RuleToken.NotEqual => "!=",
        RuleToken.And => "and",
        RuleToken.Or => "or",
        RuleToken.Not => "not",
        _ => token.ToString(),
    };

    /// <summary>True for the six comparisons.</summary>
    public static bool IsComparison(this RuleToken token) => token is >= RuleToken.Less and <= RuleToken.NotEqual;
}
