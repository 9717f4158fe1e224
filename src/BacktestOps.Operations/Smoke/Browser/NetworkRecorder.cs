using System.Text.Json;

namespace BacktestOps.Operations.Smoke.Browser;

/// <summary>Makes records of the protocol's network events, in the order of the requests. Of a download no time is known.</summary>
internal sealed class NetworkRecorder
{
    /// <summary>The initiator of what the browser fetches outside the page.</summary>
    public const string Download = "Download";

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];

    public IReadOnlyList<NetworkRecord> Records
    {
        get
        {
            lock (_lock) return [.. _entries.Select(entry => entry.Record)];
        }
    }

    public void Handle(string method, JsonElement parameters)
    {
        lock (_lock)
        {
            switch (method)
            {
                case "Network.requestWillBeSent":
                    // A redirect comes as a new request of the same id that carries the answer of the one before.
                    if (parameters.TryGetProperty("redirectResponse", out var redirect)) Update(parameters, record => Answered(record, redirect));
                    Add(parameters);
                    break;
                case "Fetch.requestPaused":
                    AddDownload(parameters);
                    break;
                case "Network.responseReceived":
                    Update(parameters, record => Answered(record, parameters.GetProperty("response")));
                    break;
                case "Network.loadingFinished":
                    Update(parameters, record => record with { HasEnded = true });
                    break;
                case "Network.loadingFailed":
                    Update(parameters, record => Failed(record, parameters));
                    break;
            }
        }
    }

    /// <summary>Adds what the browser fetches outside the page: a download, which the Network domain does not tell of.</summary>
    private void AddDownload(JsonElement parameters)
    {
        var id = parameters.TryGetProperty("networkId", out var network) ? network.GetString()! : parameters.GetProperty("requestId").GetString()!;
        if (_entries.Exists(entry => entry.Id == id)) return;
        var request = parameters.GetProperty("request");
        var headers = parameters.TryGetProperty("responseHeaders", out var received)
            ? received.EnumerateArray().GroupBy(header => header.GetProperty("name").GetString()!.ToLowerInvariant())
                .ToDictionary(group => group.Key, group => group.Last().GetProperty("value").GetString()!)
            : [];
        _entries.Add(new Entry(id, double.NaN)
        {
            Record = new NetworkRecord
            {
                Address = new Uri(request.GetProperty("url").GetString()!),
                Method = request.GetProperty("method").GetString()!,
                Initiator = Download,
                RequestId = id,
                HasEnded = true,
                Status = parameters.TryGetProperty("responseStatusCode", out var status) ? status.GetInt32() : null,
                MediaType = headers.TryGetValue("content-type", out var type) ? type.Split(';')[0].Trim() : null,
                Failure = parameters.TryGetProperty("responseErrorReason", out var reason) ? reason.GetString() : null,
                Headers = headers,
            },
        });
    }

    private static NetworkRecord Failed(NetworkRecord record, JsonElement parameters)
    {
        var canceled = parameters.TryGetProperty("canceled", out var flag) && flag.GetBoolean();
        return record with
        {
            HasEnded = true, WasCanceled = canceled, Failure = canceled ? null : parameters.GetProperty("errorText").GetString(),
        };
    }

    private static NetworkRecord Answered(NetworkRecord record, JsonElement response) => record with
    {
        Status = response.GetProperty("status").GetInt32(),
        MediaType = response.GetProperty("mimeType").GetString(),
        Headers = response.GetProperty("headers").EnumerateObject()
            .GroupBy(header => header.Name.ToLowerInvariant())
            .ToDictionary(headers => headers.Key, headers => headers.Last().Value.GetString() ?? ""),
    };

    private void Add(JsonElement parameters)
    {
        var request = parameters.GetProperty("request");
        var id = parameters.GetProperty("requestId").GetString()!;
        // The two domains tell of one request in either order: what looked like a download was the page's own request.
        var early = _entries.FindIndex(entry => entry.Id == id && entry.Record.Initiator == Download);
        var added = new Entry(id, parameters.GetProperty("timestamp").GetDouble())
        {
            Record = new NetworkRecord
            {
                Address = new Uri(request.GetProperty("url").GetString()!),
                Method = request.GetProperty("method").GetString()!,
                RequestId = id,
                Initiator = parameters.TryGetProperty("type", out var type) ? type.GetString()! : "Other",
            },
        };
        if (early < 0) _entries.Add(added);
        else _entries[early] = added;
    }

    private void Update(JsonElement parameters, Func<NetworkRecord, NetworkRecord> change)
    {
        var id = parameters.GetProperty("requestId").GetString();
        if (_entries.FindLast(entry => entry.Id == id) is not { } found) return;
        found.Record = change(found.Record) with
        {
            Duration = TimeSpan.FromSeconds(parameters.GetProperty("timestamp").GetDouble() - found.Start),
        };
    }

    private sealed class Entry(string id, double start)
    {
        public string Id { get; } = id;

        public double Start { get; } = start;

        public required NetworkRecord Record { get; set; }
    }
}
