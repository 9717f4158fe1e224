using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using BacktestOps.Client;
using BacktestOps.Contracts;

namespace BacktestOps.Service.Tests;

/// <summary>The executable as an operator starts it: exit codes, signals, and one line for every failure.</summary>
public sealed class ProcessTests : IDisposable
{
    private const int SigTerm = 15;
    private readonly string _folder = Directory.CreateTempSubdirectory("backtestops-service-").FullName;

    private readonly List<Process> _started = [];

    public void Dispose()
    {
        foreach (var process in _started)
        {
            // A test that failed half-way must not leave its service behind.
            if (!process.HasExited)
                process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = 300_000)] // a run that never ends must fail the test, not hang it
    public async Task It_serves_from_any_working_folder_runs_a_backtest_and_ends_with_0_on_SIGTERM()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        var token = TestContext.Current.CancellationToken;
        var process = Start("--urls", "http://127.0.0.1:0", "--home", Path.Combine(_folder, "home"));
        var address = await AddressOf(process);
        await using (var client = new BacktestClient(address))
        {
            var health = await client.GetHealthAsync(token);
            var run = await client.StartAsync(new BacktestRequest { Symbols = [(await client.GetSymbolsAsync(token))[0].Symbol], Strategy = "SmaCross" }, token);
            while (!run.Status.IsTerminal())
                run = await client.GetProgressAsync(run.BacktestId, token);
            var document = await client.GetResultAsync(run.BacktestId, token);
            using var http = new HttpClient { BaseAddress = address };
            var page = await http.GetStringAsync(new Uri("/specific-stock-selection.html", UriKind.Relative), token);

            Assert.Equal(process.Id, health.Process.Id);
            Assert.Equal(BacktestStatus.Completed, run.Status);
            Assert.Equal((100, run.ResultDigest), (run.Progress, document.Digest));
            Assert.Equal(run.BacktestId, JsonSerializer.Deserialize(document.Content.Span, ContractsJson.Default.BacktestResult)!.BacktestId);
            Assert.Contains("symbol-list", page, StringComparison.Ordinal);
        }

        await SendAsync(process, SigTerm);
        await process.WaitForExitAsync(token);

