using System.Management.Automation;
using System.Management.Automation.Runspaces;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Cmdlets;
using BacktestOps.PowerShell.Sessions;

namespace BacktestOps.PowerShell.Tests.Support;

/// <summary>A runspace with the module's cmdlets, and a folder of its own that is its location.</summary>
internal sealed class TestSession : IDisposable
{
    // The first session state of a process fills PowerShell's cache of what its own assembly has: first the cmdlets, then the providers,
    // without a lock. A second one made between the two has no providers, so no drives and no location. A static constructor runs once.
    static TestSession() => _ = InitialSessionState.CreateDefault2();

    public TestSession(IBacktestApi? api = null)
    {
        Folder = Directory.CreateTempSubdirectory("backtestops-ps-").FullName;
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([typeof(StartBacktestCommand).Assembly.Location]);
        state.Commands.Add(new SessionStateCmdletEntry("Select-FirstOne", typeof(SelectFirstOneCommand), null));
        state.Formats.Add(new SessionStateFormatEntry(ModuleFile("BacktestOps.format.ps1xml")));
        state.Types.Add(new SessionStateTypeEntry(ModuleFile("BacktestOps.types.ps1xml")));
        Host = new CapturingHost();
        Runspace = RunspaceFactory.CreateRunspace(Host, state);
        Runspace.Open();
        Runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(Folder));
        if (api is not null) State.ConnectAsync(new SessionConnection(new Uri("http://fake.example"), api)).AsTask().Wait();
    }

    public Runspace Runspace { get; }

    public CapturingHost Host { get; }

    public string Folder { get; }

    public BacktestSession State => BacktestSession.For(Runspace);

    public static string ModuleFile(string name) => Path.Combine(AppContext.BaseDirectory, "module", name);

    public PowerShellPipeline Pipeline(string script)
    {
        var pipeline = PowerShellPipeline.Create(Runspace);
        pipeline.AddScript(script);
        return pipeline;
    }

    /// <summary>Runs a script. An error that ends its statement ends the whole here, so that the two kinds can be told apart.</summary>
    public Outcome Run(string script)
    {
        using var pipeline = Pipeline($"try {{\n{script}\n}} catch {{ throw }}");
        using var output = new PSDataCollection<PSObject>();
        ErrorRecord? terminating = null;
        try
        {
            pipeline.Invoke(null, output);
        }
        catch (RuntimeException error)
        {
            terminating = error.ErrorRecord;
        }

        var streams = pipeline.Streams;
        return new Outcome([.. output], [.. streams.Error], [.. streams.Progress], [.. streams.Warning], terminating);
    }

    public void Dispose()
    {
        Runspace.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>What a script gave.</summary>
internal sealed record Outcome(
    IReadOnlyList<PSObject> Output,
    IReadOnlyList<ErrorRecord> Errors,
    IReadOnlyList<ProgressRecord> Progress,
    IReadOnlyList<WarningRecord> Warnings,
    ErrorRecord? Terminating)
{
    public IReadOnlyList<T> As<T>() => [.. Output.Select(item => Assert.IsType<T>(item.BaseObject))];

    public Outcome WithoutErrors()
    {
        Assert.Null(Terminating?.Exception);
        Assert.Empty(Errors.Select(error => error.ToString()));
        return this;
    }

    public ErrorRecord OnlyError()
    {
        Assert.Null(Terminating?.Exception);
        return Assert.Single(Errors);
    }
}

/// <summary>Takes one object and ends the pipeline, as Select-Object -First 1 does, which the core of PowerShell lacks.</summary>
[Cmdlet("Select", "FirstOne")]
public sealed class SelectFirstOneCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        WriteObject(InputObject);
        var stop = typeof(PSObject).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!;
        throw (Exception)Activator.CreateInstance(stop, this)!;
    }
}
