namespace BacktestOps.Operations.Commands;

/// <summary>Takes the values of secrets out of text before it is written anywhere.</summary>
/// <param name="secrets">The values.</param>
public sealed class Redactor(IEnumerable<string> secrets)
{
    // The longest first: a secret may be a part of another.
    private readonly string[] _secrets = [.. secrets.Where(secret => secret.Length > 0).Distinct(StringComparer.Ordinal).OrderByDescending(secret => secret.Length)];

    /// <summary>Takes out nothing.</summary>
    public static Redactor None { get; } = new([]);

    /// <summary>The text without the secrets.</summary>
    /// <param name="text">The text.</param>
    public string Redact(string text)
    {
        foreach (var secret in _secrets) text = text.Replace(secret, "[secret]", StringComparison.Ordinal);
        return text;
    }
}
