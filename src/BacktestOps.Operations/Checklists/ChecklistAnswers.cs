using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;

namespace BacktestOps.Operations.Checklists;

/// <summary>Keeps what people answered, and who.</summary>
internal sealed class ChecklistAnswers(string ledgerPath, DeploymentTools tools, Redactor redactor)
{
    public Task RecordAsync(ChecklistItem item, ChecklistAnswer answer, CancellationToken cancellationToken)
    {
        var data = new AnswerData { Item = item.Id, Question = item.Text, Answer = answer.IsYes, By = tools.Operator, Comment = answer.Comment };
        return new EvidenceLedger(ledgerPath, tools.Clock, tools.Disk, redactor).AppendAsync(
            new EvidenceRecord
            {
                At = tools.Clock.GetUtcNow(),
                Kind = EvidenceKind.Answer,
                Subject = $"answer to {item.Id}",
                Deployment = item.Deployment,
                Expected = "yes",
                Observed = $"{(answer.IsYes ? "yes" : "no")}, by {tools.Operator}",
                Verdict = answer.IsYes ? Verdict.Pass : Verdict.Fail,
                Detail = answer.Comment,
                Samples = 1,
                Data = JsonSerializer.SerializeToElement(data, PeopleJson.Default.AnswerData),
            },
            cancellationToken);
    }
}
