using BacktestOps.Engine.Rules.Language;

namespace BacktestOps.Engine.Rules.Evaluation;

/// <summary>A column of the bars that a rule can name.</summary>
internal enum PriceField
{
    Open,
    High,
    Low,
    Close,
    Volume,
}

/// <summary>Some columns of the bars.</summary>
[Flags]
internal enum PriceFields
{
    None = 0,
    Open = 1 << PriceField.Open,
    High = 1 << PriceField.High,
    Low = 1 << PriceField.Low,
    Close = 1 << PriceField.Close,
    Volume = 1 << PriceField.Volume,
}

/// <summary>What a node does with its inputs A and B. Every indicator is made of these.</summary>
internal enum SeriesOperation
{
    /// <summary>A column of the bars.</summary>
    Price,

    /// <summary>One number at every bar.</summary>
    Constant,

    /// <summary>A, some bars before.</summary>
    Lag,

    Add,
    Subtract,
    Multiply,

    /// <summary>A / B, undefined where B is 0.</summary>
    Divide,

    /// <summary>A × factor.</summary>
    Scale,

    Absolute,
    Minimum,
    Maximum,

    /// <summary>Sum over a window.</summary>
    Sum,

    /// <summary>1·oldest + 2·next + … + n·newest over a window.</summary>
    WeightedSum,

    Highest,
    Lowest,

    /// <summary>Population standard deviation over a window.</summary>
    Deviation,

    /// <summary>Exponential average, α = 2/(n+1), seeded with the first value.</summary>
    Ema,

    /// <summary>Wilder's average, α = 1/n, seeded with the mean of the first n values.</summary>
    Wilder,

    /// <summary>Sum from the first bar on.</summary>
    RunningSum,

    /// <summary>A where the condition holds, B where it fails, else undefined.</summary>
    Choose,

    /// <summary>A where it is defined, else B.</summary>
    OrElse,
}

/// <summary>A number at each bar, as a plan. Equal plans of one <see cref="RuleGraph"/> are one object.</summary>
internal sealed class SeriesNode
{
    /// <summary>Number of the node in its graph, from 0.</summary>
    public required int Id { get; init; }

    /// <summary>What it does.</summary>
    public required SeriesOperation Operation { get; init; }

    /// <summary>First input.</summary>
    public SeriesNode? A { get; init; }

    /// <summary>Second input.</summary>
    public SeriesNode? B { get; init; }

    /// <summary>What <see cref="SeriesOperation.Choose"/> chooses by.</summary>
    public ConditionNode? Condition { get; init; }

    /// <summary>Bars of the window or the lag.</summary>
    public int Bars { get; init; }

    /// <summary>The constant, or the factor of <see cref="SeriesOperation.Scale"/>.</summary>
    public Rational Number { get; init; }

    /// <summary>The column of <see cref="SeriesOperation.Price"/>.</summary>
    public PriceField Field { get; init; }

    /// <summary>How many bars pass before the first that can be defined.</summary>
    public required int Warmup { get; init; }

    /// <summary>The columns of the bars that it rests on.</summary>
    public required PriceFields Fields { get; init; }

    /// <summary>True when no value can be below 0.</summary>
    public required bool IsNonNegative { get; init; }

    /// <summary>How its values can be held without rounding; null when they can't.</summary>
    public ExactForm? Exact { get; init; }
}

/// <summary>What a condition node does.</summary>
internal enum ConditionOperation
{
    Constant,

    /// <summary>X &lt; Y.</summary>
    Less,

    /// <summary>X ≤ Y.</summary>
    LessOrEqual,

    Equal,

    /// <summary>X ≤ Y at the bar before, X &gt; Y at this one, both defined at the bar before.</summary>
    CrossOver,

    And,
    Or,
    Not,
}

/// <summary>True, false or undefined at each bar, as a plan. Equal plans of one <see cref="RuleGraph"/> are one object.</summary>
internal sealed class ConditionNode
{
    /// <summary>Number of the node in its graph, from 0.</summary>
    public required int Id { get; init; }

    /// <summary>What it does.</summary>
    public required ConditionOperation Operation { get; init; }

    /// <summary>First series of a comparison.</summary>
    public SeriesNode? X { get; init; }

    /// <summary>Second series of a comparison.</summary>
    public SeriesNode? Y { get; init; }

    /// <summary>First operand.</summary>
    public ConditionNode? A { get; init; }

    /// <summary>Second operand.</summary>
    public ConditionNode? B { get; init; }

    /// <summary>The value of a constant.</summary>
    public bool Value { get; init; }

    /// <summary>How many bars pass before the first at which it can hold.</summary>
    public required int Warmup { get; init; }

    /// <summary>The columns of the bars that it rests on.</summary>
    public required PriceFields Fields { get; init; }
}
