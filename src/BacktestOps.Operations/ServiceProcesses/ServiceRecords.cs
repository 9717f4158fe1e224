using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BacktestOps.Operations.ServiceProcesses;

/// <summary>What is written down of a service that was started, so that another session finds it.</summary>
internal sealed record ServiceRecord
{
    public required Uri Uri { get; init; }

    public required int Port { get; init; }

    public required int ProcessId { get; init; }

    public required string StartMark { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required string Version { get; init; }

    public string? DataPath { get; init; }

    public required string LogPath { get; init; }

    [JsonIgnore]
    public ProcessIdentity Process => new(ProcessId, StartMark);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ServiceRecord))]
internal sealed partial class ServiceRecordJson : JsonSerializerContext;

/// <summary>The records of a home folder, one file a port: <c>services/3000.json</c>.</summary>
internal sealed class ServiceRecords(string homePath)
{
    private readonly string _folder = Path.Combine(homePath, "services");

    /// <summary>The record of a port; null when there is none that can be read.</summary>
    public ServiceRecord? Find(int port)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(FileOf(port)), ServiceRecordJson.Default.ServiceRecord);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            // A file that is no record names no process, so there is nothing that it could lead to.
            return null;
        }
    }

    /// <summary>All records, by port.</summary>
    public IReadOnlyList<ServiceRecord> List() => !Directory.Exists(_folder) ? [] :
    [
        .. Directory.EnumerateFiles(_folder, "*.json")
            .Select(file => int.TryParse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture, out var port) ? port : 0)
            .Where(port => port > 0)
            .Order()
            .Select(Find)
            .OfType<ServiceRecord>(),
    ];

    /// <summary>Writes a record whole or not at all.</summary>
    public void Save(ServiceRecord record)
    {
        Directory.CreateDirectory(_folder);
        var temporary = Path.Combine(_folder, $".{Guid.NewGuid():N}.tmp");
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(record, ServiceRecordJson.Default.ServiceRecord));
        File.Move(temporary, FileOf(record.Port), overwrite: true);
    }

    public void Remove(int port) => File.Delete(FileOf(port));

    private string FileOf(int port) => Path.Combine(_folder, port.ToString(CultureInfo.InvariantCulture) + ".json");
}