        Assert.Equal((0, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync(token)));
    }

    [Fact(Timeout = 300_000)] // as above
    public async Task Python_strategies_run_where_their_folder_is_given_and_health_says_what_is_wrong_with_the_interpreter()
    {
        var token = TestContext.Current.CancellationToken;
        var strategies = Directory.CreateDirectory(Path.Combine(_folder, "strategies")).FullName;
        await File.WriteAllTextAsync(Path.Combine(strategies, "hold.py"), "def signals(bars):\n    print('seen in the log')\n    return [1] * len(bars)\n", token);
        var process = Start("--urls", "http://127.0.0.1:0", "--home", Path.Combine(_folder, "home"), "--python-strategies", strategies);
        await using (var client = new BacktestClient(await AddressOf(process)))
        {
            var health = await client.GetHealthAsync(token);
            // On a machine with much to do the first worker may take longer to start than one look waits.
            while (health.Services.PythonWorker != "ready" && !health.Problems.Any(problem => problem.Contains("can't be started", StringComparison.Ordinal)))
                health = await client.GetHealthAsync(token);
            Assert.SkipUnless(health.Services.PythonWorker == "ready", $"There is no Python to test with: {string.Join(' ', health.Problems)}");
            Assert.Equal(("healthy", "ready"), (health.Status, health.Services.PythonWorker));
            Assert.Contains(await client.GetStrategiesAsync(token), strategy => strategy.Name == "py:hold");
            var run = await client.StartAsync(new BacktestRequest { Symbols = ["SP500"], Strategy = "py:hold" }, token);
            while (!run.Status.IsTerminal())
                run = await client.GetProgressAsync(run.BacktestId, token);
            Assert.Equal(BacktestStatus.Completed, run.Status);
        }
        string? line;
        while ((line = await process.StandardOutput.ReadLineAsync(token)) is not null && !line.Contains("seen in the log", StringComparison.Ordinal))
            continue;
        Assert.Contains("hold.py", line, StringComparison.Ordinal);

        var broken = Start("--urls", "http://127.0.0.1:0", "--home", Path.Combine(_folder, "home2"), "--python-strategies", strategies, "--python", "no-such-python");
        await using var other = new BacktestClient(await AddressOf(broken));
        var sick = await other.GetHealthAsync(token);
        Assert.Equal(("unhealthy", "failed"), (sick.Status, sick.Services.PythonWorker));
        Assert.Contains("no-such-python", Assert.Single(sick.Problems), StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)] // as above
    public async Task The_password_of_a_certificate_comes_from_the_environment_and_a_wrong_one_is_not_repeated()
    {
        var token = TestContext.Current.CancellationToken;
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.Combine(_folder, "cert.pfx");
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pkcs12, "hunter2"), token);
        OwnFile.Keep(file);
        string[] arguments = ["--urls", "https://127.0.0.1:0", "--home", Path.Combine(_folder, "home"), "--tls-cert", file];

        var (exitCode, error) = await RunAsync([("BACKTESTOPS_TLS_PASSWORD", "hunter3")], arguments);
        Assert.Equal(1, exitCode);
        Assert.Contains("BACKTESTOPS_TLS_PASSWORD", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", error, StringComparison.Ordinal);

        var address = await AddressOf(Start([("BACKTESTOPS_TLS_PASSWORD", "hunter2")], arguments));
        var thumbprint = certificate.Thumbprint;
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, seen, _, _) => seen?.Thumbprint == thumbprint };
        using var http = new HttpClient(handler);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(address, "/api/symbols"), token)).StatusCode);
    }

    [Fact]
    public async Task A_taken_port_ends_it_with_one_line_and_its_home_untouched()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var home = Path.Combine(_folder, "home");

        var (exitCode, error) = await RunAsync("--urls", $"http://{taken.LocalEndpoint}", "--home", home);

        Assert.Equal(1, exitCode);
        Assert.Contains($"{taken.LocalEndpoint}", error, StringComparison.Ordinal);
        Assert.Contains("--urls", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(home));
    }

    [Fact]
    public async Task A_home_that_is_a_file_ends_it_with_one_line()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        var (exitCode, error) = await RunAsync("--urls", "http://127.0.0.1:0", "--home", file);

        Assert.Equal(1, exitCode);
        Assert.Contains(file, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls", "http://0.0.0.0:3000", "other machines")]
    [InlineData("--port", "3000", "--help")]
    public async Task A_wrong_command_line_ends_it_with_2_and_one_line(string option, string value, string words)
    {
        var (exitCode, error) = await RunAsync(option, value);

        Assert.Equal(2, exitCode);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    private static async Task<Uri> AddressOf(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains("listens on ", StringComparison.Ordinal))
            {
                Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info: ", line);
                return new Uri(line.Split("listens on ")[1].Split(',')[0]);
            }
        }
        throw new InvalidOperationException($"The service ended: {await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
    }

    private static async Task SendAsync(Process process, int signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    private Task<(int ExitCode, string Error)> RunAsync(params string[] arguments) => RunAsync([], arguments);

    private async Task<(int ExitCode, string Error)> RunAsync((string Name, string Value)[] environment, string[] arguments)
    {
        var process = Start(environment, arguments);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        return (process.ExitCode, error);
    }

    private Process Start(params string[] arguments) => Start([], arguments);

    private Process Start((string Name, string Value)[] environment, string[] arguments)
    {
        var assembly = typeof(ServiceHost).Assembly.Location;
        var info = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        info.Environment.Remove("BACKTESTOPS_HOME");
        info.Environment.Remove("BACKTESTOPS_DATA");
        info.Environment.Remove("BACKTESTOPS_PYTHON_STRATEGIES");
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        // What a container image sets must not open a public address beside the one that was asked for.
        info.Environment["ASPNETCORE_HTTP_PORTS"] = "8080";
        var process = Process.Start(info)!;
        _started.Add(process);
        return process;
    }
}
