using System.Text.RegularExpressions;

namespace BacktestOps.Service.Tests;

public sealed partial class PageTests
{
    private const string Page = "/specific-stock-selection.html";

    [Fact]
    public async Task The_page_and_every_file_that_it_names_are_served_with_their_types()
    {
        await using var service = await RunningService.StartAsync();
        var page = await service.GetAsync(Page);
        Assert.Equal("text/html; charset=utf-8", page.ContentType!.ToString());

        var waiting = new Queue<string>(LinkedFiles().Matches(page.Text).Select(match => match.Groups[1].Value));
        var seen = new HashSet<string>();
        while (waiting.TryDequeue(out var file))
        {
            if (!seen.Add(file))
                continue;
            var reply = await service.GetAsync(file);
            Assert.True(reply.Status == 200, $"{file} gave {reply.Status}");
            var type = Path.GetExtension(file) switch { ".js" => "text/javascript", ".css" => "text/css", ".svg" => "image/svg+xml", _ => "?" };
            Assert.Equal(type, reply.ContentType!.MediaType);
            foreach (Match match in ImportedModules().Matches(type == "text/javascript" ? reply.Text : ""))
                waiting.Enqueue(new Uri(new Uri(service.Address, file), match.Groups[1].Value).AbsolutePath);
        }
        Assert.True(seen.Count(file => file.EndsWith(".js", StringComparison.Ordinal)) >= 8, string.Join(' ', seen));
    }

    [Fact]
    public async Task Nothing_runs_inline_nothing_comes_from_elsewhere_and_the_browser_is_told_so()
    {
        await using var service = await RunningService.StartAsync();

        var page = await service.GetAsync(Page);

        Assert.Contains("script-src 'self'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers["X-Content-Type-Options"]);
        Assert.DoesNotMatch("<script(?![^>]*src=)|<style|\\son[a-z]+=|\\sstyle=|https?://", page.Text);
    }

    [Fact]
    public async Task The_handles_of_automation_are_there()
    {
        await using var service = await RunningService.StartAsync();

        var page = (await service.GetAsync(Page)).Text;

        foreach (var id in new[] { "symbol-list", "strategy", "start", "progress", "download", "performance" })
            Assert.Contains($"id=\"{id}\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unchanged_file_is_not_sent_again()
    {
        await using var service = await RunningService.StartAsync();
        var tag = (await service.GetAsync(Page)).Headers["ETag"];

        Assert.Equal(304, (await service.GetAsync(Page, ("If-None-Match", tag))).Status);
    }

    [Fact]
    public async Task The_root_leads_to_the_page_and_the_icon_is_found_where_browsers_look_for_it()
    {
        await using var service = await RunningService.StartAsync();

        var root = await service.GetAsync("/");
        var icon = await service.GetAsync("/favicon.ico");

        Assert.Equal((302, Page), (root.Status, root.Headers["Location"]));
        Assert.Equal((200, "image/svg+xml"), (icon.Status, icon.ContentType?.MediaType));
    }

    [GeneratedRegex("(?:src|href)=\"(/assets/[^\"]+)\"")]
    private static partial Regex LinkedFiles();

    [GeneratedRegex("from '\\./([^']+)'")]
    private static partial Regex ImportedModules();
}
