using System.Text.Json;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Plans;

namespace BacktestOps.Operations.Tests.Fixtures;

/// <summary>A plan with feedback and notification channels, in a folder of its own.</summary>
internal sealed class ChannelPlan : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.Path;

    public string Root => _folder["root"];

    public string LedgerPath => Path.Combine(Root, "evidence", "ledger.jsonl");

    public Dictionary<string, object?> Keys { get; } = [];

    public Dictionary<string, string> Variables { get; } = [];

    public TimeProvider Clock { get; set; } = new PauseClock();

    public StubHttp? Http { get; set; }

    public DeploymentTools Tools => new()
    {
        Clock = Clock,
        Commands = new BacktestOps.Operations.Commands.CommandRunner(TimeProvider.System),
        Variable = name => Variables.GetValueOrDefault(name),
        ChannelHttp = Http is null ? null : Http.Handler,
    };

    public ChannelPlan Feedback(params object[] channels)
    {
        Keys["feedback"] = new Dictionary<string, object> { ["channels"] = channels };
        return this;
    }

    public ChannelPlan Notify(params object[] channels)
    {
        Keys["notifications"] = channels;
        return this;
    }

    public DeploymentPlan Read()
    {
        var plan = new Dictionary<string, object?>(Keys)
        {
            ["name"] = "channels",
            ["root"] = Root,
            ["source"] = new { git = "repository" },
            ["service"] = new { start = new[] { "true" }, port = 3000 },
            ["health"] = new { fields = new { status = "healthy" } },
            ["smoke"] = false,
        };
        var path = _folder["deployment.json"];
        File.WriteAllText(path, JsonSerializer.Serialize(plan));
        return PlanReader.Read(path);
    }

    public List<EvidenceRecord> Ledger() => [.. new EvidenceLedger(LedgerPath, TimeProvider.System).Read()];

    /// <summary>Every file of the folder that has a text in it, the plan itself left out.</summary>
    public IEnumerable<string> FilesWith(string text) => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Where(file => File.ReadAllText(file).Contains(text, StringComparison.Ordinal)).Select(file => Path.GetRelativePath(Folder, file));

    public void Dispose() => _folder.Dispose();
}
