using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BacktestOps.Contracts;
using BacktestOps.Operations.Deployments;
using BacktestOps.Operations.Smoke.Browser;

namespace BacktestOps.Operations.Smoke;

/// <summary>What the page asked for and what it complained of, as the browser's Network tab and console show it.</summary>
internal sealed class PageRequests(SmokePlan plan, SmokeLedger ledger, BrowserPage tab)
{
    private const string Icon = "/favicon.ico";

    /// <summary>The requests that went over the network, in order.</summary>
    public IReadOnlyList<NetworkRecord> Listed { get; private set; } = [];

    /// <summary>What went wrong so far.</summary>
    public IReadOnlyList<string> Troubles() =>
        [.. tab.Network.Where(HasFailed).Select(Describe), .. Complaints()];

    public string Describe(NetworkRecord record) =>
        $"{record.Method} {record.Address.PathAndQuery} {(record.Failure is { } failure ? $"failed: {failure}"
            : record.Status is { } status ? $"answered {status.ToString(CultureInfo.InvariantCulture)}" : "was not answered")}";

    /// <summary>Lists every request, and judges them and the console.</summary>
    /// <param name="address">The page.</param>
    /// <param name="downloadTime">How long the download took, from the click; null when there was none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task JudgeAsync(Uri address, TimeSpan? downloadTime, CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        Listed =
        [
            .. tab.Network.Where(record => record.Address.Scheme is "http" or "https")
                .Select(record => record is { Initiator: NetworkRecorder.Download, Duration: null }
                    ? record with { Duration = downloadTime }
                    : record),
        ];
        var failed = Listed.Where(record => HasFailed(record) || IsUnanswered(record)).Select(Describe).ToList();
        var lines = string.Join('\n', Listed.Select(Line));
        IReadOnlyList<Artifact> kept =
        [
            ledger.Keep("page-requests.json", "application/json", Encoding.UTF8.GetBytes(Json().ToJsonString())),
            ledger.Keep("page-requests.txt", "text/plain", Encoding.UTF8.GetBytes(lines)),
        ];
        if (Listed.Count == 0) ledger.Unseen("page: requests", address.ToString(), "every request answered below 400", "no request was seen");
        else
            ledger.Decide(
                failed.Count == 0, "page: requests", address.ToString(), "every request answered below 400",
                $"{Facts.Many(Listed.Count, "request")}, {failed.Count} failed", kept, failed.Count == 0 ? lines : $"{string.Join("; ", failed)}\n{lines}",
                "Correct the address that the page calls, or the service that it calls.", Listed.Count);
        var complaints = Complaints();
        var quiet = complaints.Count == 0;
        ledger.Decide(
            quiet, "page: console", address.ToString(), "no error", quiet ? "no error" : Facts.Many(complaints.Count, "error"), [],
            quiet ? null : string.Join("; ", complaints), "Read the named script; open the page with the browser's tools to see more.");
    }

    // The browser asks for an icon that no page named; a Network tab does not list that one either.
    private static bool IsIcon(NetworkRecord record) => record is { Initiator: "Other", Address.AbsolutePath: Icon };

    private static bool HasFailed(NetworkRecord record) => !IsIcon(record) && (record.Status >= 400 || record.Failure is not null);

    // A stream of events is answered and never ends.
    private static bool IsUnanswered(NetworkRecord record) => !IsIcon(record) && record is { Status: null, WasCanceled: false };

    private static string Line(NetworkRecord record) => string.Join(
        ' ',
        record.Status?.ToString(CultureInfo.InvariantCulture) ?? record.Failure ?? "-",
        record.Method,
        record.Address.PathAndQuery,
        record.Initiator,
        record.MediaType ?? "-",
        record.Duration is { } time ? Units.Milliseconds(time) : "-");

    private List<string> Complaints() => [.. tab.Complaints.Where(complaint => !complaint.EndsWith(Icon, StringComparison.Ordinal))];

    /// <summary>Gives requests that are under way the time that an answer may take.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var patience = new TimeBudget(plan.ResponseTimeLimit, ledger.Clock);
        while (patience.Remaining > TimeSpan.Zero && tab.Network.Any(record => record.Address.Scheme is "http" or "https" && IsUnanswered(record)))
            await Task.Delay(PageStepper.Look, ledger.Clock, cancellationToken).ConfigureAwait(false);
    }

    private JsonArray Json() => new([.. Listed.Select(record => new JsonObject
    {
        ["address"] = record.Address.ToString(),
        ["method"] = record.Method,
        ["initiator"] = record.Initiator,
        ["status"] = record.Status,
        ["media_type"] = record.MediaType,
        ["duration_ms"] = record.Duration?.TotalMilliseconds,
        ["failure"] = record.Failure,
        ["was_canceled"] = record.WasCanceled,
    })]);
}
