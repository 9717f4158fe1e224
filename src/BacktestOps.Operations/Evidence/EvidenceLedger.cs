using System.Globalization;
using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Files;

namespace BacktestOps.Operations.Evidence;

/// <summary>
/// An append-only file of evidence, one record a line, each with the hash of the one before. Several processes may append:
/// each line is written under a lock that the kernel keeps. A last line that a crash tore is set aside, not fatal.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="clock">The clock.</param>
/// <param name="disk">Where it is written; null for this machine's disks.</param>
/// <param name="redactor">Takes secrets out of what is written; null where there are none.</param>
public sealed class EvidenceLedger(string path, TimeProvider clock, IDisk? disk = null, Redactor? redactor = null)
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    private readonly IDisk _disk = disk ?? new LocalDisk();
    private readonly Redactor _redactor = redactor ?? Redactor.None;

    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Appends a record. When this returns it is on the disk.</summary>
    /// <param name="record">The record; its number and the hash before it are filled in.</param>
    /// <param name="cancellationToken">Gives up waiting for another process that appends.</param>
    /// <returns>The ledger's head after it.</returns>
    public async Task<LedgerHead> AppendAsync(EvidenceRecord record, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        using var own = await LockAsync(cancellationToken).ConfigureAwait(false);
        var (head, length) = ReadEnd();
        SetTornAside(length);
        var line = LedgerLine.Write(Clean(record) with { Sequence = head.Sequence + 1, Previous = head.Hash }, out var hash);
        _disk.Append(Path, length, line);
        return new LedgerHead(head.Sequence + 1, hash);
    }

    /// <summary>Where the ledger ends now.</summary>
    public LedgerHead Head() => ReadEnd().Head;

    /// <summary>The records in their order. A torn last line is not among them; use <see cref="LedgerVerification"/> to judge the file.</summary>
    public IEnumerable<EvidenceRecord> Read()
    {
        if (!File.Exists(Path)) yield break;
        foreach (var line in LedgerFile.Lines(File.ReadAllBytes(Path)))
        {
            if (LedgerLine.TryRead(line.Bytes.Span, out var record, out _, out _)) yield return record!;
        }
    }

    private EvidenceRecord Clean(EvidenceRecord record) => record with
    {
        Kind = _redactor.Redact(record.Kind),
        Subject = _redactor.Redact(record.Subject),
        Expected = _redactor.Redact(record.Expected),
        Observed = record.Observed is null ? null : _redactor.Redact(record.Observed),
        Detail = record.Detail is null ? null : _redactor.Redact(record.Detail),
        Data = record.Data is { } data ? RedactedData.Of(data, _redactor) : null,
    };

    /// <summary>The head, and where the whole lines end, in bytes.</summary>
    private (LedgerHead Head, long Length) ReadEnd()
    {
        var head = new LedgerHead(0, LedgerLine.NoHash);
        if (!File.Exists(Path)) return (head, 0);
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var whole = LedgerFile.WholeLength(file);
        if (whole > 0 && LedgerLine.TryRead(LedgerFile.LastLine(file, whole), out var record, out var hash, out _))
            head = new LedgerHead(record!.Sequence, hash);
        else if (whole > 0)
            throw new DeploymentException(
                "LedgerDamaged", $"The last line of '{Path}' is no evidence record.", "See what was done to the file with Test-DeploymentEvidence; nothing is appended to a damaged ledger.");
        return (head, whole);
    }

    private void SetTornAside(long length)
    {
        if (!File.Exists(Path) || new FileInfo(Path).Length == length) return;
        var torn = File.ReadAllBytes(Path).AsSpan((int)length);
        var aside = string.Create(CultureInfo.InvariantCulture, $"{Path}.torn-{clock.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}");
        _disk.Write(aside, torn);
    }

    private async Task<DeploymentLock> LockAsync(CancellationToken cancellationToken)
    {
        var begin = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return DeploymentLock.Acquire(Path + ".lock", _disk, clock);
            }
            catch (DeploymentException error) when (error.ErrorId == "DeploymentLocked" && clock.GetElapsedTime(begin) < LockPatience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
