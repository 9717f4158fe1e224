using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BacktestOps.Contracts;

namespace BacktestOps.Service.Access;

/// <summary>The certificate of https addresses, with its private key and those that vouch for it.</summary>
/// <param name="Certificate">The service's own, with its key.</param>
/// <param name="Chain">What stands in the file beside it: sent to callers, who may know the root alone.</param>
internal sealed record TlsCertificate(X509Certificate2 Certificate, X509Certificate2Collection Chain)
{
    /// <summary>The variable that holds the password of the file or of its key.</summary>
    public const string PasswordVariable = "BACKTESTOPS_TLS_PASSWORD";

    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string PasswordAction = $"Put the password into a file and name that with --tls-password-file, or set {PasswordVariable}.";

    /// <summary>Reads the certificate with its private key.</summary>
    /// <param name="path">PEM or PKCS #12.</param>
    /// <param name="keyPath">The private key, PEM; null when the certificate's file holds it.</param>
    /// <param name="password">The password of a PKCS #12 file or of an encrypted key; null for none.</param>
    /// <param name="now">The time at which it must be valid.</param>
    /// <exception cref="BacktestUnavailableException">It can't be read or used; the message says what to do.</exception>
    public static TlsCertificate Read(string path, string? keyPath, string? password, DateTimeOffset now)
    {
        var bytes = ReadFile(path, "certificate");
        var isPem = bytes.AsSpan().IndexOf("-----BEGIN"u8) >= 0;
        if (!isPem && keyPath is not null)
            throw Refuse(path, "is not PEM, and --tls-key goes with PEM only", "Name a PEM certificate with --tls-cert, or leave --tls-key out: a PKCS #12 file holds its key.");
        var read = isPem ? ReadPem(path, Encoding.ASCII.GetString(bytes), keyPath, password) : ReadPkcs12(path, bytes, password);
        read.ThrowIfUnfit(path, now);
        return read;
    }

    /// <summary>The password: the first line of a file, else what the environment says, which forgets it: strategies in Python inherit the environment.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <exception cref="BacktestUnavailableException">The file can't be read.</exception>
    public static string? TakePassword(string? path)
    {
        var password = Environment.GetEnvironmentVariable(PasswordVariable);
        Environment.SetEnvironmentVariable(PasswordVariable, null);
        if (path is not null) SecretFile.ThrowIfOpen(path, "password file");
        return path is null ? password : Encoding.UTF8.GetString(ReadFile(path, "password file")).TrimStart('\ufeff').Split('\n')[0].TrimEnd('\r');
    }

    private static TlsCertificate ReadPem(string path, string text, string? keyPath, string? password)
    {
        var keyText = keyPath is null ? text : Encoding.ASCII.GetString(ReadFile(keyPath, "private key"));
        var keyName = keyPath ?? path;
        SecretFile.ThrowIfOpen(keyName, "private key");
        if (!keyText.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            throw Refuse(path, $"comes without its private key: there is none in '{keyName}'", "Name the key's PEM file with --tls-key.");
        var isEncrypted = keyText.Contains("BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal);
        if (isEncrypted && string.IsNullOrEmpty(password))
            throw Refuse(path, $"has a private key that needs a password, '{keyName}'", PasswordAction);
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(text);
        }
        catch (CryptographicException fault)
        {
            throw Refuse(path, $"is damaged: {fault.Message}", "Get it anew from whoever issued it.", fault);
        }

        if (all.Count == 0)
            throw Refuse(path, "holds no certificate", "Name the certificate's PEM file, the one with BEGIN CERTIFICATE, with --tls-cert.");
        X509Certificate2 own;
        try
        {
            var first = all[0].ExportCertificatePem();
            own = isEncrypted ? X509Certificate2.CreateFromEncryptedPem(first, keyText, password) : X509Certificate2.CreateFromPem(first, keyText);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw isEncrypted
                ? Refuse(path, $"and the key '{keyName}' don't open with the password, or don't belong together: {fault.Message}", PasswordAction, fault)
                : Refuse(path, $"and the key '{keyName}' don't belong together: {fault.Message}", "Name the key that the certificate was made for with --tls-key; the service's certificate is the first of its file.", fault);
        }

        // Windows takes no key that lives in memory alone.
        if (OperatingSystem.IsWindows())
            own = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        all.RemoveAt(0);
        return new TlsCertificate(own, all);
    }

    private static TlsCertificate ReadPkcs12(string path, byte[] bytes, string? password)
    {
        SecretFile.ThrowIfOpen(path, "PKCS #12 file");
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(bytes, password);
        }
        catch (CryptographicException fault)
        {
            // A wrong password and a damaged file look alike from here.
            throw string.IsNullOrEmpty(password)
                ? Refuse(path, "can't be opened without a password, or is no PKCS #12 file", PasswordAction, fault)
                : Refuse(path, "does not open with the password that was given, or is no PKCS #12 file", $"Look at the password. {PasswordAction}", fault);
        }

        var own = all.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw Refuse(path, "holds no private key", "Export it once more together with its key.");
        all.Remove(own);
        return new TlsCertificate(own, all);
    }

    private void ThrowIfUnfit(string path, DateTimeOffset now)
    {
        if (now >= Certificate.NotAfter)
            throw Refuse(path, FormattableString.Invariant($"expired on {Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm:ss}Z"), "Renew it; no caller would accept it. If it is still good, look at the clock of this machine.");
        if (now < Certificate.NotBefore)
            throw Refuse(path, FormattableString.Invariant($"is good from {Certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm:ss}Z on, and now it is {now.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"), "Look at the clock of this machine, or wait.");
        if (Certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { } uses
            && !uses.EnhancedKeyUsages.Cast<Oid>().Any(use => use.Value == ServerUse))
            throw Refuse(path, "is not made for servers: its extended key usage lacks server authentication", "Have one issued for a server.");
    }

    private static byte[] ReadFile(string path, string what)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BacktestUnavailableException(
                $"The {what} '{path}' can't be read: {fault.Message}", "Mend the path, or give the user of the service the right to read the file.", fault);
        }
    }

    private static BacktestUnavailableException Refuse(string path, string what, string action, Exception? fault = null) =>
        new($"The certificate '{path}' {what.TrimEnd('.')}.", action, fault);
}
