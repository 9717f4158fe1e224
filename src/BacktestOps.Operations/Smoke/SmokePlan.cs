using BacktestOps.Operations.Health;

namespace BacktestOps.Operations.Smoke;

/// <summary>What a smoke test tries on a service, and what it must see. The defaults fit this project's own service.</summary>
public sealed record SmokePlan
{
    /// <summary>The service's address, for example <c>http://127.0.0.1:3000</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>The version that health must name, as the JSON string it is; null to accept any that is a string.</summary>
    public string? Version { get; init; }

    /// <summary>The fields that the health document must have, with their values.</summary>
    public IReadOnlyList<FieldExpectation> HealthFields { get; init; } =
        [FieldExpectation.FromObject("status", "healthy"), FieldExpectation.FromObject("services.database", "connected")];

    /// <summary>Where the service answers.</summary>
    public SmokeEndpoints Endpoints { get; init; } = new();

    /// <summary>
    /// The JSON that is posted to start a backtest; null to ask the service for its symbols and start a
    /// <c>BuyAndHold</c> of the first one that has data.
    /// </summary>
    public string? StartBody { get; init; }

    /// <summary>True to send an <c>Idempotency-Key</c> with the start. The start is sent once, with or without it.</summary>
    public bool SendIdempotencyKey { get; init; }

    /// <summary>The fields that the result must have.</summary>
    public IReadOnlyList<RequiredField> ResultFields { get; init; } = RequiredField.OfResult;

    /// <summary>The longest time that one answer may take, from the request to the last byte.</summary>
    public TimeSpan ResponseTimeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest time that the whole test may take; what is then not seen is not passed.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The way through the page; <see cref="PagePlan.Skip"/> leaves it inconclusive, null says that the service has no page.</summary>
    public PagePlan? Page { get; init; } = new();
}

/// <summary>The paths of a service; <c>{id}</c> stands for the backtest's id.</summary>
public sealed record SmokeEndpoints
{
    /// <summary>GET: the health document.</summary>
    public string Health { get; init; } = "/api/health";

    /// <summary>POST: starts a backtest.</summary>
    public string Start { get; init; } = "/api/backtest/start";

    /// <summary>GET: how far a backtest is.</summary>
    public string Progress { get; init; } = "/api/backtest/progress?id={id}";

    /// <summary>GET: the result, as a file.</summary>
    public string Result { get; init; } = "/api/backtest/result/{id}";

    /// <summary>GET: the symbols to choose from; asked only where the plan gives no body to start with.</summary>
    public string Symbols { get; init; } = "/api/symbols";
}

/// <summary>The way through the page, by CSS selectors.</summary>
public sealed record PagePlan
{
    /// <summary>The page's path.</summary>
    public string Path { get; init; } = "/specific-stock-selection.html";

    /// <summary>A stock to pick: a checkbox, an option of a list, or something to click. The first match is taken.</summary>
    public string Pick { get; init; } = "#symbol-list input[type=checkbox]";

    /// <summary>What must be there for a strategy to be chosen; null where the page has no such thing.</summary>
    public string? Strategy { get; init; } = "#strategy";

    /// <summary>The button that starts the backtest.</summary>
    public string Start { get; init; } = "#start";

    /// <summary>The progress bar: <c>progress</c>, <c>aria-valuenow</c>, a width in percent, or a text that starts with a number.</summary>
    public string Progress { get; init; } = "#progress";

    /// <summary>The button or link that downloads the result.</summary>
    public string Download { get; init; } = "#download";

    /// <summary>The longest time that one step may take; the bar has the rest of the whole test's time instead.</summary>
    public TimeSpan StepLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>True to leave the page out; its part of the report is then inconclusive.</summary>
    public bool Skip { get; init; }

    /// <summary>
    /// True when a test that could not go through the page is no pass. False leaves such a report's verdict to the rest,
    /// with the inconclusive checks still in it; a page that was seen to fail decides either way.
    /// </summary>
    public bool Required { get; init; } = true;
}
