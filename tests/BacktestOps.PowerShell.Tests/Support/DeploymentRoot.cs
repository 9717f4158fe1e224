using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace BacktestOps.PowerShell.Tests.Support;

/// <summary>A plan over releases in archives, with a real process as the service; the process is ended with it.</summary>
/// <param name="folder">Where the plan, the archives and the root are.</param>
internal sealed class DeploymentRoot(string folder) : IDisposable
{
    private readonly int _port = FreePorts.Take();

    /// <summary>The database of a plan that has one.</summary>
    public string Database { get; } = Path.Combine(folder, "runs.db");

    /// <summary>Commands of the build.</summary>
    public IReadOnlyList<string[]> Build { get; set; } = [];

    /// <summary>Makes a release.</summary>
    public (string Version, string Digest) Archive(string version, string start = "")
    {
        var path = Path.Combine(folder, $"app-{version}.zip");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        using (var stream = archive.CreateEntry("service.json").Open())
            JsonSerializer.Serialize(stream, new { version, start });
        return (version, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
    }

    /// <summary>Writes the plan; with a database where there is one.</summary>
    public void WritePlan(params (string Version, string Digest)[] archives)
    {
        var plan = new Dictionary<string, object>
        {
            ["name"] = "cmdlets",
            ["root"] = "root",
            ["source"] = new { zip = "app-{version}.zip", sha256 = archives.ToDictionary(archive => archive.Version, archive => archive.Digest) },
            ["build"] = Build,
            ["files"] = new[] { "service.json" },
            ["service"] = new { start = new[] { "dotnet", Path.Combine(AppContext.BaseDirectory, "BacktestOps.TestService.dll"), "serve", $"{_port}" }, port = _port },
            ["health"] = new { fields = new { status = "healthy" }, process_field = "process.id" },
            ["smoke"] = false,
            ["requirements"] = new { disk_free_bytes = 1 },
        };
        if (File.Exists(Database)) plan["database"] = new { path = "runs.db", accepted_table = "runs", accepted_key = "id" };
        File.WriteAllText(Path.Combine(folder, "deployment.json"), JsonSerializer.Serialize(plan));
    }

    /// <summary>Accepts entries in the database, which is made when it is not there.</summary>
    public void Accept(int count)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"CREATE TABLE IF NOT EXISTS runs (id INTEGER PRIMARY KEY); {string.Concat(Enumerable.Repeat("INSERT INTO runs DEFAULT VALUES;", count))}";
        command.ExecuteNonQuery();
    }

    /// <summary>How many entries there are.</summary>
    public long Count()
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM runs";
        return (long)command.ExecuteScalar()!;
    }

    public void Dispose()
    {
        var record = Path.Combine(folder, "root", "state", "service.json");
        if (!File.Exists(record)) return;
        using var service = Process.GetProcessById(JsonDocument.Parse(File.ReadAllBytes(record)).RootElement.GetProperty("id").GetInt32());
        service.Kill();
        service.WaitForExit();
    }
}
