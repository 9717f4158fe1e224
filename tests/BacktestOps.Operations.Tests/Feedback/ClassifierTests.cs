using BacktestOps.Contracts;
using BacktestOps.Operations.Feedback.Classification;
using BacktestOps.Operations.Plans;
using CsCheck;

namespace BacktestOps.Operations.Tests.Feedback;

public sealed class ClassifierTests
{
    private static readonly FeedbackClassifier Classifier = new();

    private static readonly string[] Praise = ["Great!", "Thanks.", "좋아요!", "No errors.", "How are you?", "", "오류 없이 잘 돼요."];

    [Theory]
    [InlineData("Great release, thanks!", "positive")]
    [InlineData("The download works again, thank you", "positive")]
    [InlineData("No errors since the update.", "positive")]
    [InlineData("I have not seen any errors so far", "positive")]
    [InlineData("Ran ten backtests without a single crash or timeout", "positive")]
    [InlineData("no errors or crashes today", "positive")]
    [InlineData("The 404 error on download is gone", "positive")]
    [InlineData("You fixed the broken chart. Nice.", "positive")]
    [InlineData("It doesn't crash any more", "positive")]
    [InlineData("It no longer freezes", "positive")]
    [InlineData("Not bad at all", "positive")]
    [InlineData("Error-free since Monday", "positive")]
    [InlineData("It used to crash all the time, now it is stable", "positive")]
    [InlineData("Was slow before the update, but it is fast now", "positive")]
    [InlineData("Nothing to complain about", "positive")]
    [InlineData("👍", "positive")]
    [InlineData("No problems here", "positive")]
    [InlineData("No complaints from my team", "positive")]
    [InlineData("It never fails", "positive")]
    [InlineData("The page is slow", "negative")]
    [InlineData("I'm not happy with the new page", "negative")]
    [InlineData("This isn't helpful", "negative")]
    [InlineData("Takes forever to load anything", "negative")]
    [InlineData("The new layout is confusing and ugly", "negative")]
    [InlineData("Great charts, but the page is terribly slow and annoying", "negative")]
    [InlineData("It is worse than the last version", "negative")]
    [InlineData("not as good as I expected", "negative")]
    [InlineData(":thumbsdown:", "negative")]
    [InlineData("The download button does not work", "bug_report")]
    [InlineData("Download doesn’t work", "bug_report")]
    [InlineData("I can't download my result", "bug_report")]
    [InlineData("404 when I click download", "bug_report")]
    [InlineData("I get an error after login", "bug_report")]
    [InlineData("It crashed twice. Otherwise great!", "bug_report")]
    [InlineData("The 404 is still not fixed", "bug_report")]
    [InlineData("This no longer works", "bug_report")]
    [InlineData("Nothing works", "bug_report")]
    [InlineData("The progress is stuck at 55 %", "bug_report")]
    [InlineData("I was unable to open the page", "bug_report")]
    [InlineData("the backtest won't start", "bug_report")]
    [InlineData("Thanks for the update, but my results are missing", "bug_report")]
    [InlineData("Please fix the chart", "bug_report")]
    [InlineData("The file needs to be fixed", "bug_report")]
    [InlineData("You fixed the chart but now the table is broken", "bug_report")]
    [InlineData("Internal Server Error on /api/backtest/start", "bug_report")]
    [InlineData("there is a bug in v2.0.2", "bug_report")]
    [InlineData("The site is down again", "bug_report")]
    [InlineData("It is not working", "bug_report")]
    [InlineData("not responding since 14:30", "bug_report")]
    [InlineData("It used to work", "bug_report")]
    [InlineData("When is lunch on Friday?", "neutral")]
    [InlineData("I downloaded the result of AAPL.", "neutral")]
    [InlineData("Which symbols are there?", "neutral")]
    public void English_is_classed_by_its_words_and_what_is_denied(string text, string expected) => Check(text, expected);

