using System.Diagnostics;
using System.Text.Json;
using BacktestOps.Operations.Files;
using BacktestOps.Operations.ServiceProcesses;

namespace BacktestOps.Operations.Processes;

/// <summary>One thing that is started on behalf of a root.</summary>
internal sealed class StartedThing
{
    private readonly IDisk _disk;
    private readonly string? _path;
    private StartRecord _record;

    internal StartedThing(string token, IDisk disk, string? path, StartRecord record) => (Token, _disk, _path, _record) = (token, disk, path, record);

    /// <summary>The value of <see cref="StartedThings.Variable"/> in its environment.</summary>
    public string Token { get; }

    /// <summary>Hands the token to a process that is about to be started.</summary>
    public void Put(ProcessStartInfo start) => start.Environment[StartedThings.Variable] = Token;

    /// <summary>Writes down which process it became, where its environment can't tell.</summary>
    /// <param name="process">The process.</param>
    public void Started(int process)
    {
        if (ProcessIdentity.Of(process) is not { } identity) return;
        _record = _record with { Process = identity.Id, StartMark = identity.StartMark };
        Write();
    }

    /// <summary>It ended, and nothing is to be ended or removed any more.</summary>
    public void Close()
    {
        if (_path is not null) Forget(_record, _path);
    }

    /// <summary>Ends what still carries its token, removes its temporary folder and what was written down.</summary>
    public async Task EndAsync()
    {
        await StartedThings.EndAsync(token => token == Token, [], TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        Forget(_record, _path);
    }

    /// <summary>Writes the record. When this returns it is on the disk, or the environment must do.</summary>
    internal void Write()
    {
        if (_path is null) return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            _disk.Write(_path, JsonSerializer.SerializeToUtf8Bytes(_record, StartRecordJson.Default.StartRecord));
        }
        catch (Exception error) when (OperatingSystem.IsLinux() && error is IOException or UnauthorizedAccessException)
        {
            // A full disk must not keep what brings the service back from being started, and here the token finds it.
        }
    }

    /// <summary>Removes what was left of a thing: its temporary folder first, so that a record stays as long as there is one.</summary>
    internal static void Forget(StartRecord record, string? path)
    {
        try
        {
            // A record that somebody wrote must not have any folder removed: only one that such a thing would have made.
            if (record.TemporaryFolder is { } folder && Path.GetFileName(folder).StartsWith(StartedThings.TemporaryPrefix, StringComparison.Ordinal) && Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            if (path is not null) File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The record stays, and the next deployment tries again.
        }
    }
}
