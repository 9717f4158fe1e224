namespace BacktestOps.Operations.Plans;

/// <summary>What sections with a 'kind' have in common.</summary>
internal static class KindSection
{
    public const string SecretPrefix = "secret:";

    /// <summary>Keys that stand there and belong to another kind.</summary>
    /// <param name="section">The section.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="keys">Each key with the kinds that have it.</param>
    public static void CheckKeys(PlanObject section, string kind, params ReadOnlySpan<(string Key, string[] Kinds)> keys)
    {
        foreach (var (key, kinds) in keys)
        {
            if (section.Has(key) && !kinds.Contains(kind))
                section.Fault(key, $"'{key}' belongs to kind {string.Join(" and ", kinds.Select(other => $"'{other}'"))}, and this is '{kind}'");
        }
    }

    /// <summary>The name of the secret that a key refers to. What stands in a plan is no secret, so a value of its own is a fault.</summary>
    public static string? Secret(PlanObject section, string key, bool required, string example)
    {
        if (section.Text(key, required, $"\"{example}\"") is not { } text) return null;
        if (text.StartsWith(SecretPrefix, StringComparison.Ordinal) && text.Length > SecretPrefix.Length) return text[SecretPrefix.Length..];
        section.Fault(key, "what stands in a plan file is no secret", $"name it, for example \"{example}\", and set it in the operator's environment or in service.secrets_file");
        return null;
    }

    /// <summary>A mail server.</summary>
    /// <param name="section">The section.</param>
    /// <param name="isUsed">True when the section's kind has one; else the keys are only made known.</param>
    /// <param name="ports">The usual port with TLS, and with STARTTLS or nothing.</param>
    /// <param name="needsUser">True when nobody is served without a user.</param>
    public static MailServerPlan? MailServer(PlanObject section, bool isUsed, (int Tls, int Other) ports, bool needsUser)
    {
        var host = section.Text("host", required: isUsed, "\"mail.example.com\"");
        var security = section.Word("security", "tls", "starttls", "none") switch
        {
            "starttls" => MailSecurity.StartTls,
            "none" => MailSecurity.None,
            _ => MailSecurity.Tls,
        };
        var port = section.Whole("port", 1, 65535);
        var digest = section.Text("certificate_sha256")?.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();
        var user = section.Text("user", required: isUsed && needsUser, "\"support@example.com\"");
        var password = Secret(section, "password", required: isUsed && user is not null, "secret:MAIL_PASSWORD");
        if (!isUsed || host is null) return null;
        if (digest is not null && (digest.Length != 64 || !digest.All(char.IsAsciiHexDigit))) section.Fault("certificate_sha256", "it is not 64 hex digits", "openssl x509 -fingerprint -sha256 prints it");
        if (security == MailSecurity.None && host is not ("localhost" or "127.0.0.1" or "::1"))
            section.Fault("security", "without TLS everybody on the way could read the mail and the password", "\"tls\" or \"starttls\"; \"none\" is for a server of this machine");
        return new MailServerPlan(host, (int)(port ?? (security == MailSecurity.Tls ? ports.Tls : ports.Other)), security, digest, user, password);
    }

    public static string Name(PlanObject section, HashSet<string> names)
    {
        var name = section.Text("name", required: true, "\"support\"") ?? "";
        if (name.Length > 0 && !names.Add(name)) section.Fault("name", $"there is another '{name}'", "each has a name of its own");
        return name;
    }

    public static Uri? Address(PlanObject section, string key, string? text)
    {
        if (text is null) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") return address;
        section.Fault(key, "it is no http or https address", "for example \"https://hooks.example.com/…\"");
        return null;
    }
}
