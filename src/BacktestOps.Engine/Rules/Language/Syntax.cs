using System.Collections.Immutable;

namespace BacktestOps.Engine.Rules.Language;

/// <summary>A rule as it was written.</summary>
/// <param name="Position">The character that errors about this point at, 1-based.</param>
/// <param name="Children">What it is made of, from left to right.</param>
internal abstract record Syntax(int Position, ImmutableArray<Syntax> Children)
{
    /// <summary>Levels of the tree, 1 for a leaf.</summary>
    public int Depth { get; } = 1 + Children.Select(child => child.Depth).DefaultIfEmpty().Max();

    /// <summary>How many numbers, names, operators and calls.</summary>
    public int Nodes { get; } = 1 + Children.Sum(child => child.Nodes);
}

/// <summary>A number: <c>20</c>, <c>0.05</c>, <c>1e6</c>.</summary>
internal sealed record NumberSyntax(int Position, string Text) : Syntax(Position, []);

/// <summary>A parameter: <c>$fast</c>, its name without the sign.</summary>
internal sealed record ParameterSyntax(int Position, string Name) : Syntax(Position, []);

/// <summary>A name: <c>close</c>, <c>true</c>.</summary>
internal sealed record NameSyntax(int Position, string Name) : Syntax(Position, []);

/// <summary>A call: <c>sma(close, 20)</c>.</summary>
internal sealed record CallSyntax(int Position, string Name, ImmutableArray<Syntax> Arguments) : Syntax(Position, Arguments);

/// <summary>The value of some bars before: <c>close[1]</c>.</summary>
internal sealed record LagSyntax(int Position, Syntax Series, Syntax Bars) : Syntax(Position, [Series, Bars]);

/// <summary><c>-x</c> or <c>not x</c>.</summary>
internal sealed record UnarySyntax(int Position, RuleToken Operator, Syntax Operand) : Syntax(Position, [Operand]);

/// <summary><c>x op y</c>; its position is the operator's.</summary>
internal sealed record BinarySyntax(int Position, RuleToken Operator, Syntax Left, Syntax Right) : Syntax(Position, [Left, Right]);
