using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Binding;
using BacktestOps.PowerShell.Completion;
using BacktestOps.PowerShell.Pipeline;
using BacktestOps.PowerShell.Resources;
using BacktestOps.PowerShell.Saving;

namespace BacktestOps.PowerShell.Cmdlets;

/// <summary>Save-BacktestResult: writes result documents to files, byte for byte as they were published.</summary>
[Cmdlet(
    VerbsData.Save, "BacktestResult",
    DefaultParameterSetName = "Path", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class SaveBacktestResultCommand : BacktestCmdlet
{
    private readonly HashSet<string> _saved = [];
    private readonly ResultWarnings _warnings;

    /// <summary>Makes the command.</summary>
    public SaveBacktestResultCommand() => _warnings = new(WriteWarning);

    /// <summary>The ids of the runs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("BacktestId")]
    [BacktestIdTransformation]
    [ArgumentCompleter(typeof(CompletedBacktestIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    /// <summary>A folder, which takes the file name from the service, or a file. The current location when absent.</summary>
    [Parameter(Position = 1, ParameterSetName = "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = ".";

    /// <summary>The same, with no character taken as a wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")]
    [Alias("LP")]
    [ValidateNotNullOrEmpty]
    public string LiteralPath { get; set; } = "";

    /// <summary>Writes the file with every variant of a sweep as well.</summary>
    [Parameter]
    public SwitchParameter IncludeVariants { get; set; }

    /// <summary>Replaces a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Gives the files that were written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override object? Subject => ParameterSetName == "LiteralPath" ? LiteralPath : Path;

    /// <inheritdoc/>
    protected override async Task ProcessAsync()
    {
        var destination = ParameterSetName == "LiteralPath" ? ResolveFolder(LiteralPath) : ResolveWildcards(Path);
        var api = await GetApiAsync();
        foreach (var id in Id)
        {
            await ForItemAsync(id, async () =>
            {
                var document = await api.GetResultAsync(id, StopToken);
                var file = new ResultFile(document, destination);
                if (!ShouldProcess(file.Path, Messages.SaveResultAction)) return;
                await file.WriteAsync(Force && !_saved.Contains(file.Path), StopToken);
                _warnings.Tell(document);
                Tell(file.Path, document.Digest, id);
                if (IncludeVariants) await SaveVariantsAsync(api, id, file.Path);
            });
        }
    }

    private async Task SaveVariantsAsync(IBacktestApi api, string id, string resultPath)
    {
        using var document = await api.OpenVariantsAsync(id, StopToken);
        var file = new VariantsFile(document, resultPath);
        await file.WriteAsync(Force && !_saved.Contains(file.Path), StopToken);
        Tell(file.Path, document.Digest, id);
    }

    private void Tell(string path, string digest, string id)
    {
        _saved.Add(path);
        WriteVerbose(Messages.Saved.With(path, new FileInfo(path).Length, digest));
        if (PassThru) WriteObject(GetFile(path, id));
    }

    private string ResolveWildcards(string path)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path)) return ResolveFolder(WildcardPattern.Unescape(path));
        var found = FileSystemPath.Match(SessionState, path);
        return found.Count == 1 ? found[0] : throw new ModuleException(
            "PathNotUnique",
            ErrorCategory.InvalidArgument,
            Messages.PathNotUnique.With(path, found.Count),
            Messages.PathNotUniqueAction);
    }
}
