using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BacktestOps.Service.Tests.Attack;

/// <summary>One call of an attack: what is sent, and what it is for those who read a failure.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path with its query; <c>{id}</c> stands for the id of a run that was accepted.</param>
/// <param name="Body">The body; null for none.</param>
internal sealed record HostileCall(string Method, string Path, byte[]? Body)
{
    /// <summary>True where it may start a run.</summary>
    public bool Starts => Path == "/api/backtest/start";

    public override string ToString() => $"{Method} {Path} {(Body is null ? "" : Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 2000))))}";
}

/// <summary>Calls of somebody who knows the API and means harm: good ones, ones with one wrong value, and ones that only look like it.</summary>
/// <remarks>The same seed gives the same calls.</remarks>
internal sealed class HostileCalls(int seed)
{
    private const int LongestList = 20_000;

    private static readonly string[] Good =
    [
        """{"symbols": ["S00"], "strategy": "SmaCross", "parameters": {"fast": 10, "slow": 20}}""",
        """{"symbols": ["S01", "S02"], "strategy": "RsiReversion", "cash": "shared", "initial_cash": 50000, "fractional_shares": true}""",
        """{"symbols": ["S03"], "strategy": "SmaCross", "sweep": {"parameters": {"fast": [5, 10], "slow": [20, 40]}, "constraints": ["fast < slow"], "objective": "sharpe_ratio", "seed": 7}}""",
        """{"symbols": ["S04"], "strategy": "SmaCross", "sweep": {"parameters": {"fast": [5, 10], "slow": [20, 40]}, "sample": 3, "walk_forward": {"in_sample": 500, "out_of_sample": 250, "anchored": false}}}""",
        """{"symbols": ["S05"], "rules": {"name": "Mine", "entry": "close > sma(close, 20)", "exit": "close < sma(close, 20)", "short_entry": "close < sma(close, 50)", "short_exit": "close > sma(close, 50)"}, "stops": {"stop_loss": "0.05", "take_profit": "0.2", "trailing_stop": "0.1"}}""",
        """{"symbols": ["S06"], "strategy": "BollingerReversion", "from": "2001-01-01", "to": "2004-12-31", "commission": {"rate": 0.001, "minimum": 1, "per_share": 0.01, "maximum": 50}, "slippage": {"basis_points": 5, "range_fraction": 0.05, "volume_impact": 0.1, "spread_basis_points": 2}, "volume_limit": 0.1}""",
        """{"symbols": ["S07"], "strategy": "Momentum", "sizing": {"kind": "equity_fraction", "value": 0.5}, "margin": {"initial": 0.5, "maintenance": 0.25, "borrow_rate": 0.02, "loan_rate": 0.05}, "periods_per_year": 252, "risk_free_rate": 0.02, "benchmark": "S08", "adjusted": true}""",
        """{"symbols": ["S08", "S09", "S10"], "strategy": "Rebalance", "rebalance": {"every": "month", "drift": 0.05}}""",
        """{"symbols": ["S11", "S12"], "strategy": "EmaCross", "sleeves": [{"symbols": ["S11"], "share": 0.5}, {"symbols": ["S12"], "share": 0.5}], "fill": "close"}""",
    ];

    private static readonly string[] Values =
    [
        "0", "-1", "1", "2", "0.5", "50", "1e-300", "5e-324", "-5e-324", "1e300", "1e305", "-1e305", "1.7976931348623157e308", "1e999", "-0.0", "9007199254740993", "2147483648",
        "9223372036854775807", "99999999999999999999", "null", "true", "[]", "{}", "\"\"", "\" \"", "\"NaN\"", "\"Infinity\"", "\"1\"", "\"S00\"", "\"s00\"", "\"SP500\"", "\"../S00\"", "\"S00.csv\"",
        "\"삼성전자\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"%s%n{0}\"", "\"<b>&\\\"'\"", "\"2000-01-01\"", "\"0001-01-01\"", "\"9999-12-31\"", "\"2020-02-30\"", "\"2001-01-01T00:00:00Z\"",
        "\"close / 0 > 1\"", "\"close[4096] > close\"", "\"sma(close, 4096) > 1e308\"", "\"true\"", "\"(((((\"", "\"fast < fast\"", "\"fast > 1e300\"", "[1, 1e308]", "[null]", "[[]]", "[\"S00\", \"S00\"]",
    ];

    private static readonly string[] Pieces = ["", "x", "run", "..", "%2e%2e%2f", "%00", "%ff", "null", "-1", "0", "1e999", "NaN", "삼성", "S00", "2020-02-30", "1", "%0d%0a", "~", "*", "'--", "<x>"];

