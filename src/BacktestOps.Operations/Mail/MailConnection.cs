using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BacktestOps.Operations.Plans;
using MailKit;
using MailKit.Security;

namespace BacktestOps.Operations.Mail;

/// <summary>Connects to mail servers as a plan says.</summary>
internal static class MailConnection
{
    /// <summary>Connects, and says who one is where the plan names a user.</summary>
    /// <param name="client">An IMAP or SMTP client.</param>
    /// <param name="server">The server.</param>
    /// <param name="password">The password; null where the plan names none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task ConnectAsync(MailService client, MailServerPlan server, string? password, CancellationToken cancellationToken)
    {
        if (server.CertificateDigest is { } digest) client.ServerCertificateValidationCallback = (_, certificate, _, _) => Is(certificate, digest);
        // A server that can't be asked whether a certificate was revoked is no reason to trust nobody.
        else client.CheckCertificateRevocation = false;
        var security = server.Security switch
        {
            MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
            MailSecurity.StartTls => SecureSocketOptions.StartTls,
            _ => SecureSocketOptions.None,
        };
        await client.ConnectAsync(server.Host, server.Port, security, cancellationToken).ConfigureAwait(false);
        if (server.User is not null) await client.AuthenticateAsync(server.User, password ?? "", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Why a connection failed, and what to do.</summary>
    public static (string Why, string Action) Explain(Exception error, MailServerPlan server) => error switch
    {
        AuthenticationException => ($"does not accept the password of '{server.User}'", "See the user in the plan and the secret that is the password."),
        SslHandshakeException when server.CertificateDigest is not null => ("shows another certificate than the one that the plan trusts", "See whether the server has a new certificate, and whether it is the server; then correct 'certificate_sha256'."),
        SslHandshakeException => ($"shows a certificate that this machine does not trust: {error.Message.Split('\n')[0]}", "Install the authority's certificate, or name the server's own in 'certificate_sha256'."),
        NotSupportedException => ($"does not offer what the plan asks for: {error.Message}", "See 'security' and 'port' in the plan."),
        _ => ($"can't be used: {error.Message.Split('\n')[0]}", "See the host and the port in the plan, and this machine's network."),
    };

    /// <summary>True for what goes wrong between this machine and a server.</summary>
    public static bool IsExpected(Exception error) =>
        error is ProtocolException or CommandException or AuthenticationException or SslHandshakeException or IOException or System.Net.Sockets.SocketException
            or NotSupportedException or ServiceNotAuthenticatedException or ServiceNotConnectedException or FolderNotFoundException or InvalidOperationException;

    private static bool Is(X509Certificate? certificate, string digest) =>
        certificate is not null && Convert.ToHexStringLower(SHA256.HashData(certificate.GetRawCertData())) == digest;
}
