using System.Globalization;
using System.Text.Json.Nodes;

namespace BacktestOps.Service.Charts;

/// <summary>
/// What can be read off a chart, at every point of its line: <c>[[x, y, date, value, …], …]</c>, x and y the pixels of the point.
/// It is in the chart's file, so that picture and figures are never of two runs.
/// </summary>
internal sealed class Readings
{
    private readonly JsonArray _points = [];

    /// <summary>Adds a point.</summary>
    public void Add(double x, double y, DateTime date, params ReadOnlySpan<double> values)
    {
        var point = Begin(x, y, date);
        foreach (var value in values)
            point.Add((JsonNode)Math.Round(value, 6));
    }

    /// <summary>Adds a point with the fills at it: [bought, price, quantity] each, bought 1 or 0.</summary>
    public void Add(double x, double y, DateTime date, double value, IEnumerable<ChartFill> fills)
    {
        var point = Begin(x, y, date);
        point.Add((JsonNode)Math.Round(value, 6));
        point.Add((JsonNode)new JsonArray([.. fills.Select(fill => new JsonArray(fill.IsPurchase ? 1 : 0, fill.Price, fill.Quantity))]));
    }

    /// <summary>All of them.</summary>
    public string ToJson() => _points.ToJsonString();

    private JsonArray Begin(double x, double y, DateTime date)
    {
        var point = new JsonArray(
            Math.Round(x, 1), Math.Round(y, 1), date.ToString(date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
        _points.Add((JsonNode)point);
        return point;
    }
}
