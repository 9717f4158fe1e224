using System.Text.Json;
using System.Text.Json.Serialization;
using BacktestOps.Operations.Files;

namespace BacktestOps.Operations.Services;

/// <summary>What is written down of the process that was started last. It only helps: the truth is in the process table.</summary>
internal sealed record ServiceProcessRecord(int Id, string StartMark, string Release, string LogPath)
{
    /// <summary>Reads the record; null when there is none that can be read.</summary>
    public static ServiceProcessRecord? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), ServiceProcessJson.Default.ServiceProcessRecord) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the record.</summary>
    public void Write(IDisk disk, string path)
    {
        try
        {
            disk.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, ServiceProcessJson.Default.ServiceProcessRecord));
        }
        catch (IOException) when (OperatingSystem.IsLinux())
        {
            // A full disk must not keep the service from being started, and here its mark finds it.
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ServiceProcessRecord))]
internal sealed partial class ServiceProcessJson : JsonSerializerContext;
