using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests.Cmdlets;

public sealed class TestDeploymentReportTests
{
    private const string Wrong = "- [x] 응답 3초 (< 2초)\n";

    [Fact]
    public void Findings_are_objects_with_the_document_as_the_session_sees_it()
    {
        using var session = new TestSession();
        Write(session, "wrong.md", Wrong);

        var finding = Assert.Single(session.Run("Test-DeploymentReport wrong.md").WithoutErrors().As<ReportFinding>());

        Assert.Equal(("threshold", FindingClass.Contradicted, "wrong.md", 1), (finding.Rule, finding.Class, finding.Path, finding.Line));
    }

    [Fact]
    public void A_pattern_stands_for_many_and_Quiet_gives_a_Boolean_for_each()
    {
        using var session = new TestSession();
        Write(session, "a.md", "# Nothing\n");
        Write(session, "b.md", Wrong);

        Assert.Equal([true, false], session.Run("Test-DeploymentReport *.md -Quiet").WithoutErrors().As<bool>());
    }

    [Fact]
    public void A_document_that_is_not_there_is_an_error_and_the_next_is_audited()
    {
        using var session = new TestSession();
        Write(session, "wrong.md", Wrong);

        var outcome = session.Run("'nowhere.md', 'wrong.md' | Test-DeploymentReport");

        Assert.StartsWith("PathNotFound,", Assert.Single(outcome.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Single(outcome.Output);
    }

    [Theory]
    [InlineData("Sarif", "\"threshold\"")]
    [InlineData("JUnitXml", "<testsuites")]
    public void The_text_goes_to_the_pipeline_or_to_a_file(string format, string part)
    {
        using var session = new TestSession();
        Write(session, "wrong.md", Wrong);

        var text = Assert.Single(session.Run($"Test-DeploymentReport wrong.md -OutputFormat {format}").WithoutErrors().As<string>());
        Assert.Empty(session.Run($"Test-DeploymentReport wrong.md -OutputFormat {format} -OutputPath out.txt").WithoutErrors().Output);

        Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(Path.Combine(session.Folder, "out.txt")));
        Assert.Equal(["out.txt", "wrong.md"], Directory.EnumerateFiles(session.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void OutputPath_without_a_format_says_what_to_add()
    {
        using var session = new TestSession();

        Assert.StartsWith("OutputFormatMissing,", session.Run("Test-DeploymentReport a.md -OutputPath out.txt").Terminating!.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private static void Write(TestSession session, string name, string text) => File.WriteAllText(Path.Combine(session.Folder, name), text);
}
