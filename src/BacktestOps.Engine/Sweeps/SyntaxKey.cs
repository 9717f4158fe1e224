using System.Text;
using BacktestOps.Engine.Rules.Language;

namespace BacktestOps.Engine.Sweeps;

/// <summary>Says whether two expressions are the same, wherever they stand and however their words are spelled.</summary>
internal static class SyntaxKey
{
    /// <summary>A text that equal expressions share, and no others.</summary>
    public static string Of(Syntax syntax)
    {
        var text = new StringBuilder();
        Write(syntax, text);
        return text.ToString();
    }

    private static void Write(Syntax syntax, StringBuilder text)
    {
        text.Append(syntax switch
        {
            NumberSyntax number => number.Text,
            ParameterSyntax parameter => $"${parameter.Name.ToUpperInvariant()}",
            NameSyntax name => name.Name.ToUpperInvariant(),
            CallSyntax call => call.Name.ToUpperInvariant(),
            LagSyntax => "[]",
            UnarySyntax unary => $"u{unary.Operator}",
            BinarySyntax binary => $"b{binary.Operator}",
            _ => throw new InvalidOperationException($"There is no key of {syntax.GetType().Name}."),
        });
        if (syntax.Children.IsEmpty) return;
        text.Append('(');
        foreach (var child in syntax.Children)
        {
            Write(child, text);
            text.Append(',');
        }
        text.Append(')');
    }
}
