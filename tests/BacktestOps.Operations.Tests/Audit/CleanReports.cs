namespace BacktestOps.Operations.Tests.Audit;

/// <summary>Two reports in which everything agrees, one in each language: what mutations start from.</summary>
internal static class CleanReports
{
    public const string Korean = """
        # TICKET-044 배포 체크리스트

        **작업**: v3.1.4 정기 프로덕션 배포  
        **배포 일시**: 2026-05-11  
        **배포 담당자**: 김민수  
        **상태**: ✅ **완료**

        ---

        ## 1단계: 배포 실행 (5-10분) ✅

        - [x] 이전 버전 백업 (v3.1.3)
          - ✅ 백업 파일 3개, 무결성 확인
        - [x] Git 태그로 배포
          ```bash
          $ git checkout v3.1.4
          HEAD is now at 3f2a1bc
          ```
        - [x] 서비스 재시작
          - ✅ 포트 3000에서 응답: version "3.1.4"
        - [x] 배포 시간 기록
          - ✅ 완료: 2026-05-11 09:10 ~ 09:18:00 (8분)

        ## 2단계: Smoke Test (5분) ✅

        - [x] Health 엔드포인트 확인
          ```
          GET /api/health
          Expected: 200 OK
          Actual: 200 OK
          ```
        - [x] Response Time 확인
          - ✅ `38ms` (< 5초 요건 충족)

        ## 3단계: 집중 모니터링 (1시간) ✅

        ### 3.1 로그 모니터링 ✅

        모니터링 기간: 09:30 ~ 10:30 (1시간)

        - [x] 404 에러 발생 여부
          - ✅ 0건 (요청 1,240건 중)
        - [x] API 에러 발생 여부
          - ✅ 0건 (로그 5,300줄 확인)

        ### 3.2 성능 모니터링 (15분마다) ✅

        샘플 수: 5개

        - [x] CPU 사용률: 정상
          - ✅ 평균: 14%, 최대: 18% (요건: < 80%)
        - [x] 메모리 사용률: 정상
          - ✅ 평균: 48% (요건: < 80%)
        - [x] API 응답 시간: 정상
          - ✅ 평균: 41ms (요건: < 2초)

        ```
        [09:30] CPU: 12%, Memory: 45%, API Response: 45ms, Errors: 0건
        [09:45] CPU: 14%, Memory: 50%, API Response: 41ms, Errors: 0건
        [10:00] CPU: 12%, Memory: 47%, API Response: 38ms, Errors: 0건
        [10:15] CPU: 18%, Memory: 49%, API Response: 40ms, Errors: 0건
        [10:30] CPU: 14%, Memory: 49%, API Response: 41ms, Errors: 0건
        ```

        ## 4단계: 확대 모니터링 (1주) ✅

        - [x] 2026-05-12: 백테스트 기능 정상
        - [x] 2026-05-13: 다운로드 정상
        - [x] 2026-05-14: Health Check 정상
        - [x] 2026-05-18: 주간 평가

        ## 소요 시간

        | 항목 | 예상 | 실제 | 상태 |
        |------|------|------|------|
        | 배포 | 5-10분 | 8분 | ✅ 달성 |
        | Smoke Test | 5분 | 4분 | ✅ 초과 달성 |
        | 모니터링 | 1시간 | 1시간 | ✅ 달성 |
        | **총계** | **70-75분** | **72분** | ✅ 달성 |

        ## 모니터링 결과

        - ✅ **에러**: 0건
        - ✅ **현재 버전**: v3.1.4
        - ✅ **배포 시간**: 8분

        ## 뒷일

        - [x] 운영 문서 갱신

        ## 최종 승인

        **배포 완료 시각**: 2026-05-11 09:18:00  
        **보고 완료 시각**: 2026-05-18 17:00:00  
        **승인자**: 이서연  

        ✅ **최종 승인**: TICKET-044 완료
        """;

    public const string English = """
        # Deployment report: release 1.8.0

        - Deployed version: v1.8.0
        - Date: 2026-03-02
        - Deployed by: Ana Ruiz
        - Status: complete

        ## Rollout ✅

        1. [x] Database backed up from v1.7.2
           - restored into a scratch folder and compared: 812 rows
        2. [x] Tag checked out
           ```sh
           git checkout v1.8.0
           Note: switching to 'v1.8.0'.
           ```
        3. [x] Service restarted
           - health answered 200 with the new process start
        4. [x] Time of deployment noted
           - from 2026-03-02 22:00:00 to 22:06:30 (6 min 30 s)

        ## Smoke test ✅

        * [x] Result download
          * Expected: 200 OK
          * Actual: 200 OK
        * [x] Download time: 1.2 s (requirement: under 5 seconds)

        ## Watching the service for 2 hours ✅

        Watch window: 22:30–00:30 (2 hours). One sample every 30 minutes, 5 samples.

        | Time | CPU | Memory | Response | Errors |
        | ---- | --- | ------ | -------- | ------ |
        | 22:30 | 31.0% | 512 MB | 120 ms | 0 |
        | 23:00 | 35.5% | 530 MB | 131 ms | 0 |
        | 23:30 | 30.0% | 528 MB | 118 ms | 0 |
        | 00:00 | 44.5% | 541 MB | 125 ms | 0 |
        | 00:30 | 29.0% | 519 MB | 121 ms | 0 |

        - [x] Average CPU 34.0%, limit 80%
        - [x] Memory: highest 541 MB (at most 1 GB)
        - [x] Mean response time 123 ms, lowest 118 ms
        - [x] Errors: 0 in 48,210 requests
        - [x] Mailbox: 0 complaints among 37 messages

        ## The week after ✅

        - [x] March 3, 2026: daily check passed
        - [x] March 4, 2026: daily check passed
        - [x] March 9, 2026: weekly review held

        ## Time spent

        | Stage | Planned | Actual | Verdict |
        | ----- | ------- | ------ | ------- |
        | Deployment | 10–15 min | 6 min 30 s | ahead |
        | Smoke test | 5 min | 5 min | on time |
        | Watch | 2 hours | 2 hours | on time |
        | Total | 135–140 min | 2 h 11 min 30 s | ahead |

        ## Open ends

        - [x] Dashboards renamed

        ## Sign-off

        - Deployment completed at: 2026-03-02 22:06:30
        - Deployment took: 6 min 30 s
        - Report written: 2026-03-09 10:00
        - Approved by: Lee Park
        - Conclusion: the release is stable and the work is done
        """;
}
