using BacktestOps.Operations.Audit;

namespace BacktestOps.Operations.Tests.Audit;

/// <summary>The errors of the hand-written checklist once more: in other sentences, other numbers, another order, both languages.</summary>
public sealed class RephrasedTests
{
    [Theory]
    [InlineData("duration-range", "- [x] 집중 감시 완료\n  - 감시 시간: 09:00 ~ 09:45 (2시간)")]
    [InlineData("duration-range", "Observation ran from 10:15 to 11:00 (1.5 hours).")]
    [InlineData("duration-range", "- [x] Soak test 06:00 - 06:20 UTC, 40 min")]
    [InlineData("duration-range", "관측 구간은 13:05부터 13:35까지이며 총 1시간이다.")]
    [InlineData("stage-record", "## 3. 관찰 (90분) ✅\n\n관찰 구간: 08:00 ~ 08:40\n")]
    [InlineData("stage-record", "# R\n\n## Observation\n\n```\n[08:00] CPU: 3%\n[08:10] CPU: 4%\n[08:20] CPU: 3%\n```\n\n## Outcome\n\n- ✅ Monitoring for 2 hours completed")]
    [InlineData("sample-arithmetic", "## 성능\n\n- [x] CPU 사용률\n  - ✅ 평균: 33% (요건: < 70%)\n\n```\n[09:00] CPU: 30%\n[09:10] CPU: 31%\n[09:20] CPU: 30%\n```")]
    [InlineData("sample-arithmetic", "## Numbers\n\nMemory averaged 612 MB.\n\n| Time | Memory |\n|---|---|\n| 10:00 | 500 MB |\n| 10:30 | 540 MB |\n| 11:00 | 580 MB |")]
    [InlineData("sample-arithmetic", "## 지표\n\n메모리 평균 1.5GB\n\n- [10:00] 메모리: 1.1GB\n- [10:30] 메모리: 1.2GB\n- [11:00] 메모리: 1.1GB")]
    [InlineData("sample-arithmetic", "## 지연\n\n응답 시간 최대 210ms\n\n[10:00] 응답: 180ms\n\n[10:30] 응답: 260ms")]
    [InlineData("sample-arithmetic", "## Latency\n\n| At | Latency |\n|---|---|\n| 01:00 | 80 ms |\n| 01:05 | 90 ms |\n| 01:10 | 100 ms |\n\nAvg latency: 70 ms")]
    [InlineData("sample-arithmetic", "## API\n\nMean latency 15 ms\n\n```\n10:00 latency: 14 ms\n10:10 latency: 15 ms\n10:20 latency: 14 ms\n```")]
    [InlineData("sampling-interval", "## 성능 점검 (10분마다) ✅\n\n```\n[09:00] CPU: 30%\n[09:30] CPU: 31%\n[10:00] CPU: 30%\n```")]
    [InlineData("sampling-interval", "## Monitoring\n\nWe took a reading every 30 seconds.\n\n```\n[10:00] CPU: 5%\n[10:05] CPU: 6%\n```")]
    [InlineData("unit-mismatch", "- [x] 메모리 사용량\n  - ✅ 512MB (기준: < 75%)")]
    [InlineData("unit-mismatch", "- [x] Disk: 37 GB used, threshold < 85%")]
    [InlineData("unit-mismatch", "| 지표 | 값 | 기준 |\n|---|---|---|\n| 메모리 | 1.2GB | < 80% |")]
    [InlineData("table-total", "| 단계 | 예상 | 실제 |\n|---|---|---|\n| 배포 | 3-5분 | 4분 |\n| 검증 | 10분 | 9분 |\n| 합계 | 15-20분 | 13분 |")]
    [InlineData("table-total", "| Step | Planned |\n|---|---|\n| Deploy | 10-15 min |\n| Verify | 5 min |\n| Soak | 30 min |\n| **Total** | **50-60 min** |")]
    [InlineData("table-total", "| 작업 | 소요 |\n|---|---|\n| 빌드 | 2분 10초 |\n| 전송 | 50초 |\n| 총계 | 3분 30초 |")]
    [InlineData("future-tick", "**보고 작성 시각**: 2026-03-10 09:00\n\n- ✅ 2026-03-15 주간 점검")]
    [InlineData("future-tick", "Written: 2026-03-10\n\n* [x] 2026-03-12 follow-up call")]
    [InlineData("future-tick", "Report date: 2026-03-10\n\n- [x] Daily checks: 2026-03-11 ~ 03-15")]
    [InlineData("completion-times", "- 배포 14:00 ~ 14:03:20\n\n**배포 완료 시각**: 2026-03-10 14:40:00")]
    [InlineData("completion-times", "Rollout: 2026-03-10 14:00 to 14:05\n\nDeployment completed at: 2026-03-10 16:00")]
    [InlineData("self-approval", "**담당자**: 플랫폼팀\n\n✅ **최종 승인**: OPS-77 배포 완료")]
    [InlineData("self-approval", "Operator: J. Doe\n\nApproved by: J. Doe")]
    [InlineData("self-approval", "Performed by: Ops Bot\n\nApproval: granted")]
    [InlineData("zero-without-count", "- [x] 경고 로그\n  - ✅ 경고 0건")]
    [InlineData("zero-without-count", "- [x] No alerts were seen; 0 incidents")]
    [InlineData("command-only", "- [x] 태그 체크아웃\n  ```\n  git switch v9.1.0\n  ```")]
    [InlineData("ready-not-done", "- [x] Worker started\n  - Queue worker is prepared to run")]
    [InlineData("ready-not-done", "- [x] 서비스 기동\n  - ✅ 8080 포트에서 실행 준비")]
    [InlineData("final-while-open", "**Status**: done\n\n## Later\n\n- [ ] 2026-03-11 check\n- [ ] 2026-03-12 check")]
    [InlineData("final-while-open", "상태: 배포 종료\n\n## 후속\n\n- [ ] 3일차 점검")]
    [InlineData("expected-observed", "- [x] Health\n\n      Expected: 200 OK\n      Actual: 500\n")]
    [InlineData("threshold", "- [x] 다운로드 6.2초 (기준 5초 이내)")]
    [InlineData("stage-record", "| 항목 | 예상 | 실제 |\n|---|---|---|\n| 모니터링 | 1시간 | 1시간 |\n\n모니터링: 14:00 ~ 14:20")]
    public void The_error_is_found_and_nothing_else(string rule, string text) =>
        Assert.Equal([rule], ReportAudit.Audit(text, "x.md").Select(finding => finding.Rule).Distinct());

    [Theory]
    [InlineData("- [x] 감시 09:00 ~ 10:30 (1시간 30분)")]
    [InlineData("## 성능\n\nCPU 평균 30%\n\n```\n[09:00] CPU: 30%\n[09:10] CPU: 31%\n[09:20] CPU: 30%\n```")]
    [InlineData("| 단계 | 예상 |\n|---|---|\n| A | 3-5분 |\n| B | 10분 |\n| 합계 | 13-15분 |")]
    [InlineData("Deployed by: Kim\n\nApproved by: Lee")]
    [InlineData("- [x] 0 errors in 12,000 requests")]
    [InlineData("**보고 작성 시각**: 2026-03-10 09:00\n\n- [ ] 2026-03-15 주간 점검 (예정)")]
    [InlineData("Rollout: 2026-03-10 14:00 to 14:05\n\nDeployment completed at: 2026-03-10 14:05")]
    public void An_honest_line_is_not_accused(string text) =>
        Assert.Empty(ReportAudit.Audit(text, "x.md").Select(finding => $"{finding.Rule}: {finding.Arithmetic}"));
}
