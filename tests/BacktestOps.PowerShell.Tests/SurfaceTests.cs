using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using BacktestOps.PowerShell.Cmdlets;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests;

/// <summary>What holds for every cmdlet, whoever adds one.</summary>
public sealed partial class SurfaceTests
{
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly string[] ReadingVerbs = ["Get", "Compare", "Test", "Connect", "Disconnect"];

    private static readonly Dictionary<string, XElement> Help = XDocument.Load(TestSession.ModuleFile("BacktestOps.PowerShell.dll-Help.xml"))
        .Root!.Elements(Command + "command").ToDictionary(command => command.Element(Command + "details")!.Element(Command + "name")!.Value);

    public static TheoryData<string> Names => [.. Cmdlets.Keys];

    private static Dictionary<string, Type> Cmdlets { get; } = typeof(StartBacktestCommand).Assembly.GetTypes()
        .Where(type => type.GetCustomAttribute<CmdletAttribute>() is not null)
        .ToDictionary(type => $"{Of(type).VerbName}-{Of(type).NounName}");

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cmdlet_is_sealed_public_and_says_what_it_gives(string name)
    {
        var type = Cmdlets[name];

        Assert.True(type.IsSealed && type.IsPublic);
        if (name != "Disconnect-BacktestService") Assert.NotEmpty(type.GetCustomAttributes<OutputTypeAttribute>());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_it_gives_can_be_named_by_users(string name)
    {
        var ours = Cmdlets[name].GetCustomAttributes<OutputTypeAttribute>()
            .SelectMany(output => output.Type).Select(output => output.Type)
            .Concat(Cmdlets[name].GetProperties().Where(IsParameter).Select(parameter => parameter.PropertyType))
            .Where(type => type?.Assembly.GetName().Name?.StartsWith("BacktestOps", StringComparison.Ordinal) == true);

        // Only this assembly of ours is loaded into the session itself.
        Assert.All(ours, type => Assert.Equal("BacktestOps.Contracts", type!.Assembly.GetName().Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_changes_something_asks_and_what_reads_does_not(string name) =>
        Assert.Equal(!ReadingVerbs.Contains(name.Split('-')[0]) || Records(Cmdlets[name]), Of(Cmdlets[name]).SupportsShouldProcess);

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_help_has_a_synopsis_a_description_and_an_example(string name)
    {
        var help = Help[name];

        Assert.All(
            [help.Element(Command + "details")!.Element(Maml + "description"), help.Element(Maml + "description")],
            text => Assert.False(string.IsNullOrWhiteSpace(text?.Value)));
        Assert.NotEmpty(help.Descendants(Command + "example"));
        Assert.All(help.Descendants(Command + "example"), example => Assert.Contains(name.Split('-')[1], example.Element(Dev + "code")!.Value, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_help_says_something_of_every_parameter_and_of_no_other(string name)
    {
        var type = Cmdlets[name];
        var expected = type.GetProperties().Where(IsParameter).Select(property => property.Name)
            .Concat(Of(type).SupportsShouldProcess ? ["WhatIf", "Confirm"] : [])
            .Concat(Of(type).SupportsPaging ? ["First", "Skip", "IncludeTotalCount"] : []);
        var described = Help[name].Element(Command + "parameters")!.Elements(Command + "parameter").ToList();

        Assert.Equal(expected.Order(), described.Select(parameter => parameter.Element(Maml + "name")!.Value).Order());
        Assert.All(described, parameter => Assert.False(string.IsNullOrWhiteSpace(parameter.Element(Maml + "description")?.Value)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_help_and_its_binding_agree(string name)
    {
        var properties = Cmdlets[name].GetProperties().Where(IsParameter).ToDictionary(property => property.Name);
        foreach (var described in Help[name].Element(Command + "parameters")!.Elements(Command + "parameter"))
        {
            if (!properties.TryGetValue(described.Element(Maml + "name")!.Value, out var property)) continue;
            var bindings = property.GetCustomAttributes<ParameterAttribute>().ToList();
            var pipeline = described.Attribute("pipelineInput")!.Value;

            Assert.Equal(bindings.Any(binding => binding.ValueFromPipeline), pipeline.Contains("ByValue", StringComparison.Ordinal));
            Assert.Equal(bindings.Any(binding => binding.ValueFromPipelineByPropertyName), pipeline.Contains("ByPropertyName", StringComparison.Ordinal));
            Assert.Equal(bindings.Any(binding => binding.Mandatory) ? "true" : "false", described.Attribute("required")!.Value);
        }
    }

    [Fact]
    public void There_is_no_help_for_what_is_not_there() => Assert.Equal(Cmdlets.Keys.Order(), Help.Keys.Order());

    [Fact]
    public void The_help_topic_names_every_error_id()
    {
        var topic = File.ReadAllText(TestSession.ModuleFile("about_BacktestOps.help.txt"));
        var ids = typeof(Contracts.BacktestOpsException).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Contracts.BacktestOpsException)))
            .Select(type => NameOfException().Replace(type.Name, "$1"))
            .Select(id => id == "MarketData" ? "MarketDataInvalid" : id)
            .Concat(Enum.GetNames<Operations.ServiceProcesses.ServiceProcessFault>().Select(fault => "Service" + fault));

        Assert.All(ids, id => Assert.Contains($"    {id} ", topic, StringComparison.Ordinal));
    }

    // What reads, and writes down what it found where that is asked for.
    private static bool Records(Type cmdlet) => cmdlet.GetProperty("Record") is { } record && IsParameter(record);

    private static bool IsParameter(PropertyInfo property) => property.GetCustomAttributes<ParameterAttribute>().Any();

    private static CmdletAttribute Of(Type type) => type.GetCustomAttribute<CmdletAttribute>()!;

    [GeneratedRegex("^(.*)Exception$")]
    private static partial Regex NameOfException();
}
