using System.Text.RegularExpressions;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Facts;

/// <summary>What a statement is about: the stages that every deployment has.</summary>
internal enum Activity
{
    None,
    Monitor,
    Smoke,
    Rollback,
    Report,
    Deploy,
}

/// <summary>The stages and the metrics that words stand for, in Korean and English.</summary>
internal static partial class Topics
{
    private static readonly (Activity Activity, Regex Words)[] Activities =
    [
        (Activity.Monitor, Monitor()), (Activity.Smoke, Smoke()), (Activity.Rollback, Rollback()),
        (Activity.Report, Report()), (Activity.Deploy, Deploy()),
    ];

    private static readonly (string Metric, Regex Words)[] Metrics =
    [
        ("errors", Errors()), ("cpu", Cpu()), ("memory", Memory()), ("disk", Disk()), ("latency", Latency()),
    ];

    /// <summary>The stage that a text names; the most particular one where it names several.</summary>
    public static Activity In(string text)
    {
        foreach (var (activity, words) in Activities)
        {
            if (words.IsMatch(text)) return activity;
        }

        return Activity.None;
    }

    /// <summary>Where a text names a stage; null when it does not.</summary>
    public static Match? Find(Activity activity, string text) =>
        Activities.FirstOrDefault(pair => pair.Activity == activity).Words?.Match(text) is { Success: true } match ? match : null;

    /// <summary>The stage of a statement: its own words, then the items around it, then the headings, innermost first.</summary>
    public static Activity Of(Statement statement)
    {
        // The title names the whole document, so it says nothing of one line.
        IEnumerable<string> texts =
        [
            statement.Plain, .. statement.Parents().Select(parent => parent.Plain),
            .. statement.Section.Chain().Where(section => section.Level > 1).Select(section => section.Heading!.Plain),
        ];
        return texts.Select(In).FirstOrDefault(activity => activity != Activity.None);
    }

    /// <summary>The metric that a text names; null when it names none that is known.</summary>
    public static string? MetricIn(string text)
    {
        foreach (var (metric, words) in Metrics)
        {
            if (words.IsMatch(text)) return metric;
        }

        return null;
    }

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"모니터링|관찰|관측|감시|\bmonitor|\bwatch|\bobserv|\bsoak", Options)]
    private static partial Regex Monitor();

    [GeneratedRegex(@"스모크|\bsmoke", Options)]
    private static partial Regex Smoke();

    [GeneratedRegex(@"롤백|\broll(?:ed|ing)?[ -]?back|\brevert", Options)]
    private static partial Regex Rollback();

    [GeneratedRegex(@"보고(?!서)|\breport(?:ed|ing)?\b", Options)]
    private static partial Regex Report();

    [GeneratedRegex(@"배포|출시|\bdeploy|\brollout|\broll-out|\brelease\b|\breleased\b", Options)]
    private static partial Regex Deploy();

    [GeneratedRegex(@"에러|오류|실패|\berrors?\b|\bfailures?\b", Options)]
    private static partial Regex Errors();

    [GeneratedRegex(@"\bcpu|프로세서|\bprocessor", Options)]
    private static partial Regex Cpu();

    [GeneratedRegex(@"메모리|\bmemory|\bmem\b|\bram\b|\brss\b", Options)]
    private static partial Regex Memory();

    [GeneratedRegex(@"디스크|\bdisk", Options)]
    private static partial Regex Disk();

    [GeneratedRegex(@"응답|지연|\bresponse|\blatency|\bround trip", Options)]
    private static partial Regex Latency();
}
