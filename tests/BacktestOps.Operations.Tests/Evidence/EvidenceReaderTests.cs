using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Operations.Tests.Evidence;

public sealed class EvidenceReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 2, 8, 14, 30, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Records_are_chosen_by_kind_deployment_verdict_number_and_time()
    {
        await AppendAsync("health", Verdict.Pass, 1);
        await AppendAsync("baseline smoke", Verdict.Fail, 2);
        await AppendAsync("smoke", Verdict.Error, 2);
        await AppendAsync("watch", Verdict.Inconclusive, null);

        Assert.Equal([1, 2, 3, 4], Numbers(new EvidenceFilter()));
        Assert.Equal([2, 3], Numbers(new EvidenceFilter { Kinds = ["*smoke"] }));
        Assert.Equal([2, 3], Numbers(new EvidenceFilter { Deployments = [2] }));
        Assert.Equal([2, 4], Numbers(new EvidenceFilter { Verdicts = [Verdict.Fail, Verdict.Inconclusive] }));
        Assert.Equal([3], Numbers(new EvidenceFilter { Sequences = [3, 9] }));
        Assert.Equal([2, 3], Numbers(new EvidenceFilter { Since = At(2), Before = At(4) }));
    }

    [Fact]
    public async Task Data_answers_by_name_with_numbers_lists_and_nothing_as_such()
    {
        await AppendAsync("watch", Verdict.Pass, 1, """{"cpu":12.5,"slots":13,"missed":null,"ok":true,"checks":[{"name":"CPU"}]}""");

        var data = EvidenceReader.Read(_folder["ledger.jsonl"], new EvidenceFilter()).Single().Data!;

        Assert.Equal([12.5, 13L, null, true], new[] { data["cpu"], data["slots"], data["missed"], data["ok"] });
        Assert.Equal("CPU", ((System.Collections.IDictionary)((object?[])data["checks"]!)[0]!)["name"]);
    }

    [Fact]
    public async Task A_torn_last_line_is_no_record()
    {
        await AppendAsync("health", Verdict.Pass, 1);
        await File.AppendAllTextAsync(_folder["ledger.jsonl"], "{\"sequence\":2,\"at\"", TestContext.Current.CancellationToken);

        Assert.Equal([1], Numbers(new EvidenceFilter()));
    }

    [Fact]
    public async Task A_secret_is_in_no_text_of_a_records_data()
    {
        var ledger = new EvidenceLedger(_folder["ledger.jsonl"], _clock, redactor: new Redactor(["hunter\"2"]));
        await ledger.AppendAsync(Record("answer", Verdict.Pass, 1, """{"said":"it is hunter\"2","deep":[{"n":2,"t":"hunter\"2!"}]}"""), TestContext.Current.CancellationToken);

        var text = await File.ReadAllTextAsync(_folder["ledger.jsonl"], TestContext.Current.CancellationToken);

        Assert.DoesNotContain("hunter", text, StringComparison.Ordinal);
        Assert.Equal("it is [secret]", EvidenceReader.Read(_folder["ledger.jsonl"], new EvidenceFilter()).Single().Data!["said"]);
        Assert.Empty(LedgerVerification.Verify(_folder["ledger.jsonl"]));
    }

    private List<int> Numbers(EvidenceFilter filter) => [.. EvidenceReader.Read(_folder["ledger.jsonl"], filter).Select(record => record.Sequence)];

    private static DateTimeOffset At(int number) => new DateTimeOffset(2026, 2, 8, 14, 30, 0, TimeSpan.Zero).AddMinutes(number);

    private Task<LedgerHead> AppendAsync(string kind, Verdict verdict, int? deployment, string? data = null)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        return new EvidenceLedger(_folder["ledger.jsonl"], _clock).AppendAsync(Record(kind, verdict, deployment, data), TestContext.Current.CancellationToken);
    }

    private EvidenceRecord Record(string kind, Verdict verdict, int? deployment, string? data) => new()
    {
        At = _clock.GetUtcNow(), Kind = kind, Subject = "a subject", Deployment = deployment, Expected = "a", Verdict = verdict, Samples = 1,
        Data = data is null ? null : JsonDocument.Parse(data).RootElement,
    };
}
