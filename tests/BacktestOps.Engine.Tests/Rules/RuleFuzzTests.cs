using System.Diagnostics;
using System.Globalization;
using BacktestOps.Engine.Rules.Evaluation;
using BacktestOps.Engine.Rules.Language;
using CsCheck;

namespace BacktestOps.Engine.Tests.Rules;

/// <summary>Texts from a hostile hand: the reader answers each in time, with faults or with a rule that can be evaluated.</summary>
public class RuleFuzzTests(ITestOutputHelper output)
{
    private const int Fewest = 500;
    private const string LongRun = "BACKTESTOPS_FUZZ_SECONDS";

    private static readonly TimeSpan s_suspicious = TimeSpan.FromMilliseconds(100);

    // The smallest default of a thread is 1.5 MB, on musl; elsewhere it is 8.
    private const int SmallStack = 512 * 1024;

    private static readonly string[] s_pieces =
    [
        "close", "open", "high", "low", "volume", "hl2", "true", "false", "and", "or", "not", "&&", "||", "!", "(", ")", "[", "]", ",", "+", "-", "*", "/",
        "<", "<=", ">", ">=", "==", "!=", "=", "$fast", "$", "$$", "1", "0", "1e99", "1e-99", "0.1", "99999999999999999999999999999999999", "1e999", "4096", ".", "..",
        "sma(", "ema(", "rsi(close,", "macd(", "stddev(", "crossover(", "obv()", "adx(3)", "wma(", "zscore(close,4096)", " ", "\n", "\t", "\0", "é", "\ud800", "𝄞", "'", "\"", "//", "{", "}", "{0}", "%s", ";", "\\",
    ];

    [Fact]
    public void No_text_ends_in_an_exception_or_takes_long()
    {
        var seconds = double.TryParse(Environment.GetEnvironmentVariable(LongRun), NumberStyles.Float, CultureInfo.InvariantCulture, out var asked) ? asked : 1.5;
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var bars = Sample.Flat([.. Enumerable.Range(0, 30).Select(_ => random.Next(1, 1000) / 8.0)]);
        string[] corpus = [];
        ExpressionGen.AnyRule.Array[200].Sample(generated => corpus = generated, iter: 1, threads: 1);
        var (texts, rules, slowest, slowestText, clock) = (0L, 0L, TimeSpan.Zero, "", Stopwatch.StartNew());
        // On a busy machine the time alone may be too little for anything to be tried.
        while (clock.Elapsed.TotalSeconds < seconds || texts < Fewest || rules == 0)
        {
            var text = Next(random, corpus);
            var begin = clock.Elapsed;
            try
            {
                if (Answers(text, bars)) rules++;
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}, text {texts}: {error.GetType().Name} for {Convert.ToHexString(System.Text.Encoding.Unicode.GetBytes(text))}\n{text}\n{error}");
            }
            var took = clock.Elapsed - begin;
            // A busy machine can hold a test back for seconds; it does not do so each time.
            for (var again = 0; again < 3 && took > s_suspicious; again++) took = Least(took, text, bars);
            if (took > slowest) (slowest, slowestText) = (took, text);
            texts++;
        }
        output.WriteLine(FormattableString.Invariant($"{texts} texts in {clock.Elapsed.TotalSeconds:0.0} s, {rules} of them rules; the slowest took {slowest.TotalMilliseconds:0.0} ms: {RequestValidator.Printable(slowestText, 300)}; seed {seed}; {LongRun}=600 runs ten minutes."));
        Assert.True(slowest < TimeSpan.FromSeconds(2), $"a text took {slowest}, each of four times: {RequestValidator.Printable(slowestText, 300)}");
    }

    private static TimeSpan Least(TimeSpan took, string text, Bars.BarSeries bars)
    {
        var begin = Stopwatch.GetTimestamp();
        Answers(text, bars);
        var now = Stopwatch.GetElapsedTime(begin);
        return now < took ? now : took;
    }

    [Theory]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("-")]
    [InlineData("!")]
    [InlineData("not ")]
    [InlineData("sma(")]
    [InlineData("close[")]
    [InlineData("1+")]
    [InlineData("1 and ")]
    [InlineData("1<")]
    [InlineData("close,")]
    [InlineData("1e9*")]
    [InlineData("[1]")]
    public void A_piece_repeated_to_the_limit_is_answered_on_a_small_stack(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, RuleLimits.Length / piece.Length));
        foreach (var whole in new[] { text, "close" + text, text + "close > 1", "close > " + text + "1" })
        {
            Exception? error = null;
            var thread = new Thread(() => error = Record.Exception(() => RuleBench.Faults(whole)), maxStackSize: SmallStack);
            thread.Start();
            Assert.True(thread.Join(TimeSpan.FromMinutes(3)), "the reader hangs");
            Assert.Null(error);
        }
    }

    [Fact]
    public void The_deepest_rule_that_is_allowed_is_evaluated_on_a_small_stack()
    {
        var nested = "close";
        for (var i = 0; i < RuleLimits.Nesting; i++) nested = $"adx({i % 3 + 2})[{i % 2 + 1}] + stddev({nested}, 3)";
        foreach (var text in new[] { $"{nested} > 1", string.Join(" and ", Enumerable.Repeat("rsi(zscore(close, 3), 2) > macd_signal(close, 2, 3, 2)", 30)) })
        {
            Exception? error = null;
            string? picture = null;
            var thread = new Thread(() => error = Record.Exception(() => picture = RuleBench.Picture(text, Sample.Flat(1, 2, 3))), maxStackSize: SmallStack);
            thread.Start();
            thread.Join();
            Assert.Null(error);
            Assert.Equal(3, picture!.Length);
        }
    }

    private static string Next(Random random, string[] corpus)
    {
        string Piece() => s_pieces[random.Next(s_pieces.Length)];
        if (random.Next(3) == 0) return string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => Piece()));
        var text = corpus[random.Next(corpus.Length)];
        for (var edits = random.Next(4); edits > 0; edits--)
        {
            var (at, length) = (random.Next(text.Length + 1), random.Next(12));
            text = random.Next(6) switch
            {
                0 => text.Insert(at, Piece()),
                1 => text.Remove(at, Math.Min(length, text.Length - at)),
                2 => text.Insert(at, ((char)random.Next(0x10000)).ToString()),
                3 => text[..at] + text[random.Next(text.Length)..],
                4 => text + " and (" + corpus[random.Next(corpus.Length)] + ")",
                _ => text.Insert(at, text),
            };
            if (text.Length == 0) text = "x";
            if (text.Length > 3000) break;
        }
        return text;
    }

    private static bool Answers(string text, Bars.BarSeries bars)
    {
        var faults = new List<RuleFault>();
        var syntax = RuleReader.ReadRule(text, ["fast"], faults);
        if (syntax is not null)
        {
            var graph = new RuleGraph();
            var bound = new RuleBinder(graph, new Dictionary<string, Rational>(StringComparer.OrdinalIgnoreCase) { ["fast"] = Rational.From(3) }, faults).Bind(syntax);
            if (faults.Count == 0)
            {
                Assert.Equal(bars.Count, new SeriesEvaluator(bars).Condition(bound.Condition!).Count);
                return true;
            }
        }
        Assert.NotEmpty(faults);
        Assert.All(faults, fault => Assert.InRange(fault.Position, 1, Math.Max(text.Length, 1) + 1));
        Assert.All(faults, fault => Assert.DoesNotContain('\n', fault.ToString()));
        return false;
    }
}
