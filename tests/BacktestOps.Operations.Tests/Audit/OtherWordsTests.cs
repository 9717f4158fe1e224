using BacktestOps.Operations.Audit;

namespace BacktestOps.Operations.Tests.Audit;

/// <summary>The same errors in other words, and honest lines that look like them.</summary>
public sealed class OtherWordsTests
{
    private const string Samples = "\n```\n[10:00] CPU: 20%, Memory: 30%, Queue depth: 4\n[10:10] CPU: 22%, Memory: 31%, Queue depth: 9\n[10:20] CPU: 27%, Memory: 32%, Queue depth: 5\n```\n";

    [Theory]
    [InlineData("duration-range", "- [x] 관찰: 오전 9시 10분부터 오전 9시 40분까지 (한 시간)")]
    [InlineData("duration-range", "- [x] Maintenance from 1:00 pm to 1:20 pm, one hour in all")]
    [InlineData("duration-range", "The outage lasted 5 minutes (2026-01-01 23:50 – 2026-01-02 00:20).")]
    [InlineData("duration-range", "중단 시간: 23:50 ~ 00:20 (10분)")]
    [InlineData("stage-record", "Observation window: 08:00–08:30\n\n- [x] Observed for half a day, i.e. watched for 12 hours")]
    [InlineData("stage-record", "감시 구간: 08:00 ~ 08:30\n\n- [x] 2시간 동안 감시함")]
    [InlineData("stage-record", "| Stage | Planned | Spent |\n|---|---|---|\n| Rollout | 5 min | 9 min |\n\nRollout window: 10:00:00 - 10:04:00")]
    [InlineData("sample-arithmetic", "CPU peaked at 31%." + Samples)]
    [InlineData("sample-arithmetic", "- [x] CPU: 27% on average" + Samples)]
    [InlineData("sample-arithmetic", "메모리 최저 28%" + Samples)]
    [InlineData("sample-arithmetic", "Mean queue depth: 8" + Samples)]
    [InlineData("sample-arithmetic", "Median queue depth: 4" + Samples)]
    [InlineData("sample-count", "12 samples were taken." + Samples)]
    [InlineData("sample-count", "표본 7개" + Samples)]
    [InlineData("sampling-interval", "## Monitoring\n\nA sample each 2 minutes." + Samples)]
    [InlineData("sampling-interval", "## 관찰\n\n1분 간격으로 기록함" + Samples)]
    [InlineData("sampling-interval", "## Monitoring ✅\n\n- [x] CPU looked at at 5-minute intervals")]
    [InlineData("unit-mismatch", "- [x] Disk 120 GB, must stay below 90%")]
    [InlineData("unit-mismatch", "- [x] 응답 시간 3% (2초 이내)")]
    [InlineData("threshold", "- [x] Memory 91% (at most 90%)")]
    [InlineData("threshold", "- [x] 디스크 95%, 90% 미만")]
    [InlineData("threshold", "- [x] Free disk 3 GB (>= 5 GB)")]
    [InlineData("threshold", "| Metric | Value | Limit |\n|---|---|---|\n| Response | 2.5 s | < 2000 ms |")]
    [InlineData("table-total", "| 항목 | 건수 |\n|---|---|\n| 로그인 | 12건 |\n| 조회 | 30건 |\n| 합계 | 44건 |")]
    [InlineData("table-total", "| What | Size |\n|---|---|\n| db | 1.5 GB |\n| logs | 500 MB |\n| Total | 3.0 GB |")]
    [InlineData("table-total", "Item | Time\n--- | ---\nA | 1 h 10 min\nB | 50 min\nSum | 3 h")]
    [InlineData("expected-actual", "| Step | Estimate | Took | Note |\n|---|---|---|---|\n| Migration | 10 min | 25 min | on schedule |")]
    [InlineData("expected-actual", "| 단계 | 목표 | 실적 | 비고 |\n|---|---|---|---|\n| 모니터링 | 2시간 | 30분 | 초과 달성 |")]
    [InlineData("expected-observed", "- [x] 상태 코드\n  - 기대: 200\n  - 실제: 502")]
    [InlineData("future-tick", "작성일: 2026-04-01\n\n- [x] 2026년 4월 3일 일일 점검")]
    [InlineData("future-tick", "Report generated: 2026-04-01 12:00\n\n- [x] Weekly review on 8 April 2026")]
    [InlineData("future-tick", "Report generated: 2026-04-01 12:00\n\n- [x] Second watch until 2026-04-01 18:00")]
    [InlineData("completion-times", "Deployment finished at: 2026-04-01 12:00\n\nRelease end time: 2026-04-01 13:00")]
    [InlineData("completion-times", "배포 종료 시각: 2026-04-01 12:00:00\n\n보고 완료 시각: 2026-04-01 11:00:00")]
    [InlineData("self-approval", "| Role | Name |\n|---|---|\n| Deployed by | Kim |\n| Approved by | kim |")]
    [InlineData("self-approval", "배포자: 박 (운영팀)\n\n결재자: 박")]
    [InlineData("self-approval", "Released by Kim\n\nSign-off: granted")]
    [InlineData("command-only", "- [x] Unit files reloaded\n\n      systemctl daemon-reload\n")]
    [InlineData("command-only", "- [x] Tests\n  ```powershell\n  # all of them\n  dotnet test\n  ```")]
    [InlineData("ready-not-done", "- [x] Start workers\n  - workers are ready to start")]
    [InlineData("ready-not-done", "- [x] 캐시 예열\n  - 캐시 서버 준비됨")]
    [InlineData("zero-without-count", "- [x] Exceptions\n  - 0 exceptions")]
    [InlineData("zero-without-count", "- [x] 오류 로그 0건")]
    [InlineData("tick-over-open", "- [x] Files\n  - [x] a.html\n  - [ ] b.html")]
    [InlineData("final-while-open", "Status: finished\n\n## Next week\n\n- [ ] daily check")]
    [InlineData("final-while-open", "## 결론\n\n- ✅ 서비스 안정화됨\n\n## 할 일\n\n- [ ] 주간 평가")]
    [InlineData("version", "# Release 4.2.0 deployed\n\n- [x] deployed version 4.2.1")]
    [InlineData("version", "# v4.2.0 배포\n\n- [x] version: \"4.3.0\"")]
    public void The_same_error_in_other_words_is_found(string rule, string text) =>
        Assert.Equal([rule], ReportAudit.Audit(text, "x.md").Select(finding => finding.Rule).Distinct());

