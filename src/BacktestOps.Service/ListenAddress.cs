using System.Net;

namespace BacktestOps.Service;

/// <summary>One address to listen on.</summary>
/// <param name="EndPoint">The IP address and port.</param>
/// <param name="IsTls">True for https.</param>
public sealed record ListenAddress(IPEndPoint EndPoint, bool IsTls)
{
    /// <summary>True when other machines can reach it.</summary>
    public bool IsPublic => !IPAddress.IsLoopback(EndPoint.Address);

    /// <summary>Reads an address as <c>--urls</c> takes it.</summary>
    /// <param name="url">For example <c>http://127.0.0.1:3000</c>; <c>*</c> and <c>+</c> stand for every address of the machine.</param>
    /// <exception cref="ServiceOptionsException">It is none.</exception>
    public static ListenAddress Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        // Kestrel's http://*:3000 and http://+:3000 are no URIs.
        var plain = url.Replace("://*", "://[::]", StringComparison.Ordinal).Replace("://+", "://[::]", StringComparison.Ordinal);
        if (!Uri.TryCreate(plain, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/"
            || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
            throw new ServiceOptionsException($"--urls {url} is not an address; write {ServiceOptions.DefaultUrl}.");
        var address = (uri.HostNameType, uri.Host) switch
        {
            (UriHostNameType.Dns, "localhost") => IPAddress.Loopback,
            (UriHostNameType.Dns, _) => throw new ServiceOptionsException(
                $"--urls {url} is a name that other machines may resolve; name the IP address to listen on, or {ServiceOptions.DefaultUrl}."),
            _ => IPAddress.Parse(uri.DnsSafeHost),
        };
        return new ListenAddress(new IPEndPoint(address, uri.Port), uri.Scheme == "https");
    }

    /// <inheritdoc/>
    public override string ToString() => EndPoint.ToString();
}
