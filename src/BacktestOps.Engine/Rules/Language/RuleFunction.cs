using System.Collections.Immutable;
using BacktestOps.Engine.Rules.Evaluation;

namespace BacktestOps.Engine.Rules.Language;

/// <summary>What a function takes at one place.</summary>
internal enum ArgumentKind
{
    /// <summary>A series, or a number that stands for a series that never changes.</summary>
    Series,

    /// <summary>A whole number of bars, 1 to <see cref="RuleLimits.Window"/>.</summary>
    Window,

    /// <summary>Any number.</summary>
    Number,
}

/// <summary>One argument of a function.</summary>
/// <param name="Name">Its name in messages and docs.</param>
/// <param name="Kind">What it takes.</param>
internal sealed record RuleArgument(string Name, ArgumentKind Kind)
{
    /// <summary>The series that is looked at.</summary>
    public static RuleArgument Series { get; } = new("x", ArgumentKind.Series);

    /// <summary>A window by name.</summary>
    public static RuleArgument Window(string name = "bars") => new(name, ArgumentKind.Window);
}

/// <summary>A function of the language.</summary>
/// <param name="Name">Its name, lower case.</param>
/// <param name="Arguments">What it takes.</param>
/// <param name="Result">What it gives: a series or a condition.</param>
/// <param name="Build">Makes it of nodes.</param>
/// <param name="Fold">Computes it for numbers alone; null where a number is treated as a series.</param>
internal sealed record RuleFunction(
    string Name, ImmutableArray<RuleArgument> Arguments, RuleType Result, Func<RuleGraph, BoundArguments, BoundValue> Build,
    Func<ImmutableArray<Rational>, Rational>? Fold = null)
{
    /// <summary>How it is called: <c>sma(x, bars)</c>.</summary>
    public string Signature => $"{Name}({string.Join(", ", Arguments.Select(argument => argument.Name))})";
}

/// <summary>The value of an expression after its parameters are bound: one of the three.</summary>
internal readonly record struct BoundValue(Rational? Number, SeriesNode? Series, ConditionNode? Condition)
{
    /// <summary>A number.</summary>
    public static implicit operator BoundValue(Rational number) => new(number, null, null);

    /// <summary>A series.</summary>
    public static implicit operator BoundValue(SeriesNode series) => new(null, series, null);

    /// <summary>A condition.</summary>
    public static implicit operator BoundValue(ConditionNode condition) => new(null, null, condition);
}

/// <summary>The arguments of a call after binding, each of its kind.</summary>
/// <param name="Values">Series for series, numbers for windows and numbers.</param>
internal sealed record BoundArguments(ImmutableArray<BoundValue> Values)
{
    /// <summary>The series at a place.</summary>
    public SeriesNode Series(int index) => Values[index].Series!;

    /// <summary>The number at a place.</summary>
    public Rational Number(int index) => Values[index].Number!.Value;

    /// <summary>The window at a place.</summary>
    public int Window(int index) => (int)Number(index).Numerator;
}
