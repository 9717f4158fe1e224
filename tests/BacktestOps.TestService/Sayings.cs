using System.Globalization;
using System.Net;
using System.Security;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace BacktestOps.TestService;

/// <summary>Says what its variable A holds, in the words of everything that would quote it.</summary>
public static class Sayings
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A text in every spelling.</summary>
    public static IEnumerable<string> Of(string text)
    {
        yield return text;
        yield return JsonSerializer.Serialize(new { password = text });
        yield return JsonSerializer.Serialize(text, Relaxed);
        yield return JsonSerializer.Serialize(JsonSerializer.Serialize(new { text }));
        yield return SecurityElement.Escape(text)!;
        yield return WebUtility.HtmlEncode(text);
        yield return $"https://me:{Uri.EscapeDataString(text)}@host/";
        yield return $"https://host/?key={WebUtility.UrlEncode(text)}&more=1";
        yield return JsonSerializer.Serialize($"https://host/?key={WebUtility.UrlEncode(text)}");
        yield return $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{text}"))}";
        yield return Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        yield return "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
        yield return "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
    }

    public static int Print(string exit)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        foreach (var saying in Of(Environment.GetEnvironmentVariable("A") ?? "nothing")) Console.WriteLine($"said: {saying}");
        return int.Parse(exit, CultureInfo.InvariantCulture);
    }
}