    [Theory]
    [InlineData("다운로드 잘 됩니다. 감사합니다!", "positive")]
    [InlineData("오류 없이 잘 돼요", "positive")]
    [InlineData("404 에러 없이 다운로드됩니다", "positive")]
    [InlineData("에러가 더 이상 안 나요", "positive")]
    [InlineData("이제 오류가 발생하지 않습니다", "positive")]
    [InlineData("404 오류가 해결되었어요", "positive")]
    [InlineData("버그가 고쳐졌네요", "positive")]
    [InlineData("에러가 사라졌어요", "positive")]
    [InlineData("느리지 않아요", "positive")]
    [InlineData("불편하지 않습니다", "positive")]
    [InlineData("전혀 문제없어요", "positive")]
    [InlineData("예전에는 자주 멈췄는데 이제는 빨라요", "positive")]
    [InlineData("정말 빨라졌어요", "positive")]
    [InlineData("정상 작동합니다", "positive")]
    [InlineData("오류 0건", "positive")]
    [InlineData("버그는 하나도 없어요", "positive")]
    [InlineData("문제가 되지 않습니다", "positive")]
    [InlineData("실패하지 않네요 좋습니다", "positive")]
    [InlineData("만족스럽습니다", "positive")]
    [InlineData("너무 느려요", "negative")]
    [InlineData("화면이 불편합니다", "negative")]
    [InlineData("별로 좋지 않아요", "negative")]
    [InlineData("만족하지 못합니다", "negative")]
    [InlineData("안 좋아요", "negative")]
    [InlineData("디자인은 좋은데 너무 느립니다", "negative")]
    [InlineData("최악이에요", "negative")]
    [InlineData("빠르지 않네요", "negative")]
    [InlineData("결과가 나오는 데 오래 걸려요", "negative")]
    [InlineData("다운로드가 안 돼요", "bug_report")]
    [InlineData("다운로드가 되지 않습니다", "bug_report")]
    [InlineData("작동하지 않아요", "bug_report")]
    [InlineData("404 에러가 나요", "bug_report")]
    [InlineData("백테스트가 55%에서 멈췄어요", "bug_report")]
    [InlineData("아직 해결되지 않았습니다", "bug_report")]
    [InlineData("오류가 아직 해결이 안 됐어요", "bug_report")]
    [InlineData("결과 파일을 받을 수 없어요", "bug_report")]
    [InlineData("페이지가 정상이 아니에요", "bug_report")]
    [InlineData("로그인이 안됩니다", "bug_report")]
    [InlineData("업데이트 감사합니다. 그런데 그래프가 깨져요", "bug_report")]
    [InlineData("버튼이 안 눌려요", "bug_report")]
    [InlineData("버그 고쳐 주세요", "bug_report")]
    [InlineData("저장한 결과가 사라졌어요", "bug_report")]
    [InlineData("접속 불가", "bug_report")]
    [InlineData("잘 안 됩니다", "bug_report")]
    [InlineData("서버 다운됐나요?", "bug_report")]
    [InlineData("AAPL 결과를 다운로드했습니다", "neutral")]
    [InlineData("점심 먹으러 갑시다", "neutral")]
    [InlineData("어떤 종목이 있나요?", "neutral")]
    public void Korean_is_classed_by_its_stems_and_what_is_denied(string text, string expected) => Check(text, expected);

