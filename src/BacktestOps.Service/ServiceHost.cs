using System.Diagnostics.Metrics;
using BacktestOps.Contracts;
using BacktestOps.Service.Access;
using BacktestOps.Service.Endpoints;
using BacktestOps.Service.Http;
using BacktestOps.Service.Observing;
using BacktestOps.Service.OpenApi;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OpenTelemetry.Metrics;

namespace BacktestOps.Service;

/// <summary>The service in a process: binds, opens its backend, answers, stops.</summary>
public sealed partial class ServiceHost : IAsyncDisposable
{
    /// <summary>The largest body that is read, in bytes: thousands of symbols fit.</summary>
    public const int MaxBodyBytes = 256 * 1024;

    private readonly WebApplication _app;
    private readonly ServiceOptions _options;
    private readonly Func<CancellationToken, Task<ServiceBackend>> _open;
    private readonly BackendGate _gate;
    private readonly RunObserver _observer;
    private readonly RequestLog _requests;
    private readonly ILogger _log;

    private ServiceHost(
        WebApplication app, ServiceOptions options, Func<CancellationToken, Task<ServiceBackend>> open, BackendGate gate, RunObserver observer,
        RequestLog requests)
    {
        (_app, _options, _open, _gate, _observer, _requests) = (app, options, open, gate, observer, requests);
        _log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("BacktestOps.Service");
    }

    /// <summary>Where it listens, once started, with the port that was given where 0 was asked for.</summary>
    public IReadOnlyList<Uri> Addresses =>
        [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];

    /// <summary>What is routed, each as a method and a path; HEAD goes with GET.</summary>
    internal IEnumerable<string> Routes =>
        from source in ((IEndpointRouteBuilder)_app).DataSources
        from endpoint in source.Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        where method != HttpMethods.Head
        select $"{method} {endpoint.RoutePattern.RawText}";

    /// <summary>The bodies of the calls that are under way.</summary>
    internal BodyBudget Bodies => _app.Services.GetRequiredService<BodyBudget>();

    /// <summary>Takes what a runner tells of its runs, to the log and the metrics.</summary>
    public Action<BacktestProgress> Observer => _observer.Tell;

    /// <summary>Puts a service together; nothing is bound or opened yet.</summary>
    /// <param name="options">Where to listen.</param>
    /// <param name="open">Opens the backend, once the port is bound.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logging">Says where the log goes; null for the console.</param>
    /// <exception cref="BacktestUnavailableException">The API keys or the certificate can't be read.</exception>
    public static ServiceHost Build(
        ServiceOptions options,
        Func<CancellationToken, Task<ServiceBackend>> open,
        TimeProvider clock,
        Action<ILoggingBuilder>? logging = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(clock);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
        (logging ?? (log => ServiceLogging.ToConsole(log, options.LogsJson)))(builder.Logging);
        var keys = options.ApiKeyFile is { } keyFile ? ApiKeys.Read(keyFile) : null;
        var tls = options.TlsCertificate is { } file
            ? TlsCertificate.Read(file, options.TlsKey, TlsCertificate.TakePassword(options.TlsPasswordFile), clock.GetUtcNow())
            : null;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Listening is decided by the command line alone; a variable of the environment must not open a public address.
            kestrel.Configure();
            foreach (var address in options.Listen)
            {
                kestrel.Listen(address.EndPoint, listen =>
                {
                    if (address.IsTls)
                        listen.UseHttps(tls!.Certificate, https => https.ServerCertificateChain = tls.Chain);
                    EarlyRefusals.Use(listen);
                });
            }

            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        if (tls is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddOpenTelemetry().ConfigureResource(ServiceIdentity.Describe).WithMetrics(metrics => metrics
            .AddMeter(RunObserver.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddPrometheusExporter());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));

        builder.Services.AddSingleton<BodyBudget>();

        var gate = new BackendGate();
        var app = builder.Build();
        var loggers = app.Services.GetRequiredService<ILoggerFactory>();
        var requests = new RequestLog(loggers, gate, clock);
        app.Use(EarlyRefusals.InvokeAsync);
        app.Use(requests.InvokeAsync);
        app.UseMiddleware<ProblemMiddleware>(new HiddenFolders(options, gate));
        app.UseMiddleware<ForeignCallerGuard>(options.IsPublic);
        if (keys is not null)
            app.UseMiddleware<ApiKeyGuard>(keys);
        app.UseRouting();
        BacktestEndpoints.Map(app, gate, loggers);
        EventEndpoints.Map(app, gate, clock);
        CatalogEndpoints.Map(app, gate);
        ChartEndpoints.Map(app, gate);
        HealthEndpoint.Map(app, gate, clock, hidesReasons: keys is not null, options.IsPublic ? new HiddenFolders(options, gate) : null);
        PageEndpoints.Map(app);
        ReferenceEndpoints.Map(app, isGuarded: keys is not null);
        app.MapPrometheusScrapingEndpoint("/metrics");
        var observer = new RunObserver(app.Services.GetRequiredService<IMeterFactory>(), loggers, gate, clock);
        return new ServiceHost(app, options, open, gate, observer, requests);
    }

