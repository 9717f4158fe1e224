using BacktestOps.Engine.Indicators;

namespace BacktestOps.Engine.Rules.Language;

/// <summary>How large a rule may be, so that no text from outside costs more than a moment.</summary>
internal static class RuleLimits
{
    /// <summary>The most characters of one rule.</summary>
    public const int Length = 2000;

    /// <summary>The most brackets inside each other. The parser recurses once for each, on some 15 kB of stack.</summary>
    public const int Nesting = 16;

    /// <summary>The most levels of the syntax tree: <c>a and b and c</c> has three.</summary>
    public const int Depth = 100;

    /// <summary>The most numbers, names, operators and calls of one rule.</summary>
    public const int Nodes = 500;

    /// <summary>The most bars of a window or a lag.</summary>
    public const int Window = ExactSums.MaxWindow;

    /// <summary>The most characters of a number.</summary>
    public const int NumberLength = 40;
}
