using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using BacktestOps.Operations.Files;
using BacktestOps.Operations.ServiceProcesses;

namespace BacktestOps.Operations.Processes;

/// <summary>
/// What was started on behalf of one root, and is to be ended when whoever started it is gone. Before a thing is started it is written
/// down with a token; the token goes to its environment, which all that it starts inherits, whatever session or parent that has later.
/// </summary>
/// <remarks>
/// The token names who started the thing: <c>scope/kind/process/start/id</c>. What was started under the root's lock is nobody's as soon as
/// another has the lock. What was started without it is somebody's for as long as the process that started it lives.
/// </remarks>
internal sealed class StartedThings
{
    /// <summary>The variable with the token.</summary>
    public const string Variable = "BACKTESTOPS_DEPLOYMENT_TOKEN";

    /// <summary>The variable that marks the processes of a deployed service: none of these is ever ended here.</summary>
    public const string ServiceMark = "BACKTESTOPS_RELEASE";

    /// <summary>What the names of temporary folders begin with that are removed with what they were made for.</summary>
    public const string TemporaryPrefix = "backtestops-";

    private const string UnderLock = "lock";
    private const string Aside = "aside";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly AsyncLocal<StartedThings?> s_current = new();
    private static readonly StartedThings s_nobodys = new("-", null, new LocalDisk(), hasLock: false);

    private readonly string _scope;
    private readonly string? _folder;
    private readonly IDisk _disk;
    private readonly string _kind;

    /// <summary>Names the root.</summary>
    /// <param name="scope">Tells the root apart from all others.</param>
    /// <param name="folder">Where things are written down; null to write nothing.</param>
    /// <param name="disk">Where that is.</param>
    /// <param name="hasLock">True when the caller has the root's lock as long as it starts things.</param>
    public StartedThings(string scope, string? folder, IDisk disk, bool hasLock) =>
        (_scope, _folder, _disk, _kind) = (scope, folder, disk, hasLock ? UnderLock : Aside);

    /// <summary>On whose behalf things are started here: it goes down with the call, so that whatever starts a browser does so for the deployment that asked.</summary>
    public static StartedThings Current => s_current.Value ?? s_nobodys;

    /// <summary>Makes this the current one until the answer is disposed.</summary>
    public IDisposable Enter()
    {
        var before = s_current.Value;
        s_current.Value = this;
        return new Leave(before);
    }

    /// <summary>Writes down a thing that is about to be started.</summary>
    /// <param name="what">What it is, for people.</param>
    /// <param name="temporaryFolder">A folder that it will use and that goes with it; null for none.</param>
    public StartedThing Begin(string what, string? temporaryFolder = null)
    {
        var own = ProcessIdentity.Of(Environment.ProcessId)!;
        var token = string.Create(CultureInfo.InvariantCulture, $"{_scope}/{_kind}/{own.Id}/{own.StartMark}/{Guid.NewGuid():N}");
        var thing = new StartedThing(token, _disk, _folder is null ? null : Path.Combine(_folder, token[(token.LastIndexOf('/') + 1)..] + ".json"), new StartRecord(token, what, null, null, temporaryFolder));
        thing.Write();
        return thing;
    }

    /// <summary>
    /// Ends what an earlier process left, and returns when it is gone: processes, temporary folders, and what was written down of them.
    /// The caller has the root's lock.
    /// </summary>
    /// <returns>How many processes were ended, and those that could not be.</returns>
    public async Task<(int Ended, IReadOnlyList<int> Left)> EndAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var records = Records();
        var owned = records.Where(record => IsLeftover(record.Token)).ToList();
        var (ended, left) = await EndAsync(
            IsLeftover,
            [.. owned.Where(record => record is { Process: not null, StartMark: not null }).Select(record => new ProcessIdentity(record.Process!.Value, record.StartMark!))],
            clock, cancellationToken).ConfigureAwait(false);
        if (left.Count == 0)
        {
            foreach (var record in owned) StartedThing.Forget(record, PathOf(record));
        }

        return (ended, left);
    }

    /// <summary>Ends processes by their token, with what they started, until none is left or it takes too long.</summary>
    internal static async Task<(int Ended, IReadOnlyList<int> Left)> EndAsync(
        Func<string, bool> isMeant, IReadOnlyList<ProcessIdentity> recorded, TimeProvider clock, CancellationToken cancellationToken)
    {
        var begin = clock.GetTimestamp();
        var seen = new HashSet<ProcessIdentity>(recorded.Where(process => process.IsAlive() && ProcessTable.Variable(process.Id, ServiceMark) is null));
        while (true)
        {
            seen.UnionWith(MarkedProcesses.Find(Variable, isMeant, ServiceMark));
            var left = seen.Where(process => process.IsAlive()).ToList();
            if (left.Count == 0) return (seen.Count, []);
            if (clock.GetElapsedTime(begin) > Patience) return (seen.Count - left.Count, [.. left.Select(process => process.Id)]);
            foreach (var process in left) TryKill(process);
            await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void TryKill(ProcessIdentity process)
    {
        try
        {
            DetachedProcess.Kill(process);
        }
        catch (ServiceProcessException)
        {
            // It belongs to another user: it stays among those that are left, and is told of.
        }
    }

    private bool IsLeftover(string token)
    {
        var parts = token.Split('/');
        if (parts.Length < 5 || string.Join('/', parts[..^4]) != _scope) return false;
        if (parts[^4] == UnderLock) return true;
        return !int.TryParse(parts[^3], NumberStyles.None, CultureInfo.InvariantCulture, out var id) || !new ProcessIdentity(id, parts[^2]).IsAlive();
    }

    private string PathOf(StartRecord record) => Path.Combine(_folder!, record.Token[(record.Token.LastIndexOf('/') + 1)..] + ".json");

    private List<StartRecord> Records()
    {
        var records = new List<StartRecord>();
        if (_folder is null || !Directory.Exists(_folder)) return records;
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            if (StartRecord.Read(path) is { } record && PathOf(record) == path) records.Add(record);
            // Killed while it was written: nothing was started by it.
            else File.Delete(path);
        }

        return records;
    }

    private sealed class Leave(StartedThings? before) : IDisposable
    {
        public void Dispose() => s_current.Value = before;
    }
}

/// <summary>What was written down of a thing before it was started.</summary>
/// <param name="Token">Its token.</param>
/// <param name="What">What it is, for people.</param>
/// <param name="Process">Its process id, where no environment can be read.</param>
/// <param name="StartMark">When that process started.</param>
/// <param name="TemporaryFolder">A folder that goes with it.</param>
internal sealed record StartRecord(string Token, string What, int? Process, string? StartMark, string? TemporaryFolder)
{
    /// <summary>Reads a record; null where there is none that can be read.</summary>
    public static StartRecord? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), StartRecordJson.Default.StartRecord) is { Token.Length: > 0 } record ? record : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StartRecord))]
internal sealed partial class StartRecordJson : JsonSerializerContext;
