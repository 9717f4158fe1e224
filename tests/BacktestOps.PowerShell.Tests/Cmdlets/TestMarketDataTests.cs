using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

public sealed class TestMarketDataTests
{
    [Fact]
    public void Findings_of_a_file_name_it_as_the_session_sees_it()
    {
        using var session = new TestSession();
        Write(session, "data/A.csv", bad: 20);

        var finding = Assert.Single(session.Run("Test-MarketData data/A.csv").WithoutErrors().As<MarketDataFinding>());

        Assert.Equal(("A", MarketDataFindingKind.BadPrint, 22, "low", 1.0), (finding.Symbol, finding.Kind, finding.Line, finding.Field, finding.Value));
        Assert.Equal(Path.Combine("data", "A.csv"), finding.Path);
    }

    [Fact]
    public void A_folder_stands_for_its_files_and_days_are_held_against_each_other()
    {
        using var session = new TestSession();
        foreach (var name in new[] { "A", "B" }) Write(session, $"data/{name}.csv");
        Write(session, "data/C.csv", without: 30);
        Write(session, "data/C.txt", bad: 3);

        var finding = Assert.Single(session.Run("Test-MarketData data").WithoutErrors().As<MarketDataFinding>());

        Assert.Equal(("C", MarketDataFindingKind.Hole), (finding.Symbol, finding.Kind));
    }

    [Fact]
    public void Quiet_gives_a_Boolean_for_each_file()
    {
        using var session = new TestSession();
        Write(session, "A.csv");
        Write(session, "B.csv", bad: 20);

        Assert.Equal([true, false], session.Run("Test-MarketData *.csv -Quiet").WithoutErrors().As<bool>());
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_and_the_next_is_looked_at()
    {
        using var session = new TestSession();
        Write(session, "B.csv", bad: 20);

        var outcome = session.Run("'nowhere.csv', 'B.csv' | Test-MarketData");

        Assert.StartsWith("PathNotFound,", Assert.Single(outcome.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Single(outcome.Output);
    }

    [Fact]
    public void The_session_s_own_data_is_looked_at_by_symbol()
    {
        using var session = new TestSession();

        Assert.Equal([true], session.Run("Test-MarketData -Symbol SP500 -Quiet").WithoutErrors().As<bool>());
        Assert.StartsWith("UnknownSymbol,", session.Run("Test-MarketData -Symbol NONE").OnlyError().FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private static void Write(TestSession session, string name, int? bad = null, int? without = null)
    {
        var rows = Enumerable.Range(0, 60).Where(t => t != without).Select(t =>
        {
            var price = 100 + t % 7;
            return FormattableString.Invariant($"{new DateTime(2020, 1, 1).AddDays(t):yyyy-MM-dd},{price},{price + 2},{(t == bad ? 1 : price - 2)},{price + 1},{1000 + t}");
        });
        var path = Path.Combine(session.Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "date,open,high,low,close,volume\n" + string.Join('\n', rows) + "\n");
    }
}
