using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BacktestOps.Service.Endpoints;
using BacktestOps.Service.Http;

namespace BacktestOps.Service.OpenApi;

/// <summary>The OpenAPI document, and a page for people made from it: one file without script that asks for nothing else.</summary>
internal static class ReferenceEndpoints
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    public static void Map(WebApplication app)
    {
        var document = OpenApiDocument.Create();
        var json = Fixed(document.ToJsonString(Indented) + "\n", "application/json");
        var page = new ReferencePage(document);
        var html = Fixed(page.Html, "text/html; charset=utf-8");
        app.MapRead("/openapi.json", json.WriteAsync);
        app.MapRead("/reference.html", context =>
        {
            context.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'sha256-{page.StyleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            return html.WriteAsync(context);
        });
    }

    private static FixedContent Fixed(string text, string contentType)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new FixedContent(bytes, contentType, Convert.ToHexStringLower(SHA256.HashData(bytes)), null);
    }
}
