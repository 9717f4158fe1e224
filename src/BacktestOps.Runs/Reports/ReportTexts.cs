namespace BacktestOps.Runs.Reports;

/// <summary>What a report says beside names and meanings of figures, in each language.</summary>
internal static class ReportTexts
{
    /// <summary>The texts by key.</summary>
    public static IReadOnlyDictionary<string, (string English, string Korean)> All { get; } = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["title"] = ("{0} on {1}", "{1}의 {0}"),
        ["symbols"] = ("{0} symbols", "{0}개 종목"),
        ["range"] = ("{0} to {1}, {2:N0} bars", "{0} ~ {1}, 봉 {2:N0}개"),
        ["completed"] = ("backtest {0}, completed {1} UTC, engine {2}", "백테스트 {0}, 완료 {1} UTC, 엔진 {2}"),
        ["warnings"] = ("Warnings", "경고"),
        ["equity"] = ("Equity", "자산"),
        ["equity.log"] = ("Equity, logarithmic scale", "자산(로그 눈금)"),
        ["benchmark"] = ("{0}, bought and held", "{0} 매수 후 보유"),
        ["run"] = ("this run", "이 백테스트"),
        ["drawdown"] = ("Drawdown", "낙폭"),
        ["rolling"] = ("Rolling Sharpe ratio, {0:N0} bars", "이동 샤프 비율, 봉 {0:N0}개"),
        ["months"] = ("Returns by month", "월별 수익률"),
        ["year"] = ("Year", "연도"),
        ["whole"] = ("Whole", "전체"),
        ["figures"] = ("Figures", "성과 지표"),
        ["figure"] = ("Figure", "지표"),
        ["value"] = ("Value", "값"),
        ["definition"] = ("Definition", "정의"),
        ["definitions"] = (
            "E: equity at the n closes; r: its n−1 bar returns; p: periods per year; f: the risk-free return of a bar; b: the benchmark's returns. A dash stands where a definition divides by nothing.",
            "E: n개 종가의 자산, r: n−1개 봉 수익률, p: 연간 봉 수, f: 봉당 무위험 수익률, b: 벤치마크 수익률. 정의할 수 없는 값은 –로 표시합니다."),
        ["trades"] = ("Trades", "거래"),
        ["trades.none"] = ("No trade was closed.", "청산된 거래가 없습니다."),
        ["trades.some"] = ("{0:N0} closed trades; the first and last {1:N0} are shown, the result's file has all.", "청산된 거래 {0:N0}건 중 처음과 마지막 {1:N0}건입니다. 전체는 결과 파일에 있습니다."),
        ["open"] = ("Open at the end", "미청산 포지션"),
        ["symbol"] = ("Symbol", "종목"),
        ["quantity"] = ("Shares", "수량"),
        ["entry"] = ("Entry", "진입"),
        ["exit"] = ("Exit", "청산"),
        ["price"] = ("Price", "가격"),
        ["mark"] = ("Mark", "평가 가격"),
        ["profit"] = ("Profit", "손익"),
        ["return"] = ("Return", "수익률"),
        ["sweep"] = ("Sweep: {0} by {1} and {2}", "스윕: {1}, {2}별 {0}"),
        ["sweep.plain"] = ("Sweep", "스윕"),
        ["sweep.summary"] = ("{0:N0} variants were run of {1:N0} combinations; the figures of this report are those of the one that was chosen.", "조합 {1:N0}개 중 {0:N0}개를 실행했습니다. 이 보고서의 지표는 선택된 하나의 것입니다."),
        ["sweep.top"] = ("Best variants", "상위 변형"),
        ["sweep.psr"] = ("Probabilistic Sharpe ratio", "확률적 샤프 비율"),
        ["sweep.dsr"] = ("Deflated Sharpe ratio", "디플레이티드 샤프 비율"),
        ["sweep.pbo"] = ("Probability of backtest overfitting", "백테스트 과최적화 확률"),
        ["request"] = ("What was asked for", "요청"),
        ["conventions"] = ("Conventions", "규약"),
        ["data"] = ("Data", "데이터"),
        ["source"] = ("Source", "출처"),
        ["first"] = ("First", "처음"),
        ["last"] = ("Last", "마지막"),
        ["bars"] = ("Bars", "봉"),
        ["fingerprint"] = ("SHA-256", "SHA-256"),
        ["footer"] = ("Made by BacktestOps. Past returns are no promise.", "BacktestOps로 만든 보고서입니다. 과거의 수익은 미래를 보장하지 않습니다."),
    };
}
