using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace BacktestOps.Service.OpenApi;

/// <summary>What the contract's types and members mean: their documentation, which is written once, in the code.</summary>
internal static class ContractTexts
{
    private static readonly Lazy<Dictionary<string, string>> Texts = new(Read);

    /// <summary>The text of a member; null where it has none.</summary>
    public static string? Of(MemberInfo member) =>
        member.DeclaringType is { FullName: { } type } ? Texts.Value.GetValueOrDefault($"P:{type.Replace('+', '.')}.{member.Name}") : null;

    /// <summary>The text of a type; null where it has none.</summary>
    public static string? Of(Type type) => Texts.Value.GetValueOrDefault($"T:{type.FullName?.Replace('+', '.')}");

    private static Dictionary<string, string> Read()
    {
        using var file = typeof(ContractTexts).Assembly.GetManifestResourceStream("contracts.xml")
            ?? throw new InvalidOperationException("The documentation of the contract was not built into the service.");
        return XDocument.Load(file).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => (string)member.Attribute("name")!, member => Plain(member.Element("summary")!), StringComparer.Ordinal);
    }

    // Names are written as JSON has them, in backticks as in the rest of the document.
    private static string Plain(XElement summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary.Nodes())
        {
            text.Append(node switch
            {
                XElement { Name.LocalName: "see" } see => $"`{Name((string?)see.Attribute("cref") ?? (string?)see.Attribute("langword") ?? "")}`",
                XElement element => $"`{element.Value}`",
                XText words => words.Value,
                _ => "",
            });
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Name(string reference)
    {
        var bare = reference.Split('(')[0];
        var last = bare[(bare.LastIndexOf('.') + 1)..];
        return bare.StartsWith("P:", StringComparison.Ordinal) || bare.StartsWith("F:", StringComparison.Ordinal) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(last) : last;
    }
}
