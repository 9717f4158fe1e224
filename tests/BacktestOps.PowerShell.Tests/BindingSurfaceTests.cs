using System.Collections;
using System.Management.Automation;
using System.Reflection;
using System.Security;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Cmdlets;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests;

/// <summary>Which parameters are taken from the columns of a table, and which objects a cmdlet takes: for every cmdlet, whoever adds one.</summary>
public sealed class BindingSurfaceTests
{
    private const string Written = "where something is written: an object's own Path says where it was read, and it would be written over";
    private const string Waits = "how long or how often the command works; an object's own time says how long something else took";
    private const string Shown = "how the command shows or writes, the same for all that comes down the pipeline";
    private const string Once = "read once, before the first object is there";
    private const string Named = "an object's own property of that name means something else";

    /// <summary>What of the scalars is not taken from a column, and why. Switches and secrets are not: see the test.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["Connect-BacktestService -Timeout"] = Waits,
        ["Export-BacktestReport -Culture"] = Shown,
        ["Export-BacktestReport -Path"] = Written,
        ["Export-DeploymentReport -Culture"] = Shown,
        ["Export-DeploymentReport -Format"] = Shown,
        ["Export-DeploymentReport -Path"] = Written,
        ["Export-DeploymentReport -TimeZone"] = Shown,
        ["Get-Backtest -Status"] = Named,
        ["Get-BacktestProgress -Timeout"] = Waits,
        ["Import-MarketData -ColumnMap"] = Once,
        ["Import-MarketData -Culture"] = Once,
        ["Import-MarketData -DataPath"] = Once,
        ["Import-MarketData -DateFormat"] = Once,
        ["Import-MarketData -FactorFile"] = Once,
        ["Invoke-Deployment -Reason"] = Named,
        ["Invoke-DeploymentChecklist -Culture"] = Shown,
        ["Invoke-DeploymentChecklist -Duration"] = Waits,
        ["Invoke-DeploymentChecklist -Interval"] = Waits,
        ["Invoke-DeploymentChecklist -Reason"] = Named,
        ["Invoke-DeploymentChecklist -RecordEvery"] = Waits,
        ["Invoke-Rollback -Reason"] = Named,
        ["Invoke-SmokeTest -EvidencePath"] = Written,
        ["Invoke-SmokeTest -Timeout"] = Waits,
        ["New-DeploymentPlan -Path"] = Written,
        ["New-DeploymentPlan -Template"] = Shown,
        ["Protect-DeploymentEvidence -KeyPath"] = "where a secret is",
        ["Register-DeploymentFollowUp -Scheduler"] = Named,
        ["Save-BacktestResult -LiteralPath"] = Written,
        ["Save-BacktestResult -Path"] = Written,
        ["Start-BacktestService -Timeout"] = Waits,
        ["Stop-BacktestService -Timeout"] = Waits,
        ["Test-DeploymentReport -OutputFormat"] = Shown,
        ["Test-DeploymentReport -OutputPath"] = Written,
        ["Watch-Deployment -Culture"] = Shown,
        ["Watch-Deployment -Duration"] = Waits,
        ["Watch-Deployment -Interval"] = Waits,
        ["Watch-Deployment -RecordEvery"] = Waits,
        // A record, a criterion and a follow-up have numbers of evidence where a ledger is meant.
        ["Approve-Deployment -Evidence"] = Named,
        ["Export-DeploymentReport -Evidence"] = Named,
        ["Get-DeploymentEvidence -Evidence"] = Named,
        ["Protect-DeploymentEvidence -Evidence"] = Named,
        ["Test-DeploymentEvidence -Evidence"] = Named,
        ["Start-Backtest -InputObject"] = "the object of the pipeline itself",
    };

    /// <summary>Switches that say what is tested. All others say how the command behaves: a column must not lift a safeguard.</summary>
    private static readonly string[] Switches = ["Start-Backtest -Adjusted", "Start-Backtest -FractionalShares"];

    private static readonly List<(string Name, PropertyInfo Property)> Parameters =
    [
        .. typeof(StartBacktestCommand).Assembly.GetTypes().Where(type => type.GetCustomAttribute<CmdletAttribute>() is not null)
            .SelectMany(type => type.GetProperties().Where(property => property.GetCustomAttributes<ParameterAttribute>().Any())
                .Select(property => ($"{type.GetCustomAttribute<CmdletAttribute>()!.VerbName}-{type.GetCustomAttribute<CmdletAttribute>()!.NounName} -{property.Name}", property))),
    ];

    [Fact]
    public void Every_scalar_is_taken_from_a_column_except_those_with_a_reason()
    {
        var notTaken = Parameters.Where(parameter => IsScalar(parameter.Property.PropertyType) && !IsByName(parameter.Property)).Select(parameter => parameter.Name);

        Assert.Equal(Exceptions.Keys.Order(StringComparer.Ordinal), notTaken.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_switch_and_no_secret_is_taken_from_a_column_but_those_that_say_what_is_tested()
    {
        var taken = Parameters.Where(parameter => !IsScalar(parameter.Property.PropertyType) && !parameter.Property.PropertyType.IsArray && IsByName(parameter.Property)).Select(parameter => parameter.Name);

        Assert.Equal(Switches, taken.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_empty_cell_is_not_given_whatever_takes_it()
    {
        var strict = Parameters.Where(parameter => IsByName(parameter.Property) && !parameter.Property.PropertyType.IsArray && !IsMandatory(parameter.Property)
            && (!parameter.Property.GetCustomAttributes().Any(attribute => attribute is IOptionalCell)
                || parameter.Property.GetCustomAttributes<ValidateNotNullOrEmptyAttribute>().Any()
                || (parameter.Property.PropertyType.IsValueType && parameter.Property.PropertyType != typeof(SwitchParameter) && Nullable.GetUnderlyingType(parameter.Property.PropertyType) is null)));

        Assert.Equal(["Connect-BacktestService -Uri"], strict.Select(parameter => parameter.Name));
    }

    /// <summary>Which cmdlets take what a cmdlet gives. Whoever gives a new type says here who takes it.</summary>
    private static readonly Dictionary<string, string[]> Takers = new(StringComparer.Ordinal)
    {
        ["BacktestProgress"] = ["Get-Backtest", "Get-BacktestProgress", "Get-BacktestResult", "Save-BacktestResult", "Compare-BacktestResult", "Export-BacktestReport", "Stop-Backtest -Confirm:$false", "Start-Backtest -WhatIf"],
        ["BacktestResult"] = ["Get-Backtest", "Get-BacktestProgress", "Get-BacktestResult", "Save-BacktestResult", "Compare-BacktestResult", "Export-BacktestReport", "Start-Backtest -WhatIf"],
        ["Bar"] = ["Start-Backtest -Strategy BuyAndHold -WhatIf", "Get-MarketData", "Test-MarketData"],
        ["SymbolInfo"] = ["Start-Backtest -Strategy BuyAndHold -WhatIf", "Get-MarketData", "Get-MarketData -Bar", "Test-MarketData"],
        ["StrategyInfo"] = ["Start-Backtest AAPL -WhatIf", "Get-BacktestStrategy"],
        ["MarketDataImport"] = ["Start-Backtest -Strategy BuyAndHold -WhatIf", "Get-MarketData", "Test-MarketData"],
        ["MarketDataFinding"] = ["Start-Backtest -Strategy BuyAndHold -WhatIf", "Get-MarketData", "Test-MarketData"],
        ["ReportFinding"] = ["Test-DeploymentReport"],
        ["ServiceConnection"] = ["Test-DeploymentHealth -Timeout 1", "Invoke-SmokeTest -WhatIf", "Connect-BacktestService -Timeout 1"],
        ["ServiceInstance"] = ["Test-DeploymentHealth -Timeout 1", "Invoke-SmokeTest -WhatIf", "Connect-BacktestService -Timeout 1", "Get-BacktestService -Local", "Stop-BacktestService -WhatIf", "Start-BacktestService -WhatIf"],
        ["Deployment"] = ["Get-Deployment", "Remove-Deployment -WhatIf", "Approve-Deployment -WhatIf", "Export-DeploymentReport report.md -WhatIf", "Get-DeploymentEvidence", "Invoke-Deployment -WhatIf", "Invoke-Rollback -WhatIf", "Test-DeploymentReadiness", "Invoke-DeploymentChecklist -WhatIf"],
        ["EvidenceVerification"] = ["Approve-Deployment -WhatIf", "Test-DeploymentEvidence"],
        ["DeploymentEvidence"] = ["Get-DeploymentEvidence"],
        ["DeploymentApproval"] = ["Get-DeploymentEvidence", "Test-DeploymentEvidence"],
        ["ChecklistItem"] = ["Get-DeploymentEvidence"],
        ["FollowUp"] = ["Get-DeploymentEvidence"],
        ["FollowUpRegistration"] = ["Register-DeploymentFollowUp -WhatIf", "Unregister-DeploymentFollowUp -WhatIf", "Invoke-DeploymentFollowUp -WhatIf"],
        ["RollbackCriterion"] = ["Get-DeploymentEvidence"],
        ["WatchSample"] = ["Get-DeploymentEvidence"],
        ["WatchSummary"] = ["Get-DeploymentEvidence"],
        ["FeedbackReading"] = ["Get-DeploymentFeedback"],
        ["HomeItem"] = ["Get-Backtest", "Get-BacktestProgress"],
        ["SignedHead"] = [],
        ["CheckResult"] = [],
    };

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var (type, takers) in Takers)
                foreach (var taker in takers) pairs.Add(type, taker);
            return pairs;
        }
    }

    [Fact]
    public void The_table_of_who_takes_what_has_every_type_that_a_cmdlet_gives() =>
        Assert.Equal(Samples.OutputTypes.Select(type => type.Name).Order(StringComparer.Ordinal), Takers.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Pairs))]
    public void What_one_cmdlet_gives_the_next_takes_also_out_of_a_job(string type, string taker)
    {
        using var session = new TestSession(new FakeBacktestApi());
        session.Runspace.SessionStateProxy.SetVariable("one", Samples.Of(Samples.OutputTypes.Single(output => output.Name == type)));
        foreach (var given in (string[])["$one", "[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($one, 1))"])
        {
            // What the sample names is not there, so the cmdlet may say so; what it must not say is that it can't take the object.
            var outcome = session.Run($"{given} | {taker}");

            Assert.All(
                outcome.Errors.Concat(outcome.Terminating is { } ended ? [ended] : []),
                error => Assert.True(error.Exception is Contracts.BacktestOpsException, $"{given} | {taker}: {error.FullyQualifiedErrorId}: {error}"));
        }
    }

    private static bool IsScalar(Type type) => !type.IsArray && type != typeof(SwitchParameter) && type != typeof(SecureString) && type != typeof(PSCredential)
        && (type.IsValueType || type == typeof(string) || type == typeof(Uri) || type.IsAssignableTo(typeof(IDictionary)) || type.Namespace?.StartsWith("System.Globalization", StringComparison.Ordinal) == true
            || type.Namespace == "BacktestOps.Contracts");

    private static bool IsByName(PropertyInfo property) => property.GetCustomAttributes<ParameterAttribute>().Any(parameter => parameter.ValueFromPipelineByPropertyName);

    private static bool IsMandatory(PropertyInfo property) => property.GetCustomAttributes<ParameterAttribute>().Any(parameter => parameter.Mandatory);
}
