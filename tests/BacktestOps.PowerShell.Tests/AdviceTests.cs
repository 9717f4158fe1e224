using System.Reflection;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests;

/// <summary>What is said to do next is what helps.</summary>
public sealed class AdviceTests
{
    [Fact]
    public void An_import_over_a_file_that_exists_says_how_to_replace_it_and_leaves_it()
    {
        using var session = new TestSession();
        Directory.CreateDirectory(Path.Combine(session.Folder, "data"));
        var there = Path.Combine(session.Folder, "data", "AAA.csv");
        File.WriteAllText(there, "mine");
        File.WriteAllText(Path.Combine(session.Folder, "AAA.csv"), "date,open,high,low,close,volume\n2020-01-02,1,2,1,2,100\n2020-01-03,1,2,1,2,100\n");

        var error = session.Run("Import-MarketData AAA.csv -DataPath data").OnlyError();

        Assert.Contains("exists", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("-Force", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("Correct the file", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(there));
    }

    [Theory]
    [InlineData("Test-DeploymentReport ./none.md -OutputFormat Sarif -OutputPath out.sarif")]
    [InlineData("Test-DeploymentReport ./none.md, ./there.md -OutputFormat JUnitXml -OutputPath out.xml")]
    [InlineData("Get-BacktestResult nobody | Export-BacktestReport -Path out.html")]
    [InlineData("Save-BacktestResult nobody -Path .")]
    public void Nothing_is_written_where_what_it_is_made_of_is_not_there(string script)
    {
        using var session = new TestSession();
        File.WriteAllText(Path.Combine(session.Folder, "there.md"), "# A\n");

        var outcome = session.Run(script);

        Assert.NotEmpty(outcome.Errors.Concat(outcome.Terminating is { } error ? [error] : []));
        Assert.Equal(["there.md"], Directory.EnumerateFileSystemEntries(session.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_file_of_strategies_that_is_not_there_is_not_found_with_its_path()
    {
        using var session = new TestSession();

        var error = session.Run("Start-Backtest SP500 -StrategyPath ./none.json").OnlyError();

        Assert.StartsWith("StrategyFileNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(session.Folder, "none.json"), error.ToString(), StringComparison.Ordinal);
        Assert.Equal(System.Management.Automation.ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
    }

    [Fact]
    public void A_service_over_data_that_are_not_there_fails_at_once_with_the_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Start-BacktestService does not start processes on Windows.");
        using var session = new TestSession();

        // Were it waited for, it would be for an hour.
        var error = session.Run("Start-BacktestService -Port 0 -DataPath ./nope -HomePath ./home -Timeout 1h -Confirm:$false").Terminating!;

        Assert.Contains(Path.Combine(session.Folder, "nope"), error.ToString(), StringComparison.Ordinal);
        Assert.Contains("market_data: missing", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("-Timeout", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(session.Run("Get-BacktestService -Local -HomePath ./home").Output);
    }

    [Theory]
    [InlineData("Start-BacktestService -Port 0 -HomePath /proc/nope -Confirm:$false")]
    [InlineData("Start-BacktestService -Port 0 -HomePath ./file/home -Confirm:$false")]
    [InlineData("Get-BacktestService -Local -HomePath ./file/home")]
    [InlineData("Repair-BacktestHome ./file/home")]
    public void A_home_that_can_not_be_is_an_error_of_ours(string script)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's.");
        using var session = new TestSession();
        File.WriteAllText(Path.Combine(session.Folder, "file"), "");

        var outcome = session.Run(script);

        if (outcome.Terminating is null && outcome.Errors.Count == 0) return; // nothing is there, and nothing was asked for that must be
        var error = outcome.Terminating ?? outcome.Errors[0];
        Assert.IsAssignableFrom<BacktestOpsException>(error.Exception);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void Every_error_of_ours_says_what_to_do_and_not_the_message_again()
    {
        var types = typeof(BacktestOpsException).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(BacktestOpsException))).ToList();
        Assert.True(types.Count >= 12);
        foreach (var type in types)
        {
            var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).OrderBy(one => one.GetParameters().Length).First();
            var arguments = constructor.GetParameters().Select(parameter => Argument(parameter.ParameterType)).ToArray();
            var error = (BacktestOpsException)constructor.Invoke(arguments);
            Assert.False(string.IsNullOrWhiteSpace(error.RecommendedAction), type.Name);
            Assert.NotEqual(error.Message, error.RecommendedAction);
        }
    }

    private static object? Argument(Type type) =>
        type == typeof(string) ? Guid.NewGuid().ToString()
        : type == typeof(BacktestProgress) ? new BacktestProgress { BacktestId = "a", Status = BacktestStatus.Running, Progress = 5, Strategy = "B", Symbols = ["A"], AcceptedAt = DateTimeOffset.UnixEpoch }
        : typeof(IReadOnlyList<RequestFault>).IsAssignableFrom(type) ? new List<RequestFault> { new("a", "b", "c") }
        : type == typeof(Exception) ? new IOException("x")
        : type.IsValueType ? Activator.CreateInstance(type)
        : null;
}
