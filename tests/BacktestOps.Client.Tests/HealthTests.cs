using System.Net;
using BacktestOps.Contracts;

namespace BacktestOps.Client.Tests;

public sealed class HealthTests
{
    [Theory]
    [InlineData("healthy", HttpStatusCode.OK)]
    [InlineData("unhealthy", HttpStatusCode.ServiceUnavailable)]
    public async Task The_health_document_is_given_whether_healthy_or_not(string status, HttpStatusCode code)
    {
        var sent = new HealthDocument
        {
            Status = status,
            Version = "0.1.0",
            Services = new("connected", "disabled", "ready", "writable"),
            Process = new(42, new DateTimeOffset(2026, 11, 23, 1, 2, 3, TimeSpan.Zero)),
            Timestamp = new DateTimeOffset(2026, 11, 23, 1, 2, 4, TimeSpan.Zero),
            Problems = status == "healthy" ? [] : ["the database is locked"],
        };
        await using var client = new StubService(StubService.Json(sent, ContractsJson.Default.HealthDocument, code)).Client();

        var seen = await client.GetHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(status, seen.Status);
        Assert.Equal(sent.Services, seen.Services);
        Assert.Equal(sent.Process, seen.Process);
        Assert.Equal(sent.Problems, seen.Problems);
    }
}
