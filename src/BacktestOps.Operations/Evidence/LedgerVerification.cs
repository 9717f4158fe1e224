using BacktestOps.Contracts;

namespace BacktestOps.Operations.Evidence;

/// <summary>Whether a ledger is as it was written.</summary>
public static class LedgerVerification
{
    /// <summary>Finds what was done to a ledger.</summary>
    /// <param name="path">The file.</param>
    /// <param name="noted">A head that was noted earlier; without one, a tail that was cut off whole can't be seen.</param>
    /// <returns>The faults by line; none for a ledger as it was written.</returns>
    /// <exception cref="IOException">It can't be read.</exception>
    public static IReadOnlyList<LedgerFault> Verify(string path, LedgerHead? noted = null)
    {
        var faults = new List<LedgerFault>();
        var records = new List<(int Line, EvidenceRecord Record, string Hash)>();
        foreach (var line in LedgerFile.Lines(File.ReadAllBytes(path)))
        {
            if (!line.IsEnded)
                faults.Add(new LedgerFault(line.Number, LedgerFaultKind.Torn, "the last line has no end; it was torn while it was written"));
            else if (!LedgerLine.TryRead(line.Bytes.Span, out var record, out var hash, out var isWhole))
                faults.Add(new LedgerFault(line.Number, LedgerFaultKind.Unreadable, "the line is no evidence record"));
            else
            {
                if (!isWhole) faults.Add(new LedgerFault(line.Number, LedgerFaultKind.Edited, $"record {record!.Sequence} was changed: its hash is not that of its content"));
                records.Add((line.Number, record!, hash));
            }
        }

        CheckChain(records, faults);
        if (noted is not null) CheckHead(records, noted, faults);
        return [.. faults.OrderBy(fault => fault.Line)];
    }

    private static void CheckChain(List<(int Line, EvidenceRecord Record, string Hash)> records, List<LedgerFault> faults)
    {
        var (sequence, hash) = (0, LedgerLine.NoHash);
        var highest = 0;
        foreach (var (line, record, own) in records)
        {
            if (record.Sequence <= highest)
                faults.Add(new LedgerFault(line, LedgerFaultKind.Reordered, $"record {record.Sequence} stands after record {highest}"));
            else if (record.Sequence > sequence + 1 && !records.Any(other => other.Record.Sequence == record.Sequence - 1))
                faults.Add(new LedgerFault(line, LedgerFaultKind.Removed, $"record {record.Sequence} follows record {sequence}; what was between is gone"));
            else if (record.Sequence > sequence + 1)
                faults.Add(new LedgerFault(line, LedgerFaultKind.Reordered, $"record {record.Sequence} stands before record {record.Sequence - 1}"));
            else if (record.Previous != hash)
                faults.Add(new LedgerFault(line, LedgerFaultKind.Edited, $"record {record.Sequence} was written after another record {sequence} than the one before it"));
            (sequence, hash, highest) = (record.Sequence, own, Math.Max(highest, record.Sequence));
        }
    }

    private static void CheckHead(List<(int Line, EvidenceRecord Record, string Hash)> records, LedgerHead noted, List<LedgerFault> faults)
    {
        if (noted.Sequence == 0) return;
        var last = records.Count == 0 ? 0 : records.Max(entry => entry.Record.Sequence);
        var at = records.Find(entry => entry.Record.Sequence == noted.Sequence);
        if (last < noted.Sequence)
            faults.Add(new LedgerFault(
                records.Count + 1, LedgerFaultKind.TailCut, $"the ledger ends with record {last}, and record {noted.Sequence} had been written"));
        else if (at.Record is not null && at.Hash != noted.Hash)
            faults.Add(new LedgerFault(at.Line, LedgerFaultKind.Edited, $"record {noted.Sequence} is not the one whose hash was noted"));
    }
}
