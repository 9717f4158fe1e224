using System.Management.Automation;
using System.Text;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

public sealed class SaveBacktestResultTests
{
    private const string Json = "{ \"status\": \"completed\" }\n";

    [Theory]
    [InlineData("")]
    [InlineData("-Path .")]
    [InlineData("-Path '.'")]
    [InlineData("-LiteralPath .")]
    [InlineData("-Path backtest-result-a.json")]
    [InlineData("-Path ./backtest-result-a.json")]
    public void The_document_is_saved_byte_for_byte_under_its_own_name_at_the_sessions_location(string arguments)
    {
        using var session = new TestSession(new FakeBacktestApi().WithResult("a", Json));

        var outcome = session.Run("Save-BacktestResult a " + arguments).WithoutErrors();

        Assert.Empty(outcome.Output);
        Assert.Equal(["backtest-result-a.json"], FilesIn(session.Folder));
        Assert.Equal(Encoding.UTF8.GetBytes(Json), File.ReadAllBytes(Path.Combine(session.Folder, "backtest-result-a.json")));
    }

    [Fact]
    public void PassThru_gives_the_file_with_the_id_of_its_run()
    {
        using var session = new TestSession(new FakeBacktestApi().WithResult("a", Json));

        var saved = Assert.Single(session.Run("Save-BacktestResult a -PassThru").WithoutErrors().Output);

        Assert.Equal(Path.Combine(session.Folder, "backtest-result-a.json"), Assert.IsType<FileInfo>(saved.BaseObject).FullName);
        Assert.Equal("a", saved.Properties["BacktestId"].Value);
    }

    [Fact]
    public void WhatIf_writes_nothing_and_names_the_file()
    {
        using var session = new TestSession(new FakeBacktestApi().WithResult("a", Json));

        session.Run("Save-BacktestResult a -WhatIf").WithoutErrors();

        Assert.Empty(FilesIn(session.Folder));
        Assert.Contains("backtest-result-a.json", session.Host.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_exists_is_left_as_it_is_without_Force_and_replaced_with_it()
    {
        using var session = new TestSession(new FakeBacktestApi().WithResult("a", Json));
        var file = Path.Combine(session.Folder, "backtest-result-a.json");
        File.WriteAllText(file, "mine");

        var error = session.Run("Save-BacktestResult a").OnlyError();

        Assert.StartsWith("ResultFileExists,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ResourceExists, error.CategoryInfo.Category);
        Assert.Contains(file, error.ToString(), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(file));

        session.Run("Save-BacktestResult a -Force").WithoutErrors();

        Assert.Equal(Json, File.ReadAllText(file));
        Assert.Equal(["backtest-result-a.json"], FilesIn(session.Folder));
    }

    [Fact]
    public void Two_results_do_not_take_one_file_even_with_Force()
    {
        using var session = new TestSession(new FakeBacktestApi().WithResult("a", "1").WithResult("b", "2"));

        var error = session.Run("Save-BacktestResult a, b -Path one.json -Force").OnlyError();

        Assert.Equal("b", error.TargetObject);
        Assert.Equal("1", File.ReadAllText(Path.Combine(session.Folder, "one.json")));
    }

    [Fact]
    public void A_run_without_a_result_is_an_error_of_its_own_and_the_next_is_saved()
    {
        var api = new FakeBacktestApi().With("early", (BacktestStatus.Running, 40)).WithResult("a", Json);
        using var session = new TestSession(api);

        var error = session.Run("Save-BacktestResult early, a").OnlyError();

        Assert.StartsWith("ResultNotReady,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ResourceUnavailable, error.CategoryInfo.Category);
        Assert.Equal("early", error.TargetObject);
        Assert.Contains("40 %", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("Wait for it: Get-BacktestProgress -Wait.", error.ErrorDetails.RecommendedAction);
        Assert.Equal(["backtest-result-a.json"], FilesIn(session.Folder));
    }

    [Fact]
    public void A_document_that_does_not_match_its_digest_is_not_saved()
    {
        var api = new FakeBacktestApi().WithResult("a", Json);
        api.Results["a"] = api.Results["a"] with { Content = Encoding.UTF8.GetBytes(Json.ToUpperInvariant()) };
        using var session = new TestSession(api);

        var error = session.Run("Save-BacktestResult a").OnlyError();

        Assert.StartsWith("ResultDamaged,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(FilesIn(session.Folder));
    }

    [Theory]
    [InlineData("../evil.json")]
    [InlineData("..")]
    [InlineData("sub\\evil.json")]
    [InlineData("")]
    public void A_service_can_not_choose_the_folder(string fileName)
    {
        using var session = new TestSession(new FakeBacktestApi().WithResult("a", Json, fileName));
        Directory.CreateDirectory(Path.Combine(session.Folder, "in"));

        var error = session.Run("Save-BacktestResult a -Path in").OnlyError();

        Assert.StartsWith("FileNameUnsafe,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(FilesIn(session.Folder));
    }

    [Theory]
    [InlineData("-Path nowhere/", "FolderNotFound")]
    [InlineData("-Path nowhere/file.json", "FolderNotFound")]
    public void A_folder_that_is_not_there_is_an_error_of_the_item(string arguments, string errorId)
    {
        using var session = new TestSession(new FakeBacktestApi().WithResult("a", Json));

        var error = session.Run("Save-BacktestResult a " + arguments).OnlyError();

        Assert.StartsWith(errorId + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Empty(FilesIn(session.Folder));
    }

    [Theory]
    [InlineData("-Path Env:/HOME", "PathNotInFileSystem")]
    [InlineData("-LiteralPath Variable:/x", "PathNotInFileSystem")]
    [InlineData("-Path '?'", "PathNotUnique")]
    public void A_path_that_is_no_place_for_a_file_ends_the_command(string arguments, string errorId)
    {
        using var session = new TestSession(new FakeBacktestApi().WithResult("a", Json));
        Directory.CreateDirectory(Path.Combine(session.Folder, "1"));
        Directory.CreateDirectory(Path.Combine(session.Folder, "2"));

        var error = session.Run("Save-BacktestResult a " + arguments).Terminating;

        Assert.StartsWith(errorId + ",", error?.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(FilesIn(session.Folder));
    }

    [Fact]
    public void Wildcard_characters_are_plain_with_LiteralPath_and_a_pattern_with_Path()
    {
        using var session = new TestSession(new FakeBacktestApi().WithResult("a", Json));
        Directory.CreateDirectory(Path.Combine(session.Folder, "[x]"));
        Directory.CreateDirectory(Path.Combine(session.Folder, "long-name"));

        session.Run("Save-BacktestResult a -LiteralPath '[x]'; Save-BacktestResult a -Path 'long*'").WithoutErrors();

        Assert.Equal(["[x]/backtest-result-a.json", "long-name/backtest-result-a.json"], FilesIn(session.Folder));
    }

    private static string[] FilesIn(string folder) =>
    [
        .. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];
}
