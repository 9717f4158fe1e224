using BacktestOps.Client;
using BacktestOps.Contracts;
using BacktestOps.Service.Access;

namespace BacktestOps.Service.Tests;

/// <summary>Who may use the service, and how keys are read.</summary>
public sealed class ApiKeyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backtestops-keys-").FullName;

    private string KeyFile => Path.Combine(_folder, "keys");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Without_its_key_nothing_of_the_api_answers_and_with_it_everything_does()
    {
        var key = ApiKeys.Add(KeyFile, "ops");
        await using var service = await RunningService.StartAsync("--api-key-file", KeyFile);

        foreach (var path in new[] { "/api/symbols", "/api/backtests", "/metrics", "/openapi.json", "/reference.html", "/nope" })
        {
            var none = await service.GetAsync(path);
            Assert.Equal((401, "urn:backtestops:access-denied"), (none.Status, none.Problem.Type));
            Assert.StartsWith("Bearer", none.Headers["WWW-Authenticate"], StringComparison.Ordinal);
            foreach (var wrong in new[] { "Bearer", "Bearer ", $"Bearer {key}x", $"Bearer {key[..^1]}", $"Basic {key}", key })
                Assert.Equal(401, (await service.GetAsync(path, ("Authorization", wrong))).Status);
            Assert.NotEqual(401, (await service.GetAsync(path, ("Authorization", $"Bearer {key}"))).Status);
        }
        foreach (var path in new[] { "/", "/specific-stock-selection.html", "/api/health" })
            Assert.NotEqual(401, (await service.GetAsync(path)).Status);
    }

    [Fact]
    public async Task Health_tells_its_reasons_only_to_who_has_a_key()
    {
        var key = ApiKeys.Add(KeyFile, "ops");
        await using var service = await RunningService.StartAsync("--api-key-file", KeyFile);
        service.Api.Health = service.Api.Health with { Database = new("locked", "The run database '/home/somebody/runs.db' is locked.") };

        Assert.DoesNotContain("/home/somebody", (await service.GetAsync("/api/health")).Text, StringComparison.Ordinal);
        Assert.Contains("/home/somebody", (await service.GetAsync("/api/health", ("Authorization", $"Bearer {key}"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_is_on_behalf_of_the_name_of_its_key_with_and_without_an_idempotency_key()
    {
        var keys = new[] { ApiKeys.Add(KeyFile, "desk"), ApiKeys.Add(KeyFile, "research") };
        await using var service = await RunningService.StartAsync("--api-key-file", KeyFile);
        await using var anonymous = await RunningService.StartAsync();
        var request = new BacktestRequest { Symbols = ["AAPL"], Strategy = "SmaCross" };
        foreach (var key in keys)
        {
            await using var client = new BacktestClient(service.Address, apiKey: key);
            await client.StartAsync(request, Token);
            await client.StartAsync(request, $"start-of-{key[^8..]}", Token);
        }

        await using var nobody = new BacktestClient(anonymous.Address);
        await nobody.StartAsync(request, Token);

        Assert.Equal(["desk", "desk", "research", "research"], service.Api.Callers);
        Assert.Equal([null], anonymous.Api.Callers);
    }

    [Fact]
    public async Task The_client_sends_its_key_and_says_when_it_is_wrong()
    {
        var key = ApiKeys.Add(KeyFile, "ops");
        await using var service = await RunningService.StartAsync("--api-key-file", KeyFile);
        await using var right = new BacktestClient(service.Address, apiKey: key);
        await using var wrong = new BacktestClient(service.Address, apiKey: "bto_wrong");

        Assert.NotEmpty(await right.GetSymbolsAsync(Token));
        var error = await Assert.ThrowsAsync<AccessDeniedException>(() => wrong.GetSymbolsAsync(Token));
        Assert.DoesNotContain("bto_wrong", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_holds_hashes_only_and_is_its_owners()
    {
        string[] keys = [ApiKeys.Add(KeyFile, "one"), ApiKeys.Add(KeyFile, "two")];
        var text = File.ReadAllText(KeyFile);

        Assert.All(keys, key => Assert.DoesNotContain(key[4..], text, StringComparison.Ordinal));
        Assert.Equal(["one", "two"], keys.Select(ApiKeys.Read(KeyFile).Find));
        Assert.Null(ApiKeys.Read(KeyFile).Find(""));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("ops bto_0123456789abcdef")]
    [InlineData("ops sha256:abc")]
    public void A_file_without_proper_hashes_is_refused_and_not_repeated(string text)
    {
        File.WriteAllText(KeyFile, text);
        OwnFile.Keep(KeyFile);
        var error = Assert.Throws<BacktestUnavailableException>(() => ApiKeys.Read(KeyFile));
        Assert.DoesNotContain("bto_0123", error.Message, StringComparison.Ordinal);
        Assert.Contains("--add-api-key", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_for_other_machines_answers_to_any_name()
    {
        await using var service = await RunningService.StartAsync("--urls", "http://0.0.0.0:0", "--api-key-file", AddKey(out var key));
        var local = new UriBuilder(service.Address) { Host = "127.0.0.1" }.Uri;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(local, "/api/symbols"));
        request.Headers.Host = "backtests.example";
        request.Headers.Add("Authorization", $"Bearer {key}");
        using var response = await service.Http.SendAsync(request, Token);
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("666", true)]
    [InlineData("644", true)]
    [InlineData("620", true)]
    [InlineData("600", false)]
    [InlineData("640", false)]
    public async Task A_key_file_that_others_can_use_is_refused_with_its_mode(string mode, bool isRefused)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        if (OperatingSystem.IsWindows()) return;
        AddKey(out _);
        File.SetUnixFileMode(KeyFile, (UnixFileMode)Convert.ToInt32(mode, 8));
        var link = KeyFile + "-link";
        File.CreateSymbolicLink(link, KeyFile);

        foreach (var path in (string[])[KeyFile, link])
        {
            if (!isRefused)
            {
                await using var service = await RunningService.StartAsync("--api-key-file", path);
                continue;
            }

            var fault = await Assert.ThrowsAsync<BacktestUnavailableException>(() => RunningService.StartAsync("--api-key-file", path));
            Assert.Contains($"has the mode {mode}", fault.Message, StringComparison.Ordinal);
            Assert.Contains("chmod 600", fault.RecommendedAction, StringComparison.Ordinal);
        }
    }

    private string AddKey(out string key)
    {
        key = ApiKeys.Add(KeyFile, "ops");
        return KeyFile;
    }
}
