using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BacktestOps.Operations.Tests.Feedback;

/// <summary>Debian's dovecot on a free port, with one mailbox and a certificate of its own; nothing is left behind.</summary>
internal sealed class Dovecot : IAsyncDisposable
{
    public const string Password = "dov3cot-pa55";

    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private Dovecot(DirectoryInfo folder, Process process, int port, string digest) => (_folder, _process, Port, CertificateDigest) = (folder, process, port, digest);

    public int Port { get; }

    public string CertificateDigest { get; }

    private string New => Path.Combine(_folder.FullName, "mail", "new");

    /// <summary>Starts it, or skips the test where it can't be.</summary>
    public static async Task<Dovecot> StartAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/sbin/dovecot"), "dovecot is not installed (Debian: dovecot-imapd).");
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException();
        // Dovecot gives no mailbox to root: there the mailbox is open to all, and nobody reads it.
        var isRoot = Environment.UserName == "root";
        var folder = Directory.CreateTempSubdirectory("dovecot-");
        var digest = Certificate(folder.FullName);
        foreach (var box in (string[])["mail", "mail/cur", "mail/new", "mail/tmp"])
            File.SetUnixFileMode(Directory.CreateDirectory(Path.Combine(folder.FullName, box)).FullName, (UnixFileMode)Convert.ToInt32(isRoot ? "777" : "700", 8));
        var port = FreePorts.Take();
        var configuration = Path.Combine(folder.FullName, "dovecot.conf");
        await File.WriteAllTextAsync(configuration, Configuration(folder.FullName, port, isRoot, isRoot ? "nobody" : Environment.UserName));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "users"), $"ops@example.com:{{PLAIN}}{Password}\n");
        // The mail processes are of the mailbox's owner, and pass through this folder.
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)Convert.ToInt32("755", 8));
        var process = Process.Start(new ProcessStartInfo("/usr/sbin/dovecot", ["-F", "-c", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var dovecot = new Dovecot(folder, process, port, digest);
        await dovecot.WaitAsync();
        return dovecot;
    }

    /// <summary>A mail that comes in.</summary>
    public void Deliver(string name, DateTimeOffset at, string mail)
    {
        var path = Path.Combine(New, $"{at.ToUnixTimeSeconds()}.{name}.test");
        File.WriteAllText(path, mail.ReplaceLineEndings("\r\n"));
        // A Maildir keeps when a mail came in the file's time.
        File.SetLastWriteTimeUtc(path, at.UtcDateTime);
    }

    /// <summary>How many mails nobody has read yet.</summary>
    public int Unseen => Directory.GetFiles(New).Length
        + Directory.GetFiles(Path.Combine(_folder.FullName, "mail", "cur")).Count(file => !file.Split(":2,").Last().Contains('S', StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task WaitAsync()
    {
        while (true)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            if (_process.HasExited) Assert.Fail($"dovecot ended: {await _process.StandardError.ReadToEndAsync()}");
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Yield();
            }
        }
    }

    private static string Certificate(string folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));
    }

    private static string Configuration(string folder, int port, bool isRoot, string owner) =>
        $$"""
        base_dir = {{folder}}/run
        state_dir = {{folder}}/state
        log_path = {{folder}}/log
        protocols = imap
        listen = 127.0.0.1
        ssl = required
        ssl_cert = <{{folder}}/cert.pem
        ssl_key = <{{folder}}/key.pem
        default_login_user = {{(isRoot ? "dovenull" : owner)}}
        default_internal_user = {{(isRoot ? "dovecot" : owner)}}
        default_internal_group = {{(isRoot ? "dovecot" : owner)}}
        auth_failure_delay = 0
        mail_location = maildir:{{folder}}/mail
        passdb {
          driver = passwd-file
          args = {{folder}}/users
        }
        userdb {
          driver = static
          args = uid={{owner}} gid={{(isRoot ? "nogroup" : owner)}} home={{folder}}/mail
        }
        service imap-login {
          chroot =
          inet_listener imap {
            port = 0
          }
          inet_listener imaps {
            port = {{port}}
            ssl = yes
          }
        }
        service anvil {
          chroot =
          unix_listener anvil-auth-penalty {
            mode = 0
          }
        }
        """;
}
