using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Rollback;

namespace BacktestOps.Operations.Tests.Deployments;

/// <summary>That every deployment which ends leaves the evidence of its end.</summary>
public sealed class DeploymentEvidenceTests
{
    [Fact]
    public async Task Each_end_is_recorded_with_its_outcome_and_what_its_journal_says_of_steps_and_times()
    {
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0").Version("1.2.0", ("start", "exit"));
        rig.Tools = new FakeHost().Into(rig.Tools);
        await rig.DeployAsync("1.0.0");
        await rig.DeployAsync("9.9.9");
        await rig.DeployAsync("1.2.0");
        await rig.DeployAsync("1.1.0");
        await rig.Deployer().RollBackAsync(new RollbackRequest { Reason = "a drill" }, cancellationToken: TestContext.Current.CancellationToken);

        var (ends, list) = (Ends(rig), rig.Deployer().List());

        Assert.Equal(
            [DeploymentOutcome.Succeeded, DeploymentOutcome.Refused, DeploymentOutcome.RolledBack, DeploymentOutcome.Succeeded, DeploymentOutcome.Succeeded],
            ends.Select(end => end.Data.Outcome));
        Assert.Equal([Verdict.Pass, Verdict.Fail, Verdict.Fail, Verdict.Pass, Verdict.Pass], ends.Select(end => end.Record.Verdict));
        foreach (var ((record, data), told) in ends.Zip(list))
        {
            Assert.Equal((told.Id, told.Version, told.Release, told.Live, told.Operator), (record.Deployment!.Value, data.Version, data.Release, data.Live, data.Operator));
            Assert.Equal(told.Steps.Select(step => (step.Name, step.Duration?.TotalSeconds)), data.Steps.Select(step => (step.Name, step.Seconds)));
            Assert.Equal(told.Gap?.TotalSeconds, data.GapSeconds);
        }

        Assert.Equal((DeploymentKind.Rollback, "a drill"), (ends[4].Data.Kind, ends[4].Data.Reason));
        Assert.NotNull(ends[3].Data.Steps.Single(step => step.Name == "start").ExpectedSeconds);
    }

    [Fact]
    public async Task What_must_be_in_a_release_is_recorded_file_by_file_with_its_digest()
    {
        await using var rig = new Rig().Version("1.0.0");
        rig.Tools = new FakeHost().Into(rig.Tools);
        await rig.DeployAsync("1.0.0");

        var files = new EvidenceLedger(rig.Layout.Ledger, TimeProvider.System).Read().Where(record => record.Kind == "files").ToList();

        Assert.Equal(["file of service.json", "release of 000001-1.0.0"], files.Select(record => record.Subject));
        Assert.Contains(Releases.ReleaseManifest.Digest(rig.LiveFile("service.json")), files[0].Observed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_success_that_can_not_be_recorded_is_none_and_a_failure_ends_all_the_same()
    {
        await using var rig = new Rig().Version("1.0.0").Version("1.1.0");
        rig.Tools = new FakeHost().Into(rig.Tools);
        await rig.DeployAsync("1.0.0");
        rig.Tools = rig.Tools with
        {
            Recorded = record =>
            {
                if (record is { Step: "record", Entry: JournalEntry.Done }) File.AppendAllText(rig.Layout.Ledger, "no record\n");
            },
        };

        var second = await rig.DeployAsync("1.1.0");

        Assert.Equal((DeploymentOutcome.RolledBack, "000001-1.0.0"), (second.Outcome, second.Live));
        Assert.Contains("LedgerDamaged", second.Reason, StringComparison.Ordinal);
    }

    private static List<(EvidenceRecord Record, DeploymentData Data)> Ends(Rig rig) =>
    [
        .. new EvidenceLedger(rig.Layout.Ledger, TimeProvider.System).Read().Where(record => record.Kind == EvidenceKind.Deployment)
            .Select(record => (record, record.Data!.Value.Deserialize(DeploymentDataJson.Default.DeploymentData)!)),
    ];
}
