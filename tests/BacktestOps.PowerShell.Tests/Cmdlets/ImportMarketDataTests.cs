using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

public sealed class ImportMarketDataTests
{
    private const string Yahoo = "Date,Open,High,Low,Close,Adj Close,Volume\n2020-01-02,1,2,1,2,2,5\n2020-01-03,2,3,2,3,3,5\n";

    [Fact]
    public void Files_become_symbols_of_the_folder_that_a_run_can_be_given()
    {
        using var session = new TestSession();
        Write(session, "in/A.csv", Yahoo);
        Write(session, "in/B.csv", Yahoo);

        var imports = session.Run("Import-MarketData in/*.csv -DataPath data").WithoutErrors().As<MarketDataImport>();

        Assert.Equal([("A", "Yahoo", 2), ("B", "Yahoo", 2)], imports.Select(import => (import.Symbol, import.Format, import.Bars)));
        Assert.Equal(["A", "B"], session.Run("Get-MarketData -DataPath data").WithoutErrors().As<SymbolInfo>().Select(symbol => symbol.Symbol));
    }

    [Fact]
    public void WhatIf_reads_and_checks_and_writes_nothing()
    {
        using var session = new TestSession();
        Write(session, "A.csv", Yahoo);
        Write(session, "B.csv", "no prices");

        var outcome = session.Run("Import-MarketData A.csv, B.csv -DataPath data -WhatIf");

        Assert.Empty(outcome.Output);
        Assert.StartsWith("MarketDataInvalid,", outcome.OnlyError().FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(session.Folder, "data")));
    }

    [Fact]
    public void What_exists_is_kept_unless_forced_and_one_bad_file_does_not_stop_the_others()
    {
        using var session = new TestSession();
        Write(session, "A.csv", Yahoo);
        Write(session, "data/A.csv", "mine");
        Write(session, "B.csv", Yahoo);

        Assert.StartsWith("MarketDataInvalid,", session.Run("'A.csv', 'B.csv' | Import-MarketData -DataPath data").OnlyError().FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(session.Folder, "data/A.csv")));
        Assert.True(File.Exists(Path.Combine(session.Folder, "data/B.csv")));
        Assert.Single(session.Run("Import-MarketData A.csv -DataPath data -Force").WithoutErrors().Output);
    }

    [Fact]
    public void A_column_map_is_a_hashtable_of_names_or_positions()
    {
        using var session = new TestSession();
        Write(session, "x.txt", "Tag;Auf;Hoch;Tief;Zu\n2.1.2020;1,5;2,5;1;2\n");

        var import = session.Run(
            "Import-MarketData x.txt -Symbol X -DataPath data -Culture de-DE -DateFormat d.M.yyyy -ColumnMap @{ Date = 'Tag'; Open = 2; High = 'Hoch'; Low = 'Tief'; Close = 'Zu' }")
            .WithoutErrors().As<MarketDataImport>().Single();

        Assert.Equal(("X", new DateTime(2020, 1, 2)), (import.Symbol, import.First));
        Assert.Contains("1.5,2.5,1,2,0", File.ReadAllText(import.Path), StringComparison.Ordinal);
    }

    private static void Write(TestSession session, string name, string content)
    {
        var path = Path.Combine(session.Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
