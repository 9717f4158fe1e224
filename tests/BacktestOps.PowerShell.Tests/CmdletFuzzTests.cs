using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Cmdlets;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests;

/// <summary>Every cmdlet with arguments that nobody means: each call ends in objects or in an error that says what to do, and leaves nothing half done.</summary>
/// <remarks>BACKTESTOPS_CMDLET_FUZZ says how many calls a cmdlet gets; it is printed, with the seed (BACKTESTOPS_SEED).</remarks>
public sealed class CmdletFuzzTests(ITestOutputHelper output)
{
    // What starts processes, changes the machine's schedule or waits for hours: only what it would do is asked for.
    private static readonly string[] OnlyWhatIf =
    [
        "Start-BacktestService", "Register-DeploymentFollowUp", "Unregister-DeploymentFollowUp", "Invoke-Deployment", "Invoke-Rollback", "Resume-Deployment", "Invoke-DeploymentChecklist",
        "Watch-Deployment", "Stop-BacktestService",
    ];

    private static readonly string[] Binding =
        ["ParameterArgument", "ParameterBindingFailed", "CannotConvertArgument", "AmbiguousParameterSet", "MissingMandatoryParameter", "MissingArgument", "InputObject", "PositionalParameterNotFound", "ParameterAlreadyBound"];

    private static readonly string[] Common = [.. PSCmdlet.CommonParameters, .. PSCmdlet.OptionalCommonParameters];

    public static TheoryData<string> Names => [.. typeof(StartBacktestCommand).Assembly.GetTypes()
        .Select(type => type.GetCustomAttribute<CmdletAttribute>()).OfType<CmdletAttribute>().Select(cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_argument_ends_in_a_raw_exception_a_hang_or_a_file_left_behind(string name)
    {
        var calls = Number("BACKTESTOPS_CMDLET_FUZZ", 20);
        var seed = Number("BACKTESTOPS_SEED", Environment.TickCount & int.MaxValue);
        var random = new Random(seed);
        var values = new FuzzedValues(random);
        var (ended, refused, wrong) = (0, 0, new List<string>());
        using var session = new TestSession();
        var command = session.Runspace.SessionStateProxy.InvokeCommand.GetCommand(name, CommandTypes.Cmdlet);
        for (var call = 0; call < calls && wrong.Count < 5; call++)
        {
            var set = command.ParameterSets[random.Next(command.ParameterSets.Count)];
            var given = set.Parameters.Where(parameter => !Common.Contains(parameter.Name) && (parameter.IsMandatory || random.Next(4) == 0))
                .Select(parameter => (parameter.Name, Value: values.For(parameter.ParameterType))).ToList();
            var piped = random.Next(3) > 0 ? [] : random.Next(2) == 0 ? new[] { values.Any() } : [values.Row()];
            var before = Files(session);
            using var pipeline = PowerShellPipeline.Create(session.Runspace);
            pipeline.AddCommand(name);
            foreach (var (parameter, value) in given) pipeline.AddParameter(parameter, value);
            if (set.Parameters.Any(parameter => parameter.Name == "WhatIf") && OnlyWhatIf.Contains(name)) pipeline.AddParameter("WhatIf", true);
            if (set.Parameters.Any(parameter => parameter.Name == "Confirm")) pipeline.AddParameter("Confirm", false);
            var shown = $"seed {seed}, call {call}: {string.Join(" | ", piped.Select(Show))} | {name} {string.Join(' ', given.Select(argument => $"-{argument.Name} {Show(argument.Value)}"))}";
            ErrorRecord? terminating = null;
            try
            {
                // The limit only turns a hang into a failure.
                await Task.Run(() => pipeline.Invoke(piped), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
            }
            catch (RuntimeException error)
            {
                terminating = error.ErrorRecord;
            }
            catch (Exception error) when (error is not (TimeoutException or OperationCanceledException))
            {
                wrong.Add($"{shown}\n    threw {error.GetType().Name}: {error.Message}");
                continue;
            }
            catch (TimeoutException)
            {
                wrong.Add($"{shown} has not ended");
                break;
            }

            foreach (var error in pipeline.Streams.Error.Append(terminating).OfType<ErrorRecord>())
            {
                if (Fault(error) is { } fault) wrong.Add($"{shown}\n    {fault}: {error.FullyQualifiedErrorId}: {error.Exception.GetType().Name}: {error}");
            }

            if (terminating is null) ended++;
            else refused++;
            if (terminating is not null && Files(session).Except(before).FirstOrDefault() is { } left) wrong.Add($"{shown}\n    left {left}");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {ended + refused} calls, {refused} of them ended by an error, seed {seed}; BACKTESTOPS_CMDLET_FUZZ=1000 makes a thousand."));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    // An error is PowerShell's own about binding, or ours with what to do next; no other, and none of them shows code.
    private static string? Fault(ErrorRecord error)
    {
        var text = $"{error} {error.Exception.Message}";
        if (text.Contains("   at ", StringComparison.Ordinal) || text.Contains("Exception:", StringComparison.Ordinal)) return "shows code";
        // PowerShell's own, of an argument that the parameter can't take, before the cmdlet has begun.
        if (Binding.Any(kind => error.FullyQualifiedErrorId.StartsWith(kind, StringComparison.Ordinal))) return null;
        if (error.Exception is not BacktestOpsException) return "is no error of ours";
        return string.IsNullOrWhiteSpace(error.ErrorDetails?.RecommendedAction) ? "does not say what to do" : null;
    }

    private static List<string> Files(TestSession session) => [.. Directory.EnumerateFileSystemEntries(session.Folder, "*", SearchOption.AllDirectories)];

    private static string Show(object? value) => value switch
    {
        null => "$null",
        string text => $"'{string.Concat(text.Select(letter => char.IsControl(letter) ? $"\\u{(int)letter:x4}" : letter.ToString()))}'",
        System.Collections.IDictionary table => $"@{{{string.Join("; ", table.Keys.Cast<object>().Select(key => $"{key} = {Show(table[key])}"))}}}",
        System.Collections.IEnumerable list => $"@({string.Join(", ", list.Cast<object?>().Select(Show))})",
        IFormattable number => $"[{value.GetType().Name}]{number.ToString(null, CultureInfo.InvariantCulture)}",
        _ => value.ToString() ?? "",
    };

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
