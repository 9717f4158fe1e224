using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BacktestOps.Service.Access;
using BacktestOps.Service.Endpoints;
using BacktestOps.Service.Http;

namespace BacktestOps.Service.OpenApi;

/// <summary>The OpenAPI document, and a page for people made from it: one file without script that asks for nothing else.</summary>
internal static class ReferenceEndpoints
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <param name="app">The service.</param>
    /// <param name="isGuarded">True where callers need a key: who has sent none is asked for it.</param>
    public static void Map(WebApplication app, bool isGuarded)
    {
        var document = OpenApiDocument.Create();
        var json = Fixed(document.ToJsonString(Indented) + "\n", "application/json");
        var page = new ReferencePage(document);
        var html = Fixed(page.Html, "text/html; charset=utf-8");
        app.MapRead("/openapi.json", json.WriteAsync);
        var shell = PageEndpoints.ReadKeyShell();
        app.MapRead("/reference.html", context =>
        {
            if (isGuarded && context.Items[ApiKeyGuard.Caller] is null)
            {
                // Its script puts the reference, had with the key, in its place, style and all.
                context.Response.Headers.ContentSecurityPolicy =
                    PageEndpoints.ContentSecurityPolicy.Replace("style-src 'self'", $"style-src 'self' 'sha256-{page.StyleHash}'", StringComparison.Ordinal);
                return shell.WriteAsync(context);
            }

            context.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'sha256-{page.StyleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            return html.WriteAsync(context);
        });
    }

    private static FixedContent Fixed(string text, string contentType)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new FixedContent(bytes, contentType, Convert.ToHexStringLower(SHA256.HashData(bytes)), null);
    }
}
