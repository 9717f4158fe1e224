using System.Net;
using System.Security;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using BacktestOps.Operations.Commands;

namespace BacktestOps.Operations.Tests.Commands;

/// <summary>A secret is taken out of a text in every spelling that is read back to it.</summary>
public class RedactorTests
{
    private const string Secret = "p\"w&d'<1>\\x +y/z%";
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string, Func<string, string>> Spellings => new()
    {
        { "plain", text => text },
        { "JSON", text => JsonSerializer.Serialize(text) },
        { "JSON, relaxed", text => JsonSerializer.Serialize(text, Relaxed) },
        { "JSON, small hex digits", text => string.Concat(text.Select(c => $"\\u{(int)c:x4}")) },
        { "XML", text => SecurityElement.Escape(text)! },
        { "HTML", WebUtility.HtmlEncode },
        { "decimal entities", text => string.Concat(text.Select(c => $"&#{(int)c};")) },
        { "hexadecimal entities", text => string.Concat(text.Select(c => $"&#x{(int)c:X};")) },
        { "percent", Uri.EscapeDataString },
        { "percent, small", text => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => $"%{b:x2}")) },
        { "form", text => WebUtility.UrlEncode(text) },
        { "Markdown", text => string.Concat(text.Select(c => char.IsAscii(c) && char.IsPunctuation(c) ? $"\\{c}" : $"{c}")) },
        { "sh", text => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'" },
        { "sh, double quotes for single", text => "'" + text.Replace("'", "'\"'\"'", StringComparison.Ordinal) + "'" },
        { "PowerShell", text => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'" },
        { "base64", text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) },
        { "base64 of user:password", text => Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{text}")) },
        { "base64url", text => Convert.ToBase64String(Encoding.UTF8.GetBytes($"deploy:{text}")).Replace('+', '-').Replace('/', '_').TrimEnd('=') },
        { "capitals", text => text.ToUpperInvariant() },
        { "JSON in JSON", text => JsonSerializer.Serialize(JsonSerializer.Serialize(new { text })) },
        { "JSON in JSON in JSON", text => JsonSerializer.Serialize(JsonSerializer.Serialize(JsonSerializer.Serialize(text, Relaxed)), Relaxed) },
        { "an address in JSON", text => JsonSerializer.Serialize($"https://h/?k={WebUtility.UrlEncode(text)}") },
        { "HTML in JSON", text => JsonSerializer.Serialize(WebUtility.HtmlEncode(text)) },
        { "JSON in HTML", text => WebUtility.HtmlEncode(JsonSerializer.Serialize(text)) },
        { "base64 in JSON", text => JsonSerializer.Serialize(Convert.ToBase64String(Encoding.UTF8.GetBytes(text))) },
    };

    [Theory]
    [MemberData(nameof(Spellings), DisableDiscoveryEnumeration = true)]
    public void It_is_found_however_it_is_written(string name, Func<string, string> write)
    {
        var text = $"before {write(Secret)} after";

        var clean = new Redactor([Secret]).Redact(text);

        Assert.True(clean.Contains("[secret]", StringComparison.Ordinal), $"{name}: {clean}");
        Assert.True(clean is ['b', 'e', 'f', 'o', 'r', 'e', .., 'a', 'f', 't', 'e', 'r'], clean);
        Assert.True(clean.Length <= 60, $"{name} left too much: {clean}");
    }
}
