using BacktestOps.Engine.Rules;
using BacktestOps.Engine.Rules.Language;

namespace BacktestOps.Engine.Tests.Rules;

/// <summary>The page of the language names what there is.</summary>
public class RuleDocsTests
{
    private static readonly string Page = Read();

    [Fact]
    public void Every_function_stands_on_the_page_with_its_arguments()
    {
        Assert.All(FunctionCatalog.All, function => Assert.Contains($"`{Shown(function)}`", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_name_stands_on_the_page()
    {
        Assert.All(Names.All, name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_example_on_the_page_is_a_strategy()
    {
        var start = Page.IndexOf("```json", StringComparison.Ordinal) + "```json".Length;
        var json = Page[start..Page.IndexOf("```", start, StringComparison.Ordinal)];

        Assert.Equal("Dip", Assert.Single(StrategyFile.Parse(System.Text.Encoding.UTF8.GetBytes(json), "README.md")).Name);
    }

    // The page has short names for the usual arguments.
    private static string Shown(RuleFunction function) => function.Name switch
    {
        "min" or "max" or "crossover" or "crossunder" => $"{function.Name}(a, b)",
        _ => function.Signature.Replace("bars", "n", StringComparison.Ordinal),
    };

    private static string Read()
    {
        using var stream = typeof(RuleDocsTests).Assembly.GetManifestResourceStream("Rules.README.md")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