    /// <summary>Binds the addresses, then opens the backend.</summary>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="BacktestUnavailableException">An address is taken, or the backend can't be opened.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
        {
            throw new BacktestUnavailableException(
                $"Can't listen on {string.Join(", ", _options.Listen.Select(address => $"{(address.IsTls ? "https" : "http")}://{address}"))}: {exception.GetBaseException().Message}.",
                "Stop what listens there, or give another address with --urls.",
                exception);
        }
        var backend = await _open(cancellationToken).ConfigureAwait(false);
        backend.PythonLog?.Open(LogPython);
        _gate.Open(backend);
        WarnOfOpenDoors();
        LogListening(ServiceIdentity.Version, string.Join(", ", Addresses.Select(address => address.GetLeftPart(UriPartial.Authority))), backend.Api.Endpoint, ServiceIdentity.Process.Id);
    }

    /// <summary>Waits until the token or the host ends the service, lets the calls under way end, and stops the backend.</summary>
    /// <param name="cancellationToken">Ends the service.</param>
    public async Task WaitForStopAsync(CancellationToken cancellationToken)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var byToken = cancellationToken.Register(() => stopping.TrySetResult());
        using var byHost = _app.Lifetime.ApplicationStopping.Register(() => stopping.TrySetResult());
        await stopping.Task.ConfigureAwait(false);
        LogStopping();
        await _app.StopAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Stops answering, then stops the backend.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        _requests.Dispose();
        if (_gate.Current is { } backend)
        {
            await backend.Api.DisposeAsync().ConfigureAwait(false);
            LogStopped();
        }
        _observer.Dispose();
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private void WarnOfOpenDoors()
    {
        if (!_options.IsPublic)
            return;
        if (_options.ApiKeyFile is null)
            LogAnonymous();
        else if (_options.Listen.Any(address => address is { IsPublic: true, IsTls: false }))
            LogPlain();
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "BacktestOps {Version} listens on {Addresses}, home {Home}, process {ProcessId}")]
    private partial void LogListening(string version, string addresses, string home, int processId);

    [LoggerMessage(EventId = 6, Level = LogLevel.Information, Message = "Python: {Text}")]
    private partial void LogPython(string text);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Stopping: no new calls are taken")]
    private partial void LogStopping();

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Stopped; runs that were under way go on at the next start")]
    private partial void LogStopped();

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "ANYBODY who reaches this machine can start, cancel and read backtests here: --allow-anonymous was given and no API key is asked for")]
    private partial void LogAnonymous();

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "API keys cross the network readable: an address that other machines can reach has no TLS; use https with --tls-cert")]
    private partial void LogPlain();
}
