using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BacktestOps.Contracts;
using BacktestOps.Service.Access;

namespace BacktestOps.Service.Tests;

/// <summary>The certificate of https addresses: every form it comes in, and what is said of one that can't be used.</summary>
public sealed class TlsCertificateTests : IDisposable
{
    private const string Password = "p\u00e4ss word";
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    private readonly string _folder = Directory.CreateTempSubdirectory("backtestops-tls-").FullName;
    private readonly RSA _key = RSA.Create(2048);
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("pem and key")]
    [InlineData("pem with its key")]
    [InlineData("pem and encrypted key")]
    [InlineData("pfx")]
    [InlineData("pfx with password")]
    public async Task A_certificate_in_any_form_gives_TLS(string form)
    {
        using var certificate = SelfSigned(_now.AddDays(-1), _now.AddDays(1));
        var pem = certificate.ExportCertificatePem();
        string[] options = form switch
        {
            "pem and key" => ["--tls-cert", Write("cert.pem", pem), "--tls-key", Write("key.pem", _key.ExportPkcs8PrivateKeyPem())],
            "pem with its key" => ["--tls-cert", Write("both.pem", pem + "\n" + _key.ExportRSAPrivateKeyPem())],
            "pem and encrypted key" =>
            [
                "--tls-cert", Write("cert.pem", pem), "--tls-key", Write("key.pem", _key.ExportEncryptedPkcs8PrivateKeyPem(Password, Encryption)),
                "--tls-password-file", Write("password", Password + "\n"),
            ],
            "pfx" => ["--tls-cert", Write("cert.pfx", certificate.Export(X509ContentType.Pkcs12))],
            _ => ["--tls-cert", Write("cert.pfx", certificate.Export(X509ContentType.Pkcs12, Password)), "--tls-password-file", Write("password", Password + "\r\nmore")],
        };

        await using var service = await RunningService.StartAsync(["--urls", "https://127.0.0.1:0", .. options]);

        Assert.Equal("https", service.Address.Scheme);
        var thumbprint = certificate.Thumbprint;
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, seen, _, _) => seen?.Thumbprint == thumbprint };
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service.Address, "/api/symbols")) { Version = HttpVersion.Version20 };
        using var response = await http.SendAsync(request, Token);
        Assert.Equal((200, HttpVersion.Version20), ((int)response.StatusCode, response.Version));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_knows_the_root_alone_is_sent_what_lies_between(bool isPkcs12)
    {
        using var rootKey = RSA.Create(2048);
        using var middleKey = RSA.Create(2048);
        using var root = Authority("CN=root", rootKey).CreateSelfSigned(_now.AddDays(-2), _now.AddDays(2));
        using var middleCertificate = Authority("CN=middle", middleKey).Create(root, _now.AddDays(-1.5), _now.AddDays(1.5), [1]);
        using var middle = middleCertificate.CopyWithPrivateKey(middleKey);
        using var leafCertificate = new CertificateRequest("CN=127.0.0.1", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).Create(middle, _now.AddDays(-1), _now.AddDays(1), [2]);
        using var leaf = leafCertificate.CopyWithPrivateKey(_key);
        string[] options = isPkcs12
            ? ["--tls-cert", Write("chain.pfx", new X509Certificate2Collection { leaf, middleCertificate }.Export(X509ContentType.Pkcs12)!)]
            : ["--tls-cert", Write("chain.pem", leaf.ExportCertificatePem() + "\n" + middle.ExportCertificatePem()), "--tls-key", Write("key.pem", _key.ExportPkcs8PrivateKeyPem())];
        await using var service = await RunningService.StartAsync(["--urls", "https://127.0.0.1:0", .. options]);

        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        trust.CustomTrustStore.Add(root);
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new()
            {
                CertificateChainPolicy = trust,
                RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & ~System.Net.Security.SslPolicyErrors.RemoteCertificateNameMismatch) == 0,
            },
        });
        Assert.Equal(200, (int)(await http.GetAsync(new Uri(service.Address, "/api/symbols"), Token)).StatusCode);
    }

    public static TheoryData<string, string, string> Unfit => new()
    {
        // what is wrong, what the message says, what the action names
        { "missing", "can't be read", "path" },
        { "folder", "can't be read", "right to read" },
        { "expired", "expired on 2", "Renew" },
        { "not yet", "is good from", "clock" },
        { "no key", "without its private key", "--tls-key" },
        { "other key", "don't belong together", "--tls-key" },
        { "key as certificate", "holds no certificate", "--tls-cert" },
        { "damaged pem", "is damaged", "anew" },
        { "pfx without key", "holds no private key", "Export" },
        { "pfx and key file", "goes with PEM only", "--tls-key" },
        { "pfx without its password", "without a password", TlsCertificate.PasswordVariable },
        { "pfx with another password", "does not open", "--tls-password-file" },
        { "neither", "no PKCS #12", "--tls-password-file" },
        { "encrypted key without its password", "needs a password", "--tls-password-file" },
        { "encrypted key with another password", "don't open with the password", "--tls-password-file" },
        { "for clients", "not made for servers", "server" },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void One_that_cannot_be_used_is_refused_with_what_to_do(string what, string message, string action)
    {
        using var good = SelfSigned(_now.AddDays(-1), _now.AddDays(1));
        using var other = RSA.Create(2048);
        var pem = good.ExportCertificatePem();
        var keyPem = _key.ExportPkcs8PrivateKeyPem();
        string Both(X509Certificate2 certificate) => Write("cert.pem", certificate.ExportCertificatePem() + "\n" + keyPem);
        string Pfx(string? password) => Write("cert.pfx", good.Export(X509ContentType.Pkcs12, password));
        string Encrypted() => Write("key.pem", _key.ExportEncryptedPkcs8PrivateKeyPem(Password, Encryption));
        (string Path, string? Key, string? Password) given = what switch
        {
            "missing" => (Path.Combine(_folder, "none.pem"), null, null),
            "folder" => (_folder, null, null),
            "expired" => (Both(SelfSigned(_now.AddDays(-9), _now.AddDays(-1))), null, null),
            "not yet" => (Both(SelfSigned(_now.AddDays(1), _now.AddDays(9))), null, null),
            "no key" => (Write("cert.pem", pem), null, null),
            "other key" => (Write("cert.pem", pem), Write("key.pem", other.ExportPkcs8PrivateKeyPem()), null),
            "key as certificate" => (Write("key.pem", keyPem), null, null),
            "damaged pem" => (Write("cert.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + keyPem), null, null),
            "pfx without key" => (Write("cert.pfx", new X509Certificate2Collection(X509CertificateLoader.LoadCertificate(good.RawData)).Export(X509ContentType.Pkcs12)!), null, null),
            "pfx and key file" => (Pfx(null), Write("key.pem", keyPem), null),
            "pfx without its password" => (Pfx(Password), null, null),
            "pfx with another password" => (Pfx(Password), null, "another"),
            "neither" => (Write("cert.pfx", "what is this"), null, null),
            "encrypted key without its password" => (Write("cert.pem", pem), Encrypted(), null),
            "encrypted key with another password" => (Write("cert.pem", pem), Encrypted(), "another"),
            _ => (Both(SelfSigned(_now.AddDays(-1), _now.AddDays(1), "1.3.6.1.5.5.7.3.2")), null, null),
        };

        var error = Assert.Throws<BacktestUnavailableException>(() => TlsCertificate.Read(given.Path, given.Key, given.Password, _now));

        Assert.Contains(given.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(action, error.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("another", error.Message + error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls", "https://127.0.0.1:0", "--tls-cert")]
    [InlineData("--tls-cert", "x.pfx", "https")]
    [InlineData("--tls-key", "x.pem", "--tls-cert")]
    [InlineData("--tls-password-file", "x", "--tls-cert")]
    public void Options_that_do_not_go_together_are_refused(string option, string value, string words) =>
        Assert.Contains(words, Assert.Throws<ServiceOptionsException>(() => ServiceOptions.Parse([option, value])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_password_on_the_command_line_is_refused_and_not_repeated()
    {
        var error = Assert.Throws<ServiceOptionsException>(() => ServiceOptions.Parse(["--tls-password=hunter2"]));
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    private static CertificateRequest Authority(string name, RSA key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request;
    }

    private X509Certificate2 SelfSigned(DateTimeOffset from, DateTimeOffset to, string? use = null)
    {
        var request = new CertificateRequest("CN=127.0.0.1", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (use is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        return request.CreateSelfSigned(from, to);
    }

    private string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        OwnFile.Keep(path);
        return path;
    }
}