    private static readonly string[] Paths =
    [
        "/api/backtest/progress/{id}", "/api/backtest/progress?id={id}", "/api/backtest/result/{id}", "/api/backtest/variants/{id}", "/api/backtest/chart/{id}/equity?width={x}",
        "/api/backtest/chart/{id}/price?symbol={x}&width=300", "/api/backtest/result/{x}", "/api/backtest/events/{x}", "/api/backtests?status={x}&limit={x}", "/api/backtests?symbol={x}&cursor={x}",
        "/api/symbols/{x}/bars?from={x}&to={x}", "/api/symbols/{x}/sparkline", "/api/{x}", "/assets/{x}", "/{x}", "/api/health?{x}=1", "/metrics", "/openapi.json",
    ];

    // Not for secrets: the same calls for the same seed are the point.
    private readonly Random _random = new(seed);

    /// <summary>The requests that are right, as they are.</summary>
    public static IEnumerable<byte[]> GoodBodies => Good.Select(Encoding.UTF8.GetBytes);

    public HostileCall Next() => Draw(10) switch
    {
        0 => Start(Encoding.UTF8.GetBytes(Pick(Good))),
        < 6 => Start(Encoding.UTF8.GetBytes(Bend(Pick(Good)))),
        6 => new HostileCall("POST", "/api/backtest/check", Encoding.UTF8.GetBytes(Bend(Bend(Pick(Good))))),
        7 => Start(Damage(Encoding.UTF8.GetBytes(Pick(Good)))),
        8 => new HostileCall("POST", "/api/backtest/cancel/" + (Draw(2) == 0 ? "{id}" : Pick(Pieces)), null),
        _ => new HostileCall("GET", Fill(Pick(Paths)), null),
    };

    private static HostileCall Start(byte[] body) => new("POST", "/api/backtest/start", body);

    // One value of the document becomes another, goes, is doubled a thousandfold, or gets a stranger beside it.
    private string Bend(string json)
    {
        JsonNode root;
        try
        {
            root = JsonNode.Parse(json)!;
        }
        catch (JsonException)
        {
            return json; // bent beyond reading by the time before
        }

        var places = Places(root).ToList();
        if (places.Count == 0) return json;
        var (parent, key) = places[Draw(places.Count)];
        var marker = $"\"marker-{Draw(int.MaxValue)}\"";
        switch (Draw(8))
        {
            case 0 when parent is JsonObject holder:
                holder.Remove(key);
                return root.ToJsonString();
            case 1 when parent is JsonObject holder:
                holder[Draw(2) == 0 ? key.ToUpperInvariant() + "_" : "삼"] = JsonValue.Create(1);
                return root.ToJsonString();
            case 2 when parent is JsonArray list && list.Count > 0:
                var copies = (int)Math.Pow(LongestList, _random.NextDouble());
                var text = list[^1]?.ToJsonString() ?? "null";
                for (var i = 0; i < copies; i++) list.Add(JsonNode.Parse(Draw(2) == 0 ? text : JsonSerializer.Serialize(string.Create(CultureInfo.InvariantCulture, $"X{i}"))));
                return root.ToJsonString();
            default:
                // A number like 1e999 can't stand in a tree: it is put into the text.
                Set(parent, key, JsonNode.Parse(marker));
                return root.ToJsonString().Replace(marker, Pick(Values), StringComparison.Ordinal);
        }
    }

    private static IEnumerable<(JsonNode Parent, string Key)> Places(JsonNode node)
    {
        IEnumerable<(string Key, JsonNode? Value)> members = node switch
        {
            JsonObject holder => holder.Select(member => (member.Key, member.Value)),
            JsonArray list => list.Select((item, i) => (i.ToString(CultureInfo.InvariantCulture), item)),
            _ => [],
        };
        foreach (var (key, value) in members)
        {
            yield return (node, key);
            if (value is null) continue;
            foreach (var place in Places(value)) yield return place;
        }
    }

    private static void Set(JsonNode parent, string key, JsonNode? value)
    {
        if (parent is JsonObject holder) holder[key] = value;
        else parent.AsArray()[int.Parse(key, CultureInfo.InvariantCulture)] = value;
    }

    private byte[] Damage(byte[] bytes)
    {
        for (var n = 1 + Draw(3); n > 0 && bytes.Length > 1; n--)
        {
            var at = Draw(bytes.Length);
            bytes = Draw(4) switch
            {
                0 => bytes[..at],
                1 => [.. bytes[..at], .. bytes[at..], .. bytes[at..]],
                2 => [.. bytes[..at], .. Encoding.UTF8.GetBytes(Pick(Values)), .. bytes[at..]],
                _ => [.. bytes[..at], (byte)Draw(256), .. bytes[(at + 1)..]],
            };
        }

        return bytes;
    }

    private string Fill(string path)
    {
        while (path.IndexOf("{x}", StringComparison.Ordinal) is >= 0 and var at)
            path = path[..at] + Pick(Pieces) + (Draw(4) == 0 ? Pick(Pieces) : "") + path[(at + 3)..];
        return path;
    }

    private string Pick(string[] values) => values[Draw(values.Length)];

#pragma warning disable CA5394 // not for secrets
    private int Draw(int most) => _random.Next(most);
#pragma warning restore CA5394
}
