using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using BacktestOps.Contracts;
using BacktestOps.Operations.Checklists;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Deployments;

/// <summary>What a run of the checklist says and asks, each on the pipeline's own thread.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="onPipeline">Does something on the pipeline's thread; false where that failed.</param>
internal sealed class ChecklistPrompt(PSCmdlet cmdlet, Func<Func<bool>, Task<bool>> onPipeline)
{
    private const int Activity = 4211;
    private const int Later = 2;

    public IProgress<WatchSample> Samples => new Teller<WatchSample>(sample => _ = DoAsync(() => Show(sample)));

    public IProgress<string> Notices => new Teller<string>(notice => _ = DoAsync(() => cmdlet.WriteWarning(notice)));

    public Task DoAsync(Action action) => onPipeline(() =>
    {
        action();
        return true;
    });

    /// <summary>Asks for an answer; none where there is nobody to ask.</summary>
    public async Task<ChecklistAnswer?> AskAsync(ChecklistItem item)
    {
        ChecklistAnswer? answer = null;
        var asked = await onPipeline(() =>
        {
            var choices = new Collection<ChoiceDescription>
            {
                new(Messages.AnswerYes, Messages.AnswerYesHelp), new(Messages.AnswerNo, Messages.AnswerNoHelp), new(Messages.AnswerLater, Messages.AnswerLaterHelp),
            };
            using (PipelineThread.StepOut())
            {
                var choice = cmdlet.Host.UI.PromptForChoice(Messages.ChecklistQuestion.With(item.Id), item.Text, choices, Later);
                if (choice != Later) answer = new ChecklistAnswer(choice == 0);
            }

            return true;
        }).ConfigureAwait(false);
        if (!asked) await DoAsync(() => cmdlet.WriteWarning(Messages.NobodyToAsk.With(item.Id))).ConfigureAwait(false);
        return answer;
    }

    private void Show(WatchSample sample)
    {
        using (PipelineThread.StepOut())
        {
            if (sample.Record is { } line) cmdlet.WriteVerbose(line);
            var next = sample.NextAt is { } at ? at.LocalDateTime.ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) : "-";
            cmdlet.WriteProgress(new ProgressRecord(Activity, Messages.WatchTitle.With(sample.Version), Messages.SampleTaken.With(sample.Slot + 1, sample.Slots, sample.Verdict, next))
            {
                PercentComplete = 100 * (sample.Slot + 1) / Math.Max(1, sample.Slots),
                SecondsRemaining = (int)Math.Max(0, sample.DurationSeconds - sample.ElapsedSeconds),
                RecordType = sample.NextAt is null ? ProgressRecordType.Completed : ProgressRecordType.Processing,
            });
        }
    }

    private sealed class Teller<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}
