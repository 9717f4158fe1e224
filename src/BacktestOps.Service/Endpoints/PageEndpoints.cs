using System.Reflection;
using System.Security.Cryptography;
using BacktestOps.Service.Http;

namespace BacktestOps.Service.Endpoints;

/// <summary>The page and its files, read once out of the assembly.</summary>
internal static class PageEndpoints
{
    private const string Prefix = "page/";
    private const string Page = "/specific-stock-selection.html";
    private const string KeyShell = "/reference-key.html";
    private const string Icon = "/assets/favicon.svg";

    // Nothing but the service's own files runs or loads; no form leaves, no other site frames the page.
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    public static void Map(WebApplication app)
    {
        var assembly = typeof(PageEndpoints).Assembly;
        var files = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(name => "/" + name[Prefix.Length..], name => Read(assembly, name));
        files.Add("/favicon.ico", files[Icon]); // where browsers look when they show JSON
        foreach (var (path, content) in files.Where(file => file.Key != KeyShell))
        {
            app.MapRead(path, context =>
            {
                context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
                return content.WriteAsync(context);
            });
        }
        app.MapRead("/", context =>
        {
            context.Response.Redirect(Page);
            return Task.CompletedTask;
        });
    }

    /// <summary>The page that asks for the key of the reference.</summary>
    public static FixedContent ReadKeyShell() => Read(typeof(PageEndpoints).Assembly, "page" + KeyShell);

    private static FixedContent Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new FixedContent(bytes, ContentTypes[Path.GetExtension(name)], Convert.ToHexStringLower(SHA256.HashData(bytes)), null);
    }
}
