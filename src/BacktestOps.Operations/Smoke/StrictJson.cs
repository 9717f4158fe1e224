using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace BacktestOps.Operations.Smoke;

/// <summary>JSON as RFC 8259 has it, whole: no field twice (a reader takes either), no broken text, nothing after the end.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    public static bool TryParse(
        ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out JsonDocument? document, [NotNullWhen(false)] out string? problem)
    {
        (document, problem) = (null, null);
        if (!Utf8.IsValid(bytes.Span))
        {
            problem = "it is not UTF-8";
            return false;
        }

        try
        {
            ReadStrings(bytes.Span);
            document = JsonDocument.Parse(bytes, Options);
            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            problem = error.Message;
            return false;
        }
    }

    /// <summary>Escapes such as a lone surrogate are found only when a string is read; then it would be too late.</summary>
    private static void ReadStrings(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped) reader.GetString();
        }
    }
}
