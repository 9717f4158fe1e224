using System.Text.RegularExpressions;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Facts;

/// <summary>The words that make a line a claim, a plan, a limit or an approval, in Korean and English.</summary>
internal static partial class Words
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>True when a line says that something is still to come.</summary>
    public static bool IsPlanned(string text) => Planned().IsMatch(text);

    /// <summary>True when a statement, or the heading that it stands under, speaks of what is still to come.</summary>
    public static bool IsPlanned(Statement statement) =>
        statement.Box == false || IsPlanned(statement.Plain) || statement.Parents().Any(parent => parent.Box == false)
        || statement.Section.Chain().Any(section => IsPlanned(section.Heading!.Plain));

    /// <summary>The label before a colon and what stands behind it; null where there is none.</summary>
    public static (string Label, string Value)? Labelled(string plain) =>
        Label().Match(plain) is { Success: true } match ? (match.Groups["label"].Value.Trim(), match.Groups["value"].Value.Trim()) : null;

    [GeneratedRegex(@"예정|계획(?! 확인)|\bplan(?:ned|s)?\b|\bscheduled\b|\bupcoming\b|\bto be done\b|\btodo\b|📅|진행 중|\bin progress\b|\bpending\b|대기 중", Options)]
    private static partial Regex Planned();

    [GeneratedRegex(@"^(?<label>[^:：|]{1,60}?)\s*[:：]\s*(?<value>\S.*)$", Options)]
    private static partial Regex Label();

    /// <summary>Completion of something at a time: the label of such a line.</summary>
    [GeneratedRegex(@"(?:완료|종료)\s*(?:시각|시간|일시)|\b(?:completed|finished|ended|done)\s+(?:at|on)\b|\b(?:completion|end|finish)\s+time\b|\b(?:complete|finished|completed)$", Options)]
    public static partial Regex CompletionLabel();

    /// <summary>The label of a duration.</summary>
    [GeneratedRegex(@"소요|시간$|기간$|\bduration\b|\btook\b|\blasted\b|\btime$|\btime taken\b|\bperiod\b|\bwindow\b", Options)]
    public static partial Regex DurationLabel();

    [GeneratedRegex(@"결과|결론|\bresults?\b|\bfindings?\b|\bconclusions?\b|\boutcome\b", Options)]
    public static partial Regex Results();

    [GeneratedRegex(@"^\W*(?:총계|합계|총합|소계|전체|총|계|grand total|sub-?total|total|sum|overall)\W*$", Options)]
    public static partial Regex Total();

    [GeneratedRegex(@"소계|sub-?total", Options)]
    public static partial Regex Subtotal();

    [GeneratedRegex(@"예상|계획|목표|\bexpected\b|\bplanned\b|\bestimated?\b|\btarget\b|\bbudget(?:ed)?\b", Options)]
    public static partial Regex ExpectedColumn();

    [GeneratedRegex(@"실제|실적|소요|\bactual(?:ly)?\b|\bmeasured\b|\btook\b|\bspent\b", Options)]
    public static partial Regex ActualColumn();

    [GeneratedRegex(@"초과\s*달성|조기|단축|\bover-?\s?achieved\b|\bexceeded\b|\bahead\b|\bfaster\b|\bearly\b|\bbeaten\b|\bbetter than\b", Options)]
    public static partial Regex OverAchieved();

    [GeneratedRegex(@"(?<!초과\s*|미)달성|충족|준수|정시|\bmet\b|\bachieved\b|\bon time\b|\bon schedule\b|\bas expected\b|\bwithin\b", Options)]
    public static partial Regex Achieved();

    [GeneratedRegex(@"미달|지연|시간\s*초과|\blate\b|\bdelayed\b|\bmissed\b|\boverrun\b|\bslower\b", Options)]
    public static partial Regex Late();

    /// <summary>The service was handed back, everything is said to be over.</summary>
    [GeneratedRegex(@"완료|종료|안정화(?:됨|되었|완료)|성공(?:적)?|승인(?:됨|완료|함)?$|\bcomplete[d]?\b|\bfinished\b|\bclosed\b|\bdone\b|\bstabili[sz]ed\b|\bfully stable\b|\bapproved\b|\bsuccessful(?:ly)?\b", Options)]
    public static partial Regex Final();

    [GeneratedRegex(@"승인|결론|요약|\bapproval\b|\bsign-?off\b|\bconclusion\b|\bsummary\b|\bfinal\b|\bclosing\b|\bdecision\b", Options)]
    public static partial Regex FinalSection();

    /// <summary>What takes the finality out of a sentence.</summary>
    [GeneratedRegex(@"미완료|대기|조건부|제외|남음|남아|진행 중|아직|예정|후속|\bpending\b|\bopen\b|\bexcept\b|\bconditional|\bnot\b|\bin progress\b|\boutstanding\b|\bpartial|\bonce\b|\bsubject to\b", Options)]
    public static partial Regex NotFinal();

    [GeneratedRegex(@"(?:승인|결재)(?:자)?$|^(?:최종\s*)?승인|\bapprover\b|\bapproved by\b|\bapproval\b|\bsign(?:ed)?[- ]?off\b|\bauthori[sz]ed by\b", Options)]
    public static partial Regex ApproverLabel();

    [GeneratedRegex(@"^(?:배포\s*)?(?:담당자|수행자|작업자|실행자)$|^배포자$|\bdeployed by\b|\bdeployer\b|\breleased by\b|\bperformed by\b|\bexecuted by\b|^(?:deployment |release )?(?:owner|operator|engineer|lead|assignee|responsible)$", Options)]
    public static partial Regex DeployerLabel();
}
