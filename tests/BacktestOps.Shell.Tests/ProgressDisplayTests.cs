using System.Management.Automation;
using Microsoft.Extensions.Time.Testing;

namespace BacktestOps.Shell.Tests;

public sealed class ProgressDisplayTests : IDisposable
{
    private const string Erase = "\u001b[1A\r\u001b[J";
    private readonly StringWriter _screen = new() { NewLine = "\n" };
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_bar_is_drawn_over_the_one_before()
    {
        var display = OnTerminal();
        display.Update(1, Record(0), mayDraw: true);
        _clock.Advance(TimeSpan.FromSeconds(1));
        display.Update(1, Record(50), mayDraw: true);

        Assert.Equal($"Run [..........] 0%  busy\n{Erase}Run [#####.....] 50%  busy\n", _screen.ToString());
    }

    [Fact]
    public void Bars_come_no_faster_than_the_eye_follows()
    {
        var display = OnTerminal();
        for (var percent = 0; percent <= 100; percent++) display.Update(1, Record(percent), mayDraw: true);

        Assert.Equal("Run [..........] 0%  busy\n", _screen.ToString());
    }

    [Fact]
    public void A_completed_bar_leaves_nothing_on_the_screen()
    {
        var display = OnTerminal();
        display.Update(1, Record(10), mayDraw: true);
        var done = Record(100);
        done.RecordType = ProgressRecordType.Completed;
        display.Update(1, done, mayDraw: true);

        Assert.EndsWith(Erase, _screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_output_takes_the_bar_away_and_the_next_record_brings_it_back()
    {
        var display = OnTerminal();
        display.Update(1, Record(10), mayDraw: true);
        display.Clear();
        display.Clear();
        display.Update(1, Record(20), mayDraw: true);

        Assert.Equal($"Run [#.........] 10%  busy\n{Erase}Run [##........] 20%  busy\n", _screen.ToString());
    }

    [Fact]
    public void Nothing_is_drawn_into_an_unfinished_line()
    {
        OnTerminal().Update(1, Record(10), mayDraw: false);

        Assert.Empty(_screen.ToString());
    }

    [Fact]
    public void A_line_longer_than_the_terminal_is_cut_so_that_it_stays_one_line()
    {
        OnTerminal().Update(1, new ProgressRecord(1, new string('x', 200), "busy") { PercentComplete = 1 }, mayDraw: true);

        Assert.Equal(40, _screen.ToString().TrimEnd('\n').Length);
    }

    [Fact]
    public void A_log_gets_a_line_a_quarter_and_the_end_of_what_stopped_early()
    {
        var display = new ProgressDisplay(_screen, inPlace: false, () => 80, _clock);
        foreach (var percent in new[] { 3, 4, 30, 31 }) display.Update(1, Record(percent), mayDraw: true);
        var done = Record(31);
        done.RecordType = ProgressRecordType.Completed;
        display.Update(1, done, mayDraw: true);

        Assert.Equal("Run: 3%, busy\nRun: 30%, busy\nRun: done, busy\n", _screen.ToString());
    }

    [Fact]
    public void What_ends_with_the_word_done_is_not_said_to_be_done_twice()
    {
        var display = new ProgressDisplay(_screen, inPlace: false, () => 80, _clock);
        display.Update(1, Record(3), mayDraw: true);
        display.Update(1, new ProgressRecord(1, "Run", "Done") { RecordType = ProgressRecordType.Completed }, mayDraw: true);

        Assert.Equal("Run: 3%, busy\nRun: done\n", _screen.ToString());
    }

    public void Dispose() => _screen.Dispose();

    // 41 columns leave 40, of which the bar takes a quarter.
    private ProgressDisplay OnTerminal() => new(_screen, inPlace: true, () => 41, _clock);

    private static ProgressRecord Record(int percent) => new(1, "Run", "busy") { PercentComplete = percent };
}