    [Theory]
    [InlineData("Everything runs smoothly since the hotfix.", "positive")]
    [InlineData("Downloads are much faster than last week", "positive")]
    [InlineData("I had zero issues downloading the JSON", "positive")]
    [InlineData("Finally! The result file opens without a problem.", "positive")]
    [InlineData("Big improvement, well done team", "positive")]
    [InlineData("I wasn't disappointed", "positive")]
    [InlineData("didn't encounter any bugs whatsoever", "positive")]
    [InlineData("The download issue has been resolved", "positive")]
    [InlineData("Can't complain", "positive")]
    [InlineData("I could not be happier", "positive")]
    [InlineData("Works like a charm", "positive")]
    [InlineData("no more 404s, thanks", "positive")]
    [InlineData("Loading takes ages", "negative")]
    [InlineData("Why is it so slow?", "negative")]
    [InlineData("The charts are hard to read", "negative")]
    [InlineData("I do not like the new buttons", "negative")]
    [InlineData("Not great, not terrible", "negative")]
    [InlineData("Waste of time", "negative")]
    [InlineData("I don't recommend it", "negative")]
    [InlineData("Too many clicks to get a result, very annoying", "negative")]
    [InlineData("The result page shows nothing", "bug_report")]
    [InlineData("The page keeps crashing", "bug_report")]
    [InlineData("I still get 404", "bug_report")]
    [InlineData("It fails every time", "bug_report")]
    [InlineData("The export isn't working on Safari", "bug_report")]
    [InlineData("Can not log in", "bug_report")]
    [InlineData("The numbers are wrong for AAPL", "bug_report")]
    [InlineData("After the update my saved runs are gone", "bug_report")]
    [InlineData("Progress bar never finishes", "bug_report")]
    [InlineData("I couldn't get my results", "bug_report")]
    [InlineData("The button doesn't do anything", "bug_report")]
    [InlineData("There's an exception in the console", "bug_report")]
    [InlineData("Love the new page, but login is broken", "bug_report")]
    [InlineData("File is corrupted", "bug_report")]
    [InlineData("The server returned 500", "bug_report")]
    [InlineData("It works on Chrome but not on Firefox", "negative")]
    [InlineData("Has anyone tried MSFT yet?", "neutral")]
    [InlineData("Meeting at 3pm", "neutral")]
    [InlineData("I ran a backtest of IBM from 2010 to 2020", "neutral")]
    [InlineData("이번 업데이트 정말 마음에 들어요", "positive")]
    [InlineData("다운로드 문제 해결해 주셔서 감사합니다", "positive")]
    [InlineData("에러 한 번도 못 봤어요", "positive")]
    [InlineData("이제 404 안 떠요", "positive")]
    [InlineData("속도가 많이 개선됐어요", "positive")]
    [InlineData("불만 없습니다", "positive")]
    [InlineData("어제부터 오류가 안 납니다", "positive")]
    [InlineData("결과 파일이 잘 열립니다", "positive")]
    [InlineData("아무 이상 없이 완료되었습니다", "positive")]
    [InlineData("문제는 전혀 없었습니다", "positive")]
    [InlineData("응답이 너무 늦어요", "negative")]
    [InlineData("사용하기 어려워요", "negative")]
    [InlineData("기대보다 별로네요", "negative")]
    [InlineData("추천하고 싶지 않아요", "negative")]
    [InlineData("편하지 않아요", "negative")]
    [InlineData("화면이 복잡해서 헷갈려요", "negative")]
    [InlineData("로딩이 너무 길어요", "negative")]
    [InlineData("결과 버튼을 눌러도 아무 반응이 없어요", "bug_report")]
    [InlineData("다운로드 누르면 404 떠요", "bug_report")]
    [InlineData("결과가 안 나와요", "bug_report")]
    [InlineData("로그인을 못 하겠어요", "bug_report")]
    [InlineData("수익률이 틀린 것 같아요", "bug_report")]
    [InlineData("진행률이 0%에서 안 움직여요", "bug_report")]
    [InlineData("어제는 됐는데 오늘은 안 되네요", "bug_report")]
    [InlineData("빠르긴 한데 자꾸 튕겨요", "bug_report")]
    [InlineData("파일이 열리질 않아요", "bug_report")]
    [InlineData("오류가 없어지지 않아요", "bug_report")]
    [InlineData("고쳤다고 했는데 여전히 오류가 나요", "bug_report")]
    [InlineData("서버가 응답하지 않습니다", "bug_report")]
    [InlineData("백테스트 결과가 이상합니다", "bug_report")]
    [InlineData("회의는 세 시에 있습니다", "neutral")]
    [InlineData("삼성전자 백테스트를 돌려 봤습니다", "neutral")]
    public void Texts_that_no_word_was_chosen_for_are_classed_too(string text, string expected) => Check(text, expected);

    [Fact]
    public void The_words_that_decided_are_given_as_they_stand_there()
    {
        Assert.Equal(["not working"], Classifier.Classify("It is NOT working, sorry".Replace("NOT", "not", StringComparison.Ordinal)).Words);
        Assert.Equal(["No errors", "works"], Classifier.Classify("No errors, it works").Words);
        Assert.Equal(["오류 없", "잘 돼요"], Classifier.Classify("오류 없이 잘 돼요").Words);
    }

    [Theory]
    [InlineData("ダウンロードできません")]
    [InlineData("")]
    [InlineData("1234 5678")]
    public void What_is_neither_English_nor_Korean_is_unreadable_and_not_neutral(string text) => Assert.Equal(FeedbackClass.Unreadable, Classifier.Classify(text).Class);

    [Fact]
    public void The_plan_s_own_words_decide_too()
    {
        var classifier = new FeedbackClassifier(new FeedbackWords(["rocks"], ["meh"], ["kaputt", "뻗었"]));

        Assert.Equal(FeedbackClass.Neutral, Classifier.Classify("It is kaputt").Class);
        Assert.Equal(FeedbackClass.BugReport, classifier.Classify("It is kaputt").Class);
        Assert.Equal(FeedbackClass.BugReport, classifier.Classify("서버가 뻗었어요").Class);
        Assert.Equal(FeedbackClass.Positive, classifier.Classify("not meh, it rocks").Class);
    }

    [Fact]
    public void A_complaint_added_to_any_text_is_never_lost() =>
        Gen.Select(Gen.Int[0, Praise.Length - 1], Gen.String[0, 40])
            .Sample((praise, noise) => Assert.Equal(FeedbackClass.BugReport, Classifier.Classify($"{Praise[praise]}\n{noise}\nThe download is broken.").Class), iter: 500);

    private static void Check(string text, string expected)
    {
        var seen = Classifier.Classify(text);
        var name = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(seen.Class.ToString());

        Assert.True(name == expected, $"'{text}' is {name} by [{string.Join(" | ", seen.Words)}], expected {expected}");
    }
}
