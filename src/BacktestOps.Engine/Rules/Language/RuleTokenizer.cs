using Superpower;
using Superpower.Model;
using Superpower.Parsers;
using Superpower.Tokenizers;

namespace BacktestOps.Engine.Rules.Language;

/// <summary>Cuts the text of a rule into words and signs.</summary>
internal static class RuleTokenizer
{
    private static readonly TextParser<Unit> s_name =
        from first in Character.Matching(letter => char.IsAsciiLetter(letter) || letter == '_', "letter")
        from rest in Character.Matching(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_', "letter or digit").IgnoreMany()
        select Unit.Value;

    private static readonly TextParser<Unit> s_exponent =
        from mark in Character.In('e', 'E')
        from sign in Character.In('+', '-').OptionalOrDefault()
        from digits in Character.Digit.AtLeastOnce()
        select Unit.Value;

    private static readonly TextParser<Unit> s_fraction =
        from point in Character.EqualTo('.')
        from digits in Character.Digit.AtLeastOnce()
        select Unit.Value;

    private static readonly TextParser<Unit> s_number =
        from digits in Character.Digit.AtLeastOnce()
        from fraction in s_fraction.OptionalOrDefault()
        from exponent in s_exponent.OptionalOrDefault()
        select Unit.Value;

    private static readonly Tokenizer<RuleToken> s_tokenizer = new TokenizerBuilder<RuleToken>()
        .Ignore(Span.WhiteSpace)
        .Match(s_number, RuleToken.Number, requireDelimiters: true)
        .Match(s_fraction, RuleToken.Number, requireDelimiters: true)
        .Match(Character.EqualTo('$').IgnoreThen(s_name), RuleToken.Parameter, requireDelimiters: true)
        .Match(Span.EqualToIgnoreCase("and"), RuleToken.And, requireDelimiters: true)
        .Match(Span.EqualToIgnoreCase("or"), RuleToken.Or, requireDelimiters: true)
        .Match(Span.EqualToIgnoreCase("not"), RuleToken.Not, requireDelimiters: true)
        .Match(s_name, RuleToken.Name, requireDelimiters: true)
        .Match(Span.EqualTo("&&"), RuleToken.And)
        .Match(Span.EqualTo("||"), RuleToken.Or)
        .Match(Span.EqualTo("<="), RuleToken.LessOrEqual)
        .Match(Span.EqualTo(">="), RuleToken.GreaterOrEqual)
        .Match(Span.EqualTo("=="), RuleToken.Equal)
        .Match(Span.EqualTo("!="), RuleToken.NotEqual)
        .Match(Character.EqualTo('!'), RuleToken.Not)
        .Match(Character.EqualTo('<'), RuleToken.Less)
        .Match(Character.EqualTo('>'), RuleToken.Greater)
        .Match(Character.EqualTo('('), RuleToken.Open)
        .Match(Character.EqualTo(')'), RuleToken.Close)
        .Match(Character.EqualTo('['), RuleToken.OpenLag)
        .Match(Character.EqualTo(']'), RuleToken.CloseLag)
        .Match(Character.EqualTo(','), RuleToken.Comma)
        .Match(Character.EqualTo('+'), RuleToken.Plus)
        .Match(Character.EqualTo('-'), RuleToken.Minus)
        .Match(Character.EqualTo('*'), RuleToken.Times)
        .Match(Character.EqualTo('/'), RuleToken.DividedBy)
        .Build();

    /// <summary>Cuts the text.</summary>
    /// <param name="text">At most <see cref="RuleLimits.Length"/> characters.</param>
    /// <param name="fault">What stands in the way; null when nothing does.</param>
    public static TokenList<RuleToken> Tokenize(string text, out RuleFault? fault)
    {
        var result = s_tokenizer.TryTokenize(text);
        fault = result.HasValue ? null : Fault(text, result.ErrorPosition.HasValue ? result.ErrorPosition.Absolute : text.Length);
        return result.HasValue ? result.Value : default;
    }

    private static RuleFault Fault(string text, int at)
    {
        // A word that ends wrongly is refused at its beginning; what is wrong is what follows it.
        if (char.IsAsciiLetterOrDigit(text.ElementAtOrDefault(at)))
        {
            var digits = char.IsAsciiDigit(text[at]);
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || (!digits && (char.IsAsciiLetter(text[at]) || text[at] == '_')))) at++;
        }
        if (at >= text.Length) return new(text.Length + 1, "the rule ends in the middle of a word");
        var hint = text[at] switch
        {
            '=' => "write == to compare",
            '&' => "write and",
            '|' => "write or",
            '$' => "a parameter is $ and its name: $fast",
            '\'' or '"' => "there are no texts in a rule",
            '^' => "there is no power; write x * x",
            '%' => "there is no percent sign; write 0.05 for 5 %",
            '{' or '}' => "group with ( and )",
            _ => null,
        };
        return new(at + 1, $"unexpected '{RequestValidator.Printable(text[at].ToString())}'", hint);
    }
}
