using System.Text.Json.Serialization;

namespace BacktestOps.Operations.Smoke.Browser;

/// <summary>Quotes strings for scripts without reflection.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class BrowserJson : JsonSerializerContext;
