using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Files;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.Releases;
using BacktestOps.Operations.Services;
using BacktestOps.TestService;
using Microsoft.Data.Sqlite;

namespace BacktestOps.Operations.Tests.Deployments;

/// <summary>A root, a plan, archives of releases, a database and a free port; real processes; nothing is left behind.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private readonly Dictionary<string, string> _digests = [];

    public Rig(string? root = null)
    {
        Folder = Directory.CreateTempSubdirectory("rig-").FullName;
        Root = root ?? Path.Combine(Folder, "root");
        Port = FreePorts.Take();
        Database = Path.Combine(Folder, "runs.db");
        ServiceProgram = Path.Combine(AppContext.BaseDirectory, "BacktestOps.TestService.dll");
        Tools = new DeploymentTools { Smoke = new HealthJourney() };
    }

    public string Folder { get; }

    public string Root { get; }

    public int Port { get; }

    public string Database { get; }

    public string ServiceProgram { get; }

    public string PlanPath => Path.Combine(Folder, "deployment.json");

    public DeploymentTools Tools { get; set; }

    /// <summary>Further keys of the plan, as JSON; a later one wins.</summary>
    public Dictionary<string, object?> Plan { get; } = [];

    public Dictionary<string, object?> ServiceKeys { get; } = [];

    public Dictionary<string, object?> HealthKeys { get; } = [];

    public DeploymentLayout Layout => new(Read());

    /// <summary>An archive of a version, whose service behaves as its settings say.</summary>
    public Rig Version(string version, params (string Name, object Value)[] settings)
    {
        var path = Path.Combine(Folder, $"app-{version}.zip");
        File.Delete(path);
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            var content = settings.Prepend(("version", version)).GroupBy(setting => setting.Item1).ToDictionary(setting => setting.Key, setting => setting.Last().Item2);
            using var stream = archive.CreateEntry("service.json").Open();
            JsonSerializer.Serialize(stream, content);
        }

        _digests[version] = ReleaseManifest.Digest(path);
        return this;
    }

    /// <summary>An archive of a version with these bytes; the plan has their digest.</summary>
    public void Archive(string version, byte[] bytes)
    {
        var path = Path.Combine(Folder, $"app-{version}.zip");
        File.WriteAllBytes(path, bytes);
        _digests[version] = ReleaseManifest.Digest(path);
    }

    /// <summary>The plan has no digest of the version any more.</summary>
    public void Forget(string version) => _digests.Remove(version);

    public string LiveFile(string name) => Path.Combine(Layout.ReleaseFolder(Layout.LiveRelease()!), name);

    public void SecretsFile(string text, string mode)
    {
        var path = Path.Combine(Folder, "secrets");
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
        ServiceKeys["secrets_file"] = path;
    }

    public void Disk(IDisk disk) => Tools = Tools with { Disk = disk };

    public void DatabaseText(string text)
    {
        File.WriteAllText(Database, text);
        Plan["database"] = new Dictionary<string, object> { ["path"] = Database };
    }

    public void CurrentAsFolder()
    {
        File.Delete(Layout.Current);
        Directory.CreateDirectory(Layout.Current);
    }

    public Rig WithDatabase(int rows, bool damage = false)
    {
        Fill(rows);
        if (damage)
        {
            using var file = File.OpenWrite(Database);
            file.Position = 4096 + 16;
            file.Write(Enumerable.Repeat((byte)0xEE, 2048).ToArray());
        }

        Plan["database"] = new Dictionary<string, object> { ["path"] = Database, ["accepted_table"] = "runs", ["accepted_key"] = "id" };
        return this;
    }

    /// <summary>From the start of the service's process, of the live release and on a port of its own, to its first healthy answer.</summary>
    public async Task<TimeSpan> MeasureStartAsync()
    {
        var port = FreePorts.Take();
        var begin = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [ServiceProgram, "serve", port.ToString(CultureInfo.InvariantCulture)])
        {
            WorkingDirectory = Layout.ReleaseFolder(Layout.LiveRelease()!), RedirectStandardOutput = true,
        })!;
        try
        {
            using var http = new HttpClient();
            while (true)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
                Assert.False(process.HasExited, "The service ended.");
                try
                {
                    if ((await http.GetAsync(new Uri($"http://127.0.0.1:{port}/api/health"))).IsSuccessStatusCode) return Stopwatch.GetElapsedTime(begin);
                }
                catch (HttpRequestException)
                {
                    await Task.Yield();
                }
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private void Fill(int rows)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            PRAGMA journal_mode = WAL; CREATE TABLE runs (id TEXT PRIMARY KEY);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) INSERT INTO runs SELECT 'run-' || i FROM n;
            """;
        command.ExecuteNonQuery();
    }

    public long CountRuns()
    {
        using var connection = SqliteFile(Database);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM runs";
        return (long)command.ExecuteScalar()!;
    }

    public string DatabaseIntegrity()
    {
        using var connection = SqliteFile(Database);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return (string)command.ExecuteScalar()!;
    }

    public DeploymentPlan Read()
    {
        var service = new Dictionary<string, object?>
        {
            ["start"] = new[] { "dotnet", ServiceProgram, "serve", $"{Port}", Database },
            ["port"] = Port,
            ["stop_timeout"] = "3s",
        };
        foreach (var (key, value) in ServiceKeys) service[key] = value;
        var health = new Dictionary<string, object?>
        {
            ["fields"] = new Dictionary<string, object> { ["status"] = "healthy" },
            ["process_field"] = "process.id",
            ["timeout"] = "60s",
        };
        foreach (var (key, value) in HealthKeys) health[key] = value;
        var plan = new Dictionary<string, object?>
        {
            ["name"] = "rig",
            ["root"] = Root,
            ["source"] = new Dictionary<string, object> { ["zip"] = Path.Combine(Folder, "app-{version}.zip"), ["sha256"] = _digests },
            ["files"] = new[] { "service.json" },
            ["service"] = service,
            ["health"] = health,
            ["smoke"] = new Dictionary<string, object> { ["page"] = false },
            ["requirements"] = new Dictionary<string, object> { ["disk_free_bytes"] = 65536 },
        };
        foreach (var (key, value) in Plan) plan[key] = value;
        File.WriteAllText(PlanPath, JsonSerializer.Serialize(plan));
        return PlanReader.Read(PlanPath);
    }

    public Deployer Deployer() => new(Read(), Tools);

    public Task<Deployment> DeployAsync(string version) =>
        Deployer().DeployAsync(new DeployRequest { Version = version }, cancellationToken: TestContext.Current.CancellationToken);

    public IServiceHost Host()
    {
        var plan = Read();
        var layout = new DeploymentLayout(plan);
        return Tools.Host?.Invoke(plan, layout, Tools) ?? ServiceHosts.For(plan, layout, Tools);
    }

    /// <summary>The processes of the service that live.</summary>
    public async Task<IReadOnlyList<ServiceMember>> MembersAsync() => await Host().FindAsync(CancellationToken.None);

    /// <summary>What every end must look like: one release live and healthy, nothing else alive, lock free, journal closed.</summary>
    public async Task AssertSoundAsync(string version)
    {
        var live = Layout.LiveRelease();
        Assert.EndsWith("-" + version, live, StringComparison.Ordinal);
        var members = await MembersAsync();
        Assert.NotEmpty(members);
        Assert.All(members, member => Assert.Equal(live, member.Release));
        var look = await new HealthGate(Read(), Host(), Tools).LookAsync(version, live!, CancellationToken.None);
        Assert.True(look.Verdict == Verdict.Pass, string.Join("\n", look.Checks));
        Assert.Null(DeploymentLock.Holder(Layout.LockFile));
        var history = DeploymentHistory.Read(Layout);
        Assert.Null(history.OpenId);
        // What the ledger says last of each deployment is how it ended.
        var ends = new EvidenceLedger(Layout.Ledger, TimeProvider.System).Read().Where(record => record.Kind == EvidenceKind.Deployment).ToLookup(record => record.Deployment);
        Assert.All(history.Deployments(), ended => Assert.Equal(Facts.Write(ended.Outcome), ends[ended.Id].LastOrDefault()?.Observed));
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Root)) await Host().StopAsync(CancellationToken.None);
        Directory.Delete(Folder, recursive: true);
    }

    private static SqliteConnection SqliteFile(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }
}
