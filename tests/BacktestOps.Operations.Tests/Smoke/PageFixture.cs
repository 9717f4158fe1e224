using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BacktestOps.Operations.Tests.Smoke;

/// <summary>A small web server on a free port that answers from a table of paths; 404 for the rest.</summary>
internal sealed class PageFixture : IDisposable
{
    private const int Tries = 20;

    private readonly HttpListener _listener;
    private readonly Dictionary<string, (string MediaType, string Body, string? Attachment)> _answers = [];

    public PageFixture()
    {
        (_listener, Address) = Listen();
        _ = ServeAsync();
    }

    public Uri Address { get; }

    public PageFixture With(string path, string mediaType, string body, string? attachment = null)
    {
        _answers[path] = (mediaType, body, attachment);
        return this;
    }

    public void Dispose() => _listener.Close();

    // This listener can't be given any free port, and between finding one and taking it another process may have taken it.
    private static (HttpListener Listener, Uri Address) Listen()
    {
        for (var left = Tries; ; left--)
        {
            Uri address;
            using (var socket = new TcpListener(IPAddress.Loopback, 0))
            {
                socket.Start();
                address = new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}/");
            }

            var listener = new HttpListener();
            listener.Prefixes.Add(address.ToString());
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException) when (left > 0)
            {
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            if (_answers.TryGetValue(context.Request.Url!.AbsolutePath, out var answer))
            {
                context.Response.ContentType = answer.MediaType;
                if (answer.Attachment is { } name) context.Response.Headers["Content-Disposition"] = $"attachment; filename=\"{name}\"";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
            }
            else
            {
                context.Response.StatusCode = 404;
            }

            context.Response.Close();
        }
    }
}
