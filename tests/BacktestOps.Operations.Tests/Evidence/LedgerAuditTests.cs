using System.Diagnostics;
using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Operations.Tests.Evidence;

public sealed class LedgerAuditTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 2, 8, 14, 30, 0, TimeSpan.Zero));

    private string Ledger => _folder["ledger.jsonl"];

    private string Key => _folder["key.pem"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_whole_ledger_with_what_it_kept_passes_and_says_what_could_not_be_seen()
    {
        await FillAsync(3);

        var seen = LedgerAudit.Verify(Ledger, new LedgerAuditRequest());

        Assert.Equal((Verdict.Pass, 3, 3, 3), (seen.Verdict, seen.Records, seen.Head.Sequence, seen.Artifacts));
        Assert.Contains("no head was noted", seen.Limits, StringComparison.Ordinal);
        Assert.Null(LedgerAudit.Verify(Ledger, new LedgerAuditRequest { Noted = LedgerHead.Parse(seen.Head.ToString()) }).Limits);
    }

    [Fact]
    public async Task A_tail_that_was_cut_passes_alone_and_fails_against_the_head_that_was_noted()
    {
        await FillAsync(3);
        var noted = LedgerAudit.Verify(Ledger, new LedgerAuditRequest()).Head;
        CutLast();

        Assert.Equal(Verdict.Pass, LedgerAudit.Verify(Ledger, new LedgerAuditRequest()).Verdict);
        var seen = LedgerAudit.Verify(Ledger, new LedgerAuditRequest { Noted = noted });
        Assert.Equal((Verdict.Fail, LedgerFaultKind.TailCut), (seen.Verdict, Assert.Single(seen.Faults).Kind));
    }

    [Fact]
    public async Task An_empty_ledger_proves_nothing()
    {
        await File.WriteAllTextAsync(Ledger, "", TestContext.Current.CancellationToken);

        Assert.Equal(Verdict.Inconclusive, LedgerAudit.Verify(Ledger, new LedgerAuditRequest()).Verdict);
        Assert.Equal("LedgerNotFound", Assert.Throws<EvidenceException>(() => LedgerAudit.Verify(_folder["none"], new LedgerAuditRequest())).ErrorId);
    }

    [Fact]
    public async Task What_was_kept_and_is_gone_or_changed_is_found_with_the_record_that_kept_it()
    {
        var digests = await FillAsync(3);
        var store = new ArtifactStore(_folder["artifacts"]);
        File.Delete(store.PathOf(digests[0]));
        await File.WriteAllTextAsync(store.PathOf(digests[2]), "other bytes", TestContext.Current.CancellationToken);

        var seen = LedgerAudit.Verify(Ledger, new LedgerAuditRequest());

        Assert.Equal(Verdict.Fail, seen.Verdict);
        Assert.Equal([(1, LedgerFaultKind.ArtifactMissing), (3, LedgerFaultKind.ArtifactChanged)], seen.Faults.Select(fault => (fault.Line, fault.Kind)));
        Assert.Equal(Verdict.Pass, LedgerAudit.Verify(Ledger, new LedgerAuditRequest { SkipArtifacts = true }).Verdict);
    }

    [Fact]
    public async Task A_signed_head_finds_a_ledger_that_was_written_anew_as_a_whole()
    {
        await FillAsync(3);
        Sign();
        File.Delete(Ledger);
        await FillAsync(3, "another story");

        var seen = LedgerAudit.Verify(Ledger, Signed());

        Assert.Equal((Verdict.Fail, LedgerFaultKind.Edited), (seen.Verdict, Assert.Single(seen.Faults).Kind));
        // Also without the key: whoever writes anew must then forge the signed head too, and can't.
        Assert.Equal(Verdict.Fail, LedgerAudit.Verify(Ledger, new LedgerAuditRequest()).Verdict);
    }

    [Fact]
    public async Task Records_after_the_signed_head_are_said_not_to_be_signed()
    {
        await FillAsync(2);
        var head = Sign();
        await FillAsync(1);

        var seen = LedgerAudit.Verify(Ledger, Signed());

        Assert.Equal((Verdict.Pass, "the records after 2 are not signed"), (seen.Verdict, seen.Limits));
        Assert.Equal(head.KeySha256, Assert.Single(seen.Signatures).KeySha256);
    }

    [Fact]
    public async Task A_forged_head_a_foreign_key_and_no_signature_at_all_are_told_apart()
    {
        await FillAsync(2);
        SigningKey.Create(Key, null);
        Assert.Equal(Verdict.Inconclusive, LedgerAudit.Verify(Ledger, Signed()).Verdict);

        using (var key = SigningKey.Read(Key, null)) HeadSignatures.Sign(Ledger, key, "kim@host", _clock);
        SigningKey.Create(_folder["other.pem"], null);
        Assert.Equal(Verdict.Inconclusive, LedgerAudit.Verify(Ledger, new LedgerAuditRequest { PublicKey = _folder["other.pem.pub"] }).Verdict);

        var file = Directory.GetFiles(_folder["heads"], "*.json").Single();
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("kim@host", "lee@host", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var forged = LedgerAudit.Verify(Ledger, Signed());
        Assert.Equal((Verdict.Fail, LedgerFaultKind.SignatureInvalid), (forged.Verdict, Assert.Single(forged.Faults).Kind));
    }

    [Fact]
    public async Task A_damaged_ledger_is_not_signed()
    {
        await FillAsync(2);
        SigningKey.Create(Key, null);
        await File.WriteAllTextAsync(Ledger, (await File.ReadAllTextAsync(Ledger, TestContext.Current.CancellationToken)).Replace("\"pass\"", "\"fail\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        using var key = SigningKey.Read(Key, null);
        Assert.Equal("LedgerNotWhole", Assert.Throws<EvidenceException>(() => HeadSignatures.Sign(Ledger, key, "kim", _clock)).ErrorId);
        Assert.False(Directory.Exists(_folder["heads"]));
    }

    [Fact]
    public void A_key_that_others_can_use_is_refused_and_one_that_is_there_is_never_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        SigningKey.Create(Key, "a password");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Key));
        Assert.Equal("KeyExists", Assert.Throws<EvidenceException>(() => SigningKey.Create(Key, null)).ErrorId);
        Assert.Equal("KeyInvalid", Assert.Throws<EvidenceException>(() => SigningKey.Read(Key, null)).ErrorId);
        Assert.Equal("KeyInvalid", Assert.Throws<EvidenceException>(() => SigningKey.Read(Key, "another")).ErrorId);
        SigningKey.Read(Key, "a password").Dispose();

        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Equal("KeyNotPrivate", Assert.Throws<EvidenceException>(() => SigningKey.Read(Key, "a password")).ErrorId);
    }

    [Fact]
    public async Task Openssl_verifies_what_is_signed_here_and_signs_what_is_verified_here()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/openssl"), "openssl is not installed: it is the judge from outside.");
        await FillAsync(2);
        var head = Sign();
        Assert.Equal((0, "Verified OK"), await OpenSslAsync("dgst", "-sha256", "-verify", Key + ".pub", "-signature", head.SignaturePath, head.Path));
        Assert.NotEqual(0, (await OpenSslAsync("dgst", "-sha256", "-verify", Key + ".pub", "-signature", head.SignaturePath, Ledger)).Code);

        // A key of openssl's own signs the same bytes; the key and the signature are read here.
        await OpenSslAsync("ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", _folder["theirs.pem"]);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder["theirs.pem"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await OpenSslAsync("ec", "-in", _folder["theirs.pem"], "-pubout", "-out", _folder["theirs.pub"]);
        SignedHead theirs;
        using (var key = SigningKey.Read(_folder["theirs.pem"], null)) theirs = HeadSignatures.Sign(Ledger, key, "lee", _clock);
        File.Delete(theirs.SignaturePath);
        await OpenSslAsync("dgst", "-sha256", "-sign", _folder["theirs.pem"], "-out", theirs.SignaturePath, theirs.Path);
        Assert.Equal(Verdict.Pass, LedgerAudit.Verify(Ledger, new LedgerAuditRequest { PublicKey = _folder["theirs.pub"] }).Verdict);
    }

    private static async Task<(int Code, string Said)> OpenSslAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, said.Trim());
    }

    private LedgerAuditRequest Signed() => new() { PublicKey = Key + ".pub" };

    private SignedHead Sign()
    {
        SigningKey.Create(Key, null);
        using var key = SigningKey.Read(Key, null);
        return HeadSignatures.Sign(Ledger, key, "kim@host", _clock);
    }

    private void CutLast()
    {
        var lines = File.ReadAllLines(Ledger);
        File.WriteAllText(Ledger, string.Concat(lines[..^1].Select(line => line + "\n")));
    }

    private async Task<List<string>> FillAsync(int count, string story = "a story")
    {
        var (ledger, store) = (new EvidenceLedger(Ledger, _clock), new ArtifactStore(_folder["artifacts"]));
        var digests = new List<string>();
        for (var number = 0; number < count; number++)
        {
            var artifact = store.Put("bytes", "text/plain", System.Text.Encoding.UTF8.GetBytes($"{story} {number}"));
            digests.Add(artifact.Digest);
            await ledger.AppendAsync(
                new EvidenceRecord { At = _clock.GetUtcNow(), Kind = "smoke", Subject = story, Expected = "200", Observed = "200", Verdict = Verdict.Pass, Samples = 1, Artifacts = [artifact.Digest] },
                TestContext.Current.CancellationToken);
        }

        return digests;
    }
}
