using BacktestOps.Operations.ServiceProcesses;
using static BacktestOps.Operations.Tests.ServiceProcesses.ServiceHome;

namespace BacktestOps.Operations.Tests.ServiceProcesses;

public sealed class ServiceRecordsTests : IDisposable
{
    private readonly ServiceHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_process_that_got_the_id_of_a_dead_service_is_not_taken_for_it_and_not_ended()
    {
        // This very test process stands for the stranger.
        new ServiceRecords(_home.Folder).Save(Record(3000, Environment.ProcessId, "another boot:1"));

        Assert.False(_home.Services.Find(3000)!.IsRunning);
        await _home.Services.StopAsync(3000, TimeSpan.FromSeconds(1), Token);

        Assert.Null(_home.Services.Find(3000));
    }

    [Fact]
    public void The_same_process_is_recognised_by_its_start()
    {
        var self = ProcessIdentity.Of(Environment.ProcessId)!;
        new ServiceRecords(_home.Folder).Save(Record(3000, self.Id, self.StartMark));

        Assert.True(_home.Services.Find(3000)!.IsRunning);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public void A_file_that_is_no_record_names_no_service(string text)
    {
        Directory.CreateDirectory(Path.Combine(_home.Folder, "services"));
        File.WriteAllText(Path.Combine(_home.Folder, "services", "3000.json"), text);

        Assert.Null(_home.Services.Find(3000));
        Assert.Empty(_home.Services.List());
    }

    [Fact]
    public void Records_are_listed_by_port_and_leave_no_temporary_file()
    {
        var records = new ServiceRecords(_home.Folder);
        foreach (var port in (int[])[10000, 3000, 3001, 3000]) records.Save(Record(port, 1, "x"));

        Assert.Equal([3000, 3001, 10000], _home.Services.List().Select(service => service.Port));
        Assert.Equal(3, _home.Files("services").Length);
    }

    private static ServiceRecord Record(int port, int processId, string mark) => new()
    {
        Uri = new Uri($"http://127.0.0.1:{port}/"),
        Port = port,
        ProcessId = processId,
        StartMark = mark,
        StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Version = "0.1.0",
        LogPath = "service.log",
    };
}
