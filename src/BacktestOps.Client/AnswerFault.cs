using System.Text;
using System.Text.Json;
using BacktestOps.Contracts;

namespace BacktestOps.Client;

/// <summary>Says what an answer that is not the expected one means.</summary>
internal static class AnswerFault
{
    private const int ExcerptLength = 60;

    /// <summary>The exception of an answer that is not a success.</summary>
    public static BacktestOpsException Of(ServiceAnswer answer, string endpoint)
    {
        if (!answer.IsProblem)
            return NotOurs(answer, endpoint);
        try
        {
            var problem = JsonSerializer.Deserialize(answer.Content.Span, ContractsJson.Default.Problem);
            return problem is not null && problem.Type.StartsWith(ProblemTranslation.TypePrefix, StringComparison.Ordinal)
                ? problem.ToException(endpoint)
                : NotOurs(answer, endpoint);
        }
        catch (JsonException exception)
        {
            return NotOurs(answer, endpoint, exception);
        }
    }

    /// <summary>The exception of an answer that the service would not give.</summary>
    public static BacktestUnavailableException NotOurs(ServiceAnswer answer, string endpoint, Exception? innerException = null)
    {
        var seen = answer.Location is { } location
            ? $"a redirection to {location}"
            : $"{answer.MediaType ?? "no content type"}, {Excerpt(answer.Content.Span)}";
        return new BacktestUnavailableException(
            $"What answers at {endpoint} is not the backtest service: /{answer.Path} gave {answer.StatusCode} with {seen}",
            "Connect-BacktestService -Uri takes the service's own address; Start-BacktestService starts one.",
            innerException);
    }

    /// <summary>The exception of a call without an answer.</summary>
    public static BacktestUnavailableException NoAnswer(string endpoint, string why, string? warning, Exception innerException) => new(
        $"The backtest service at {endpoint} does not answer: {why}",
        string.Join(' ', new[]
        {
            warning, "Start the service with Start-BacktestService, or give the right address with Connect-BacktestService -Uri.",
        }.OfType<string>()),
        innerException);

    private static string Excerpt(ReadOnlySpan<byte> content)
    {
        var text = new StringBuilder(ExcerptLength);
        foreach (var rune in Encoding.UTF8.GetString(content[..Math.Min(content.Length, 4 * ExcerptLength)]).EnumerateRunes())
        {
            if (text.Length >= ExcerptLength)
                return $"'{text}…'";
            text.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }
        return text.Length == 0 ? "an empty body" : $"'{text}'";
    }
}
