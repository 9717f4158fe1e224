using BacktestOps.Contracts;

namespace BacktestOps.Operations.Evidence;

/// <summary>What a ledger is held against, beside itself.</summary>
public sealed record LedgerAuditRequest
{
    /// <summary>A head that was noted earlier; null for none.</summary>
    public LedgerHead? Noted { get; init; }

    /// <summary>The public key, PEM, that heads must be signed with; null when signatures are not looked at.</summary>
    public string? PublicKey { get; init; }

    /// <summary>True to pass over the files that records kept.</summary>
    public bool SkipArtifacts { get; init; }
}

/// <summary>Holds a ledger against itself, against what it kept, and against the heads of it that were noted or signed.</summary>
public static class LedgerAudit
{
    /// <summary>Verifies a ledger.</summary>
    /// <param name="path">The ledger.</param>
    /// <param name="request">What to hold it against.</param>
    /// <exception cref="EvidenceException">The ledger, or the key, can't be read.</exception>
    public static EvidenceVerification Verify(string path, LedgerAuditRequest request)
    {
        _ = EvidenceReader.Bytes(path);
        foreach (var folder in HeadSignatures.FoldersOf(path, withArtifacts: !request.SkipArtifacts)) Look(folder);
        var faults = new List<LedgerFault>(LedgerVerification.Verify(path, request.Noted));
        var records = EvidenceReader.Read(path, new EvidenceFilter()).ToList();
        var heads = HeadSignatures.Read(path);
        var signed = request.PublicKey is { } key ? HeadSignatures.Verify(heads, key, faults) : [];
        foreach (var head in request.PublicKey is null ? heads : signed) CheckHead(path, head, faults);
        var artifacts = request.SkipArtifacts ? 0 : CheckArtifacts(path, records, faults);
        return new EvidenceVerification
        {
            Path = path,
            Records = records.Count,
            Head = records.Count == 0 ? new LedgerHead(0, LedgerLine.NoHash) : new LedgerHead(records[^1].Sequence, records[^1].Hash),
            Artifacts = artifacts,
            Signatures = signed,
            Faults = [.. faults.Distinct().OrderBy(fault => fault.Line)],
            Verdict = faults.Any(fault => fault.Kind != LedgerFaultKind.Torn) ? Verdict.Fail
                : records.Count == 0 || (request.PublicKey is not null && signed.Count == 0) ? Verdict.Inconclusive
                : Verdict.Pass,
            Limits = Limits(request, signed, records.Count),
        };
    }

    /// <summary>What may not be looked at is not missing: it is not known, and said so.</summary>
    private static void Look(string folder)
    {
        try
        {
            foreach (var entry in Directory.EnumerateDirectories(folder).Prepend(folder)) _ = Directory.EnumerateFileSystemEntries(entry).FirstOrDefault();
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was kept or signed.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceException("EvidenceNotReadable", $"'{folder}' can't be read: {error.Message}", "Let this account read the evidence folder with all that is in it (setfacl -R -m u:NAME:rX), or take a copy.", error);
        }
    }

    private static string? Limits(LedgerAuditRequest request, IReadOnlyList<SignedHead> signed, int records)
    {
        var limits = new List<string>();
        if (records == 0) limits.Add("there is no record");
        if (request.PublicKey is not null && signed.Count == 0) limits.Add("no head is signed with this key");
        if (request.Noted is null && signed.Count == 0) limits.Add("no head was noted elsewhere or signed, so a ledger that was written anew as a whole, or whose last records were cut off, looks like this too");
        if (signed.Count > 0 && signed[^1].Sequence < records) limits.Add($"the records after {signed[^1].Sequence} are not signed");
        if (request.SkipArtifacts) limits.Add("what was kept was not looked at");
        return limits.Count == 0 ? null : string.Join("; ", limits);
    }

    private static void CheckHead(string path, SignedHead head, List<LedgerFault> faults) =>
        faults.AddRange(LedgerVerification.Verify(path, new LedgerHead(head.Sequence, head.Hash))
            .Where(fault => !faults.Contains(fault)));

    private static int CheckArtifacts(string path, List<DeploymentEvidence> records, List<LedgerFault> faults)
    {
        var store = new ArtifactStore(Path.Combine(Path.GetDirectoryName(path)!, "artifacts"));
        // A backup's digest is that of a file among the backups, which go when their deployment is removed.
        var kept = records.Where(record => record.Kind != "backup").SelectMany(record => record.Artifacts.Select(digest => (record.Sequence, Digest: digest)));
        var whole = 0;
        foreach (var group in kept.GroupBy(entry => entry.Digest, entry => entry.Sequence))
        {
            if (!store.Contains(group.Key))
            {
                faults.Add(new LedgerFault(group.First(), LedgerFaultKind.ArtifactMissing, $"record {group.First()} kept {group.Key}, and it is not in '{store.Folder}'"));
                continue;
            }

            try
            {
                store.Read(group.Key);
                whole++;
            }
            catch (ArtifactStoreException error) when (error.InnerException is UnauthorizedAccessException)
            {
                throw new EvidenceException("EvidenceNotReadable", error.Message, "Let this account read the evidence folder with all that is in it (setfacl -R -m u:NAME:rX), or take a copy.", error);
            }
            catch (ArtifactStoreException error)
            {
                faults.Add(new LedgerFault(group.First(), LedgerFaultKind.ArtifactChanged, $"record {group.First()}: {error.Message}"));
            }
        }

        return whole;
    }
}
