using Superpower;
using Superpower.Model;
using Superpower.Parsers;
using static System.FormattableString;

namespace BacktestOps.Engine.Rules.Language;

/// <summary>Reads the text of a rule into a tree. The grammar stands in the README of Rules.</summary>
internal static class RuleParser
{
    private static readonly TokenListParser<RuleToken, Syntax> s_rule = Parse.Ref(() => s_or!);

    private static readonly TokenListParser<RuleToken, Syntax> s_number =
        Token.EqualTo(RuleToken.Number).Select(token => (Syntax)new NumberSyntax(At(token), token.ToStringValue()));

    private static readonly TokenListParser<RuleToken, Syntax> s_parameter =
        Token.EqualTo(RuleToken.Parameter).Select(token => (Syntax)new ParameterSyntax(At(token), token.ToStringValue()[1..]));

    private static readonly TokenListParser<RuleToken, Syntax[]> s_arguments =
        from open in Token.EqualTo(RuleToken.Open)
        from arguments in s_rule.ManyDelimitedBy(Token.EqualTo(RuleToken.Comma))
        from close in Token.EqualTo(RuleToken.Close)
        select arguments;

    private static readonly TokenListParser<RuleToken, Syntax> s_named =
        from name in Token.EqualTo(RuleToken.Name)
        from arguments in s_arguments.Select(given => (Syntax[]?)given).OptionalOrDefault()
        select arguments is null
            ? (Syntax)new NameSyntax(At(name), name.ToStringValue())
            : new CallSyntax(At(name), name.ToStringValue(), [.. arguments]);

    private static readonly TokenListParser<RuleToken, Syntax> s_group =
        from open in Token.EqualTo(RuleToken.Open)
        from inner in s_rule
        from close in Token.EqualTo(RuleToken.Close)
        select inner;

    private static readonly TokenListParser<RuleToken, (int Position, Syntax Bars)> s_lag =
        from open in Token.EqualTo(RuleToken.OpenLag)
        from bars in s_rule
        from close in Token.EqualTo(RuleToken.CloseLag)
        select (At(open), bars);

    private static readonly TokenListParser<RuleToken, Syntax> s_lagged =
        from head in Parse.OneOf(s_number, s_parameter, s_named, s_group)
        from lags in s_lag.Many()
        select lags.Aggregate(head, (series, lag) => new LagSyntax(lag.Position, series, lag.Bars));

    // Signs before a term are gathered and applied from the right, so that a long row of them costs no stack.
    private static readonly TokenListParser<RuleToken, Syntax> s_signed =
        from signs in Token.EqualTo(RuleToken.Minus).Many()
        from term in s_lagged
        select Apply(signs, term);

    private static readonly TokenListParser<RuleToken, Syntax> s_product =
        Parse.Chain(OneOf(RuleToken.Times, RuleToken.DividedBy), s_signed, Binary);

    private static readonly TokenListParser<RuleToken, Syntax> s_sum =
        Parse.Chain(OneOf(RuleToken.Plus, RuleToken.Minus), s_product, Binary);

    private static readonly TokenListParser<RuleToken, Syntax> s_comparison = Parse.Chain(
        OneOf(RuleToken.Less, RuleToken.LessOrEqual, RuleToken.Greater, RuleToken.GreaterOrEqual, RuleToken.Equal, RuleToken.NotEqual),
        s_sum, Binary);

    private static readonly TokenListParser<RuleToken, Syntax> s_not =
        from signs in Token.EqualTo(RuleToken.Not).Many()
        from term in s_comparison
        select Apply(signs, term);

    private static readonly TokenListParser<RuleToken, Syntax> s_and = Parse.Chain(OneOf(RuleToken.And), s_not, Binary);

    private static readonly TokenListParser<RuleToken, Syntax> s_or = Parse.Chain(OneOf(RuleToken.Or), s_and, Binary);

    private static readonly TokenListParser<RuleToken, Syntax> s_whole = s_rule.AtEnd();

    /// <summary>Reads a rule.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="fault">The first thing that can't be read; null when the whole text is a rule.</param>
    /// <returns>The tree, or null.</returns>
    public static Syntax? Read(string text, out RuleFault? fault)
    {
        if (text.Length > RuleLimits.Length)
        {
            fault = new(RuleLimits.Length + 1, Invariant($"the rule has {text.Length} characters"), Invariant($"at most {RuleLimits.Length}"));
            return null;
        }
        var tokens = RuleTokenizer.Tokenize(text, out fault);
        if (fault is not null) return null;
        fault = Nesting(tokens);
        if (fault is not null) return null;
        if (tokens.IsAtEnd)
        {
            fault = new(1, "the rule is empty", "a condition, for example close > sma(close, 20)");
            return null;
        }

        var result = s_whole(tokens);
        if (!result.HasValue)
        {
            fault = Unexpected(text, result);
            return null;
        }
        fault = Size(result.Value);
        return fault is null ? result.Value : null;
    }

    private static int At(Token<RuleToken> token) => token.Position.Absolute + 1;

    private static TokenListParser<RuleToken, Token<RuleToken>> OneOf(params RuleToken[] kinds) =>
        Parse.OneOf([.. kinds.Select(kind => Token.EqualTo(kind))]);

    private static Syntax Binary(Token<RuleToken> sign, Syntax left, Syntax right) => new BinarySyntax(At(sign), sign.Kind, left, right);

    private static Syntax Apply(Token<RuleToken>[] signs, Syntax term)
    {
        for (var i = signs.Length - 1; i >= 0; i--) term = new UnarySyntax(At(signs[i]), signs[i].Kind, term);
        return term;
    }

    // The parser recurses with the brackets, so they are counted before it sees them.
    private static RuleFault? Nesting(TokenList<RuleToken> tokens)
    {
        var nesting = 0;
        foreach (var token in tokens)
        {
            nesting += token.Kind switch
            {
                RuleToken.Open or RuleToken.OpenLag => 1,
                RuleToken.Close or RuleToken.CloseLag => -1,
                _ => 0,
            };
            if (nesting > RuleLimits.Nesting)
                return new(At(token), "too many brackets inside each other", Invariant($"at most {RuleLimits.Nesting}"));
        }
        return null;
    }

    private static RuleFault? Size(Syntax rule)
    {
        if (rule.Nodes > RuleLimits.Nodes)
            return new(rule.Position, Invariant($"the rule has {rule.Nodes} parts"), Invariant($"at most {RuleLimits.Nodes}"));
        if (rule.Depth > RuleLimits.Depth)
            return new(rule.Position, Invariant($"the rule has {rule.Depth} levels"), Invariant($"at most {RuleLimits.Depth}; group with brackets"));
        return null;
    }

    private static RuleFault Unexpected(string text, TokenListParserResult<RuleToken, Syntax> result)
    {
        var expected = result.Expectations is { Length: > 0 } names ? $"expected {string.Join(", ", names.Distinct())}" : null;
        if (!result.ErrorPosition.HasValue || result.Remainder.IsAtEnd)
            return new(text.Length + 1, "the rule ends too early", expected);
        var token = result.Remainder.First();
        return new(At(token), $"unexpected '{RequestValidator.Printable(token.ToStringValue())}'", expected);
    }
}
