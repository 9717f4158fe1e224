using System.Text;
using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Operations.Tests.Evidence;

public sealed class EvidenceLedgerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 2, 8, 14, 30, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => _folder["ledger.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_appended_is_read_back_in_order_and_verifies()
    {
        var head = await FillAsync(20);

        Assert.Equal(20, head.Sequence);
        Assert.Equal(head, Ledger().Head());
        Assert.Equal(Enumerable.Range(1, 20), Ledger().Read().Select(record => record.Sequence));
        Assert.Empty(LedgerVerification.Verify(File, head));
    }

    [Fact]
    public async Task Every_byte_that_is_changed_is_found()
    {
        var head = await FillAsync(4);
        var good = await System.IO.File.ReadAllBytesAsync(File, Token);
        for (var at = 0; at < good.Length; at++)
        {
            var bytes = good.ToArray();
            bytes[at] ^= 1;
            await System.IO.File.WriteAllBytesAsync(File, bytes, Token);

            Assert.True(LedgerVerification.Verify(File, head).Count > 0, $"byte {at}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(8)]
    public async Task A_record_that_was_taken_out_is_found(int line)
    {
        var head = await FillAsync(10);
        var lines = System.IO.File.ReadAllLines(File).ToList();
        lines.RemoveAt(line);
        Write(lines);

        var fault = Assert.Single(LedgerVerification.Verify(File, head));

        Assert.Equal((line + 1, LedgerFaultKind.Removed), (fault.Line, fault.Kind));
    }

    [Fact]
    public async Task Two_records_that_changed_places_are_found()
    {
        await FillAsync(10);
        var lines = System.IO.File.ReadAllLines(File);
        (lines[3], lines[5]) = (lines[5], lines[3]);
        Write(lines);

        Assert.Contains(LedgerVerification.Verify(File), fault => fault.Kind == LedgerFaultKind.Reordered);
    }

    [Fact]
    public async Task A_tail_that_was_cut_off_is_found_against_a_head_that_was_noted()
    {
        var head = await FillAsync(10);
        Write(System.IO.File.ReadAllLines(File)[..7]);

        Assert.Empty(LedgerVerification.Verify(File));
        var fault = Assert.Single(LedgerVerification.Verify(File, head));
        Assert.Equal(LedgerFaultKind.TailCut, fault.Kind);
    }

    [Fact]
    public async Task A_history_that_was_written_anew_is_found_against_a_head_that_was_noted()
    {
        var head = await FillAsync(5);
        System.IO.File.Delete(File);
        await FillAsync(6, "another");

        Assert.Empty(LedgerVerification.Verify(File));
        Assert.Equal(LedgerFaultKind.Edited, Assert.Single(LedgerVerification.Verify(File, head)).Kind);
    }

    [Fact]
    public async Task A_torn_last_line_is_set_aside_and_the_ledger_goes_on()
    {
        await FillAsync(3);
        var whole = await System.IO.File.ReadAllBytesAsync(File, Token);
        for (var cut = 1; cut < 60; cut += 7)
        {
            await System.IO.File.WriteAllBytesAsync(File, [.. whole, .. whole[..cut]], Token);
            Assert.Equal(LedgerFaultKind.Torn, Assert.Single(LedgerVerification.Verify(File)).Kind);
            Assert.Equal(3, Ledger().Read().Count());

            var head = await Ledger().AppendAsync(Record("after"), Token);

            Assert.Equal(4, head.Sequence);
            Assert.Empty(LedgerVerification.Verify(File, head));
            var aside = Assert.Single(Directory.GetFiles(_folder.Path, "*.torn-*"));
            Assert.Equal(cut, new FileInfo(aside).Length);
            System.IO.File.Delete(aside);
        }
    }

    [Fact]
    public async Task Several_writers_make_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            // The real clock: they wait for each other.
            var ledger = new EvidenceLedger(File, TimeProvider.System);
            for (var i = 0; i < 5; i++) await ledger.AppendAsync(Record($"{writer}/{i}"), Token);
        })));

        Assert.Empty(LedgerVerification.Verify(File));
        Assert.Equal(40, Ledger().Read().Select(record => record.Subject).Distinct().Count());
    }

    [Fact]
    public async Task Secrets_are_not_written()
    {
        await new EvidenceLedger(File, _clock, redactor: new Redactor(["hunter2"])).AppendAsync(Record("password is hunter2") with { Observed = "hunter2", Detail = "hunter2" }, Token);

        Assert.DoesNotContain("hunter2", await System.IO.File.ReadAllTextAsync(File, Token), StringComparison.Ordinal);
    }

    private async Task<LedgerHead> FillAsync(int count, string subject = "record")
    {
        var head = new LedgerHead(0, "");
        for (var i = 1; i <= count; i++) head = await Ledger().AppendAsync(Record($"{subject} {i} — 오류 0건"), Token);
        return head;
    }

    private EvidenceLedger Ledger() => new(File, _clock);

    private EvidenceRecord Record(string subject) => new()
    {
        At = _clock.GetUtcNow(),
        Kind = "test",
        Subject = subject,
        Expected = "\"healthy\"",
        Observed = "200",
        Verdict = Verdict.Pass,
        Samples = 1,
        Artifacts = [new string('a', 64)],
    };

    private void Write(IEnumerable<string> lines) => System.IO.File.WriteAllBytes(File, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
}