    [Theory]
    [InlineData("- [x] Watch 14:30–15:28 (58 min)")]
    [InlineData("- [x] 14:30 ~ 15:00 (31분): 시각은 분 단위로 적혔다")]
    [InlineData("- [x] From 22:00 to 01:00 (3 hours)")]
    [InlineData("- [x] Announced 30 minutes before the deployment; rollback possible within 5 minutes")]
    [InlineData("- [x] CPU 평균 23%" + Samples)]
    [InlineData("- [x] Every 10 minutes, CPU at most 27%" + Samples)]
    [InlineData("- [x] 1시간 모니터링: CPU < 80% 유지")]
    [InlineData("- [x] For 30 minutes memory stayed below 90%")]
    [InlineData("## Monitoring every 10 minutes ✅" + Samples)]
    [InlineData("- [x] Memory 1.8 GB (limit 2 GB)")]
    [InlineData("- [x] 응답 1.2초 (< 2000ms)")]
    [InlineData("| A | Share |\n|---|---|\n| x | 33.3% |\n| y | 33.3% |\n| Total | 100% |")]
    [InlineData("| A | Time |\n|---|---|\n| x | 5-10분 |\n| y | 5분 |\n| 계 | 10–15분 |")]
    [InlineData("| A | Time |\n|---|---|\n| x | 5 min |\n| y | unknown |\n| Total | 30 min |")]
    [InlineData("작성일: 2026-04-01\n\n- [ ] 2026-04-03: 일일 점검")]
    [InlineData("Report generated: 2026-04-01\n\n- [x] Checked on 2026-04-01 23:00")]
    [InlineData("배포 완료 시각: 2026-04-01 12:00:30\n\n배포: 11:50 ~ 12:00:30")]
    [InlineData("Deployed by: Kim\n\nApproved by: Kim, Lee")]
    [InlineData("Deployed by: Kim\n\nApproval: pending")]
    [InlineData("- [x] Tag\n  ```\n  $ git describe\n  v2.0.1\n  ```")]
    [InlineData("- [x] Worker: services.python_worker is \"ready\"")]
    [InlineData("- [x] Errors: 0 of 12,400 requests")]
    [InlineData("- [x] 에러 0건 (로그 3,100줄 확인)")]
    [InlineData("- [x] 10건 처리, 100 errors fixed")]
    [InlineData("Status: complete except for the follow-ups\n\n- [ ] daily check")]
    [InlineData("# v2.0.2 배포\n\n- [x] v2.0.1 백업\n- [x] 이전 버전 v2.0.1에서 v2.0.2로 배포\n- [x] Node.js version: 22.1.0")]
    [InlineData("- [x] Expected: 200 OK\n- [x] 예상 시간 5-10분, 실제 12분")]
    [InlineData("| 항목 | 예상 | 실제 | 상태 |\n|---|---|---|---|\n| 모니터링 | 2초 | 2.3초 | ✅ 달성 |")]
    [InlineData("| Step | Planned | Actual | State |\n|---|---|---|---|\n| Watch | 1 h | 1 h 4 min | as planned |")]
    [InlineData("")]
    [InlineData("# Notes\n\nNothing was deployed; the meeting is at 14:30.")]
    public void An_honest_line_is_not_accused(string text) =>
        Assert.Empty(ReportAudit.Audit(text, "x.md").Select(finding => $"{finding.Rule}: {finding.Arithmetic}"));

    [Theory]
    [InlineData("41", true)]
    [InlineData("42", true)]
    [InlineData("40", false)]
    [InlineData("43", false)]
    [InlineData("41.3", true)]
    [InlineData("41.33", true)]
    [InlineData("44", false)]
    public void A_mean_that_rounding_explains_is_no_lie(string mean, bool isExplained)
    {
        var findings = ReportAudit.Audit(
            $"Mean response: {mean}ms\n\n```\n[14:30] Response: 45ms\n[14:45] Response: 41ms\n[15:00] Response: 38ms\n```", "x.md");

        Assert.Equal(isExplained, findings.All(finding => finding.Class != Contracts.FindingClass.Contradicted));
    }
}
