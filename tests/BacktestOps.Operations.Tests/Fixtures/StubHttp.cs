using System.Net;
using System.Text;

namespace BacktestOps.Operations.Tests.Fixtures;

/// <summary>Answers HTTP requests without a network, and remembers them.</summary>
internal sealed class StubHttp(Func<StubHttp.Call, HttpResponseMessage> answer)
{
    private readonly List<Call> _calls = [];

    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (_calls) return [.. _calls];
        }
    }

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public HttpMessageHandler Handler() => new Sender(this);

    internal sealed record Call(int Number, Uri Address, string? Authorization, string Body);

    private sealed class Sender(StubHttp stub) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            Call call;
            lock (stub._calls)
            {
                call = new Call(stub._calls.Count + 1, request.RequestUri!, request.Headers.Authorization?.ToString(), body);
                stub._calls.Add(call);
            }

            return stub.Answer(call);
        }
    }

    private HttpResponseMessage Answer(Call call) => answer(call);
}
