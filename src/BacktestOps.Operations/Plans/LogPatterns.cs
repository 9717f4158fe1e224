using System.Text.RegularExpressions;
using BacktestOps.Operations.Health;

namespace BacktestOps.Operations.Plans;

/// <summary>What services write into their logs, in the forms that are common: access logs, console and JSON loggers.</summary>
public static class LogPatterns
{
    /// <summary>The class of lines that tell of an answer with 404.</summary>
    public const string NotFound = "404";

    /// <summary>The class of lines that tell of a result or download that was answered with 404.</summary>
    public const string DownloadNotFound = "download_404";

    /// <summary>The class of lines that tell of a backtest that failed.</summary>
    public const string BacktestError = "backtest_error";

    /// <summary>The class of lines that tell of an answer with 5xx, or of an error of the service.</summary>
    public const string ApiError = "api_error";

    /// <summary>The class of lines that warn.</summary>
    public const string Warning = "warning";

    /// <summary>The group of a request's pattern that says how many requests a line tells of; a line without it tells of one.</summary>
    public const string Count = "count";

    /// <summary>The group of <see cref="DownloadedRun"/> that names the run.</summary>
    public const string Run = "run";

    /// <summary>The run that a line of <see cref="DownloadNotFound"/> tells of: what stands behind the download's path, or as its id in the query.</summary>
    public const string DownloadedRun = @"(result|variants|download)s?(/|\?([^\s""]*&)?\w*id=)(?<run>[\w.~%-]+)";

    /// <summary>A line that tells of requests: a method and a path, or this project's own service with their number.</summary>
    public const string Request = @"\b(?<count>\d+) requests since the last count\b|\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\b[ ""]+(https?://[^/\s""]+)?/";

    /// <summary>
    /// Lines that look bad and tell of no user: what is asked by the checks themselves is judged where it is asked (the smoke
    /// journey wants a 404 for an id that there is not), and who waits for a start asks until it is over.
    /// </summary>
    public const string Ignored = OwnRequests.Agent + "|" + OwnRequests.UnknownId + "|while the service was starting";

    private const string Method = @"\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\b[ ""]+";

    // A status stands behind the request in access logs, or behind its own name: a bare 404 may be a time or a size.
    private const string NotFoundText =
        @"HTTP/[\d.]+""?[\s\->""]+404\b|" + Method + @"\S+[\s\->""]+404\b|\bstatus([ _-]?code)?[""']?\s*[:=]?\s*404\b|\b404 Not Found\b|\bresponded 404\b";

    private const string ServerErrorText =
        @"HTTP/[\d.]+""?[\s\->""]+5\d\d\b|" + Method + @"\S+[\s\->""]+5\d\d\b|\bstatus([ _-]?code)?[""']?\s*[:=]?\s*5\d\d\b|\bresponded 5\d\d\b";

    private const string DownloadText = "(result|download)";

    private const string BacktestText = @"\bbacktests?\b.*(\bfail(ed|ure)?\b|\berrors?\b|\bexception\b|실패|오류|에러)|(\bfail(ed|ure)?\b|\berrors?\b|\bexception\b|실패|오류|에러).*\bbacktests?\b|백테스트.*(실패|오류|에러)";

    /// <summary>The classes that are looked for when the plan names none; letters of either case.</summary>
    public static IReadOnlyDictionary<string, string> Usual { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [NotFound] = NotFoundText,
        [DownloadNotFound] = $@"{DownloadText}.*({NotFoundText})|({NotFoundText}).*{DownloadText}|{Method}\S*{DownloadText}\S*[\s\->""]+404\b",
        [BacktestError] = BacktestText,
        [ApiError] = $@"{ServerErrorText}|^\S*\s*(fail|crit|error|fatal):|""LogLevel""\s*:\s*""(Error|Critical)""|\blevel=(error|fatal)\b|\[(ERROR|FATAL|CRITICAL)\]|\bunhandled\b|API (error|에러|오류)",
        [Warning] = @"^\S*\s*warn(ing)?:|""LogLevel""\s*:\s*""Warning""|\blevel=warn(ing)?\b|\[WARN(ING)?\]|\bWARN(ING)?\b:?|경고|알람",
    };

    /// <summary>A pattern that takes time in proportion to a line's length, whatever the line is.</summary>
    /// <param name="pattern">The regular expression; letters of either case.</param>
    internal static Regex Compile(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
}
