using System.Text.Json.Nodes;
using BacktestOps.Operations.Smoke.Browser;
using BacktestOps.Runs;

namespace BacktestOps.Service.Tests.Page;

/// <summary>The real service over the bundled prices, and one browser, for all tests of the page.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backtestops-page-").FullName;
    private BrowserProcess? _browser;
    private ServiceHost? _host;
    private BrowserTurn? _turn;

    /// <summary>Where the service listens.</summary>
    public Uri Address => _host!.Addresses[0];

    /// <summary>A new page as a person sees it first: nothing is remembered of another test's choices.</summary>
    public async Task<PageVisit> VisitAsync(BrowserPageOptions options)
    {
        Assert.SkipWhen(_browser is null, "No Chromium, Chrome or Edge is on this machine; install one or name it in " + BrowserLocator.Variable + ".");
        var tab = await _browser.OpenPageAsync(options, TestContext.Current.CancellationToken);
        var forget = new JsonObject { ["origin"] = Address.GetLeftPart(UriPartial.Authority), ["storageTypes"] = "local_storage" };
        await tab.CommandAsync("Storage.clearDataForOrigin", forget, TestContext.Current.CancellationToken);
        return new PageVisit(tab, new Uri(Address, "/specific-stock-selection.html"));
    }

    /// <summary>A service over other data, on a home and port of its own.</summary>
    public async Task<ServiceHost> StartServiceAsync(string name, string? dataPath, params string[] arguments)
    {
        var options = new RunnerOptions { HomePath = Path.Combine(_folder, name), DataPath = dataPath };
        var host = ServiceHost.Build(
            ServiceOptions.Parse(["--urls", "http://127.0.0.1:0", .. arguments]),
            async cancellationToken =>
            {
                var runner = await BacktestRunner.OpenAsync(options, cancellationToken);
                return new ServiceBackend(runner, runner.GetHealthAsync);
            },
            TimeProvider.System,
            logging => { });
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>A folder that is removed after the tests.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    public async ValueTask InitializeAsync()
    {
        if (BrowserLocator.Find() is not { } executable)
            return;
        _turn = await BrowserTurn.TakeAsync(TestContext.Current.CancellationToken);
        _host = await StartServiceAsync("home", dataPath: null);
        _browser = await BrowserProcess.StartAsync(executable, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _turn?.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
