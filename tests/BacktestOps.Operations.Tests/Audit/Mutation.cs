namespace BacktestOps.Operations.Tests.Audit;

/// <summary>One thing changed in a clean report, and the one finding that it must give.</summary>
public sealed record Mutation(string Language, string From, string To, string Rule)
{
    public string Text(string clean)
    {
        var at = clean.IndexOf(From, StringComparison.Ordinal);
        Assert.True(at >= 0, $"'{From}' is not in the clean report.");
        Assert.True(clean.IndexOf(From, at + 1, StringComparison.Ordinal) < 0, $"'{From}' is in the clean report more than once.");
        return clean.Replace(From, To, StringComparison.Ordinal);
    }

    public override string ToString() => $"{Language}: {From.Trim().ReplaceLineEndings("⏎")} → {To.Trim().ReplaceLineEndings("⏎")}";

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("ko", "10:30 (1시간)", "10:30 (2시간)", "duration-range"),
        new("ko", "10:30 (1시간)", "10:30 (45분)", "duration-range"),
        new("ko", "09:30 ~ 10:30", "09:30 ~ 10:00", "duration-range"),
        new("ko", "09:18:00 (8분)", "09:18:00 (6분)", "duration-range"),
        new("ko", "집중 모니터링 (1시간)", "집중 모니터링 (3시간)", "stage-record"),
        new("ko", "**배포 시간**: 8분", "**배포 시간**: 18분", "stage-record"),
        new("ko", "평균: 14%", "평균: 16%", "sample-arithmetic"),
        new("ko", "최대: 18%", "최대: 19%", "sample-arithmetic"),
        new("ko", "평균: 48%", "평균: 51%", "sample-arithmetic"),
        new("ko", "평균: 41ms", "평균: 44ms", "sample-arithmetic"),
        new("ko", "[10:15] CPU: 18%, Memory: 49%, API Response: 40ms", "[10:15] CPU: 18%, Memory: 49%, API Response: 55ms", "sample-arithmetic"),
        new("ko", "샘플 수: 5개", "샘플 수: 13개", "sample-count"),
        new("ko", "Response: 38ms, Errors: 0건", "Response: 38ms, Errors: 3건", "sample-count"),
        new("ko", "(15분마다)", "(5분마다)", "sampling-interval"),
        new("ko", "[10:00]", "[09:50]", "sampling-interval"),
        new("ko", "평균: 48%", "평균: 48MB", "unit-mismatch"),
        new("ko", "`38ms` (< 5초", "`9초` (< 5초", "threshold"),
        new("ko", "(요건: < 2초)", "(요건: < 20ms)", "threshold"),
        new("ko", "70-75분", "70-80분", "table-total"),
        new("ko", "**72분**", "**71분**", "table-total"),
        new("ko", "| 8분 | ✅ 달성 |", "| 8분 | ✅ 초과 달성 |", "expected-actual"),
        new("ko", "4분 | ✅ 초과 달성", "4분 | ⚠️ 지연", "expected-actual"),
        new("ko", "Actual: 200 OK", "Actual: 503 Service Unavailable", "expected-observed"),
        new("ko", "2026-05-18: 주간", "2026-05-19: 주간", "future-tick"),
        new("ko", "2026-05-12: 백테스트", "2027-05-12: 백테스트", "future-tick"),
        new("ko", "2026-05-18 17:00:00", "2026-05-17 17:00:00", "future-tick"),
        new("ko", "2026-05-11 09:18:00", "2026-05-11 09:48:00", "completion-times"),
        new("ko", "2026-05-11 09:18:00", "2026-05-12 09:18:00", "completion-times"),
        new("ko", "**승인자**: 이서연", "**승인자**: 김민수", "self-approval"),
        new("ko", "**승인자**: 이서연  ", "", "self-approval"),
        new("ko", "HEAD is now at 3f2a1bc", "", "command-only"),
        new("ko", "포트 3000에서 응답: version \"3.1.4\"", "포트 3000에서 실행 준비 완료", "ready-not-done"),
        new("ko", "0건 (요청 1,240건 중)", "0건", "zero-without-count"),
        new("ko", "- [x] 2026-05-14", "- [ ] 2026-05-14", "tick-over-open"),
        new("ko", "- [x] API 에러", "- [ ] API 에러", "tick-over-open"),
        new("ko", "- [x] 운영 문서 갱신", "- [ ] 운영 문서 갱신", "final-while-open"),
        new("ko", "**현재 버전**: v3.1.4", "**현재 버전**: v3.1.3", "version"),
        new("ko", "git checkout v3.1.4", "git checkout v3.2.4", "version"),
        new("ko", "**작업**: v3.1.4", "**작업**: v3.1.5", "version"),

        new("en", "(2 hours). One", "(3 hours). One", "duration-range"),
        new("en", "22:30–00:30", "22:30–23:30", "duration-range"),
        new("en", "22:06:30 (6 min 30 s)", "22:06:30 (16 min 30 s)", "duration-range"),
        new("en", "the service for 2 hours", "the service for four hours", "stage-record"),
        new("en", "Deployment took: 6 min 30 s", "Deployment took: 4 min 30 s", "stage-record"),
        new("en", "Average CPU 34.0%", "Average CPU 33.0%", "sample-arithmetic"),
        new("en", "highest 541 MB", "highest 551 MB", "sample-arithmetic"),
        new("en", "response time 123 ms", "response time 113 ms", "sample-arithmetic"),
        new("en", "lowest 118 ms", "lowest 108 ms", "sample-arithmetic"),
        new("en", "5 samples.", "9 samples.", "sample-count"),
        new("en", "| 118 ms | 0 |", "| 118 ms | 2 |", "sample-count"),
        new("en", "every 30 minutes", "every 10 minutes", "sampling-interval"),
        new("en", "| 23:30 |", "| 23:05 |", "sampling-interval"),
        new("en", "34.0%, limit 80%", "34.0%, limit 2 GB", "unit-mismatch"),
        new("en", "limit 80%", "limit 30%", "threshold"),
        new("en", "time: 1.2 s", "time: 7.2 s", "threshold"),
        new("en", "135–140 min", "135–150 min", "table-total"),
        new("en", "2 h 11 min 30 s", "1 h 11 min 30 s", "table-total"),
        new("en", "5 min | on time", "5 min | ahead", "expected-actual"),
        new("en", "| 2 hours | on time", "| 2 hours | late", "expected-actual"),
        new("en", "Actual: 200 OK", "Actual: 404 Not Found", "expected-observed"),
        new("en", "March 9, 2026: weekly", "March 10, 2026: weekly", "future-tick"),
        new("en", "March 3, 2026", "May 3, 2026", "future-tick"),
        new("en", "completed at: 2026-03-02 22:06:30", "completed at: 2026-03-02 23:06:30", "completion-times"),
        new("en", "Approved by: Lee Park", "Approved by: Ana Ruiz", "self-approval"),
        new("en", "   Note: switching to 'v1.8.0'.", "", "command-only"),
        new("en", "health answered 200 with the new process start", "server is ready to run", "ready-not-done"),
        new("en", "0 complaints among 37 messages", "0 complaints", "zero-without-count"),
        new("en", "* [x] Result download", "* [ ] Result download", "tick-over-open"),
        new("en", "- [x] March 4", "- [ ] March 4", "tick-over-open"),
        new("en", "- [x] Dashboards", "- [ ] Dashboards", "final-while-open"),
        new("en", "git checkout v1.8.0", "git checkout v1.8.1", "version"),
        new("en", "Deployed version: v1.8.0", "Deployed version: v1.9.0", "version"),
    ];
}
