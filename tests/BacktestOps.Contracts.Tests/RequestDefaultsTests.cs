using System.Text.Json;

namespace BacktestOps.Contracts.Tests;

public sealed class RequestDefaultsTests
{
    [Fact]
    public void A_request_in_JSON_has_the_same_defaults_as_one_in_code()
    {
        var read = JsonSerializer.Deserialize("""{"symbols": ["AAPL"], "strategy": "SmaCross"}""", ContractsJson.Default.BacktestRequest)!;
        var made = new BacktestRequest { Symbols = ["AAPL"], Strategy = "SmaCross" };

        Assert.Equal(
            JsonSerializer.Serialize(made, ContractsJson.Default.BacktestRequest),
            JsonSerializer.Serialize(read, ContractsJson.Default.BacktestRequest));
        Assert.Equal(100_000, read.InitialCash);
    }

    [Fact]
    public void Health_without_a_list_of_problems_has_an_empty_one()
    {
        const string Json = """
            {"status": "healthy", "version": "1", "timestamp": "2026-01-01T00:00:00Z", "process": {"id": 1, "started_at": "2026-01-01T00:00:00Z"},
             "services": {"database": "connected", "python_worker": "disabled", "market_data": "ready", "result_store": "writable"}}
            """;

        Assert.Empty(JsonSerializer.Deserialize(Json, ContractsJson.Default.HealthDocument)!.Problems);
    }
}
