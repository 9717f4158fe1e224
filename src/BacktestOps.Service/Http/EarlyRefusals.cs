using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using BacktestOps.Contracts;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace BacktestOps.Service.Http;

/// <summary>
/// Gives a body to what the server refuses before any of our code sees it: a head that it can't read, an address or headers that
/// are too long, a host that is none. Kestrel answers such a request with a bare status and closes the connection.
/// </summary>
/// <remarks>
/// Kestrel has no hook for these answers, so this stands between it and the connection. It looks only at what is written while no
/// call is under way; what calls write passes untouched. HTTP/2 has no such answers: it resets the stream or the connection.
/// </remarks>
internal static class EarlyRefusals
{
    private static readonly object Connection = new();

    /// <summary>Puts it around a connection, above TLS.</summary>
    public static void Use(IConnectionBuilder connections) => connections.Use(next => async connection =>
    {
        if (connection.Features.Get<ITlsApplicationProtocolFeature>() is { } tls && tls.ApplicationProtocol.Span.SequenceEqual("h2"u8))
        {
            await next(connection).ConfigureAwait(false);
            return;
        }

        var transport = connection.Transport;
        var refusing = new RefusingTransport(transport);
        connection.Items[Connection] = refusing;
        connection.Transport = refusing;
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            connection.Transport = transport;
        }
    });

    /// <summary>Tells that a call is under way: what is written until it ends is its answer.</summary>
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Connection, out var found) != true || found is not RefusingTransport refusing)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        // The next head of the connection is another request's.
        refusing.IsHead = false;
        refusing.IsAnswering = true;
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            refusing.IsAnswering = false;
        }
    }

    /// <summary>The bare refusal with a body; null for anything else.</summary>
    /// <param name="written">What the server wrote.</param>
    /// <param name="isHead">True for an answer to HEAD, which has no body.</param>
    internal static byte[]? Complete(ReadOnlySpan<byte> written, bool isHead)
    {
        const int StatusAt = 9;
        if (!written.StartsWith("HTTP/1.1 "u8) || !written.EndsWith("\r\n\r\n"u8) || written.Length < StatusAt + 3)
            return null;
        if (!int.TryParse(written.Slice(StatusAt, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status) || status < 400)
            return null;
        var lines = Encoding.Latin1.GetString(written[..^4]).Split("\r\n");
        if (!Array.Exists(lines, line => line.Equals("Content-Length: 0", StringComparison.OrdinalIgnoreCase))
            || Array.Exists(lines, line => line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(HttpProblem.Early(status), ContractsJson.Default.Problem);
        var head = new StringBuilder();
        foreach (var line in lines.Where(line => !line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)))
            head.Append(line).Append("\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Type: application/problem+json\r\nContent-Length: {body.Length}\r\nCache-Control: no-store\r\n")
            .Append(SecurityHeaders.Lines).Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. isHead ? [] : body];
    }

    /// <summary>The connection as Kestrel sees it.</summary>
    private sealed class RefusingTransport : IDuplexPipe
    {
        public RefusingTransport(IDuplexPipe inner) => (Input, Output) = (new WatchedInput(inner.Input, this), new HeldOutput(inner.Output, this));

        public PipeReader Input { get; }

        public PipeWriter Output { get; }

        public volatile bool IsAnswering;

        public volatile bool IsHead;
    }

    /// <summary>Sees whether the request that is being read is a HEAD.</summary>
    private sealed class WatchedInput(PipeReader inner, RefusingTransport transport) : PipeReader
    {
        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            Watch(await inner.ReadAsync(cancellationToken).ConfigureAwait(false));

        public override bool TryRead(out ReadResult result)
        {
            var isRead = inner.TryRead(out result);
            if (isRead)
                Watch(result);
            return isRead;
        }

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

        // A refused head is the last one of its connection, so that it is enough to have seen one since the last call.
        private ReadResult Watch(ReadResult result)
        {
            if (!transport.IsAnswering && result.Buffer.FirstSpan.StartsWith("HEAD "u8))
                transport.IsHead = true;
            return result;
        }
    }

    /// <summary>Keeps what is written between calls until it is flushed, so that a refusal can be completed.</summary>
    private sealed class HeldOutput(PipeWriter inner, RefusingTransport transport) : PipeWriter
    {
        private readonly ArrayBufferWriter<byte> _held = new();
        private bool _isHolding;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes + _held.WrittenCount;

        public override Memory<byte> GetMemory(int sizeHint = 0)
        {
            Choose();
            return _isHolding ? _held.GetMemory(sizeHint) : inner.GetMemory(sizeHint);
        }

        public override Span<byte> GetSpan(int sizeHint = 0)
        {
            Choose();
            return _isHolding ? _held.GetSpan(sizeHint) : inner.GetSpan(sizeHint);
        }

        public override void Advance(int bytes)
        {
            if (_isHolding)
                _held.Advance(bytes);
            else
                inner.Advance(bytes);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            Release();
            return inner.FlushAsync(cancellationToken);
        }

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null)
        {
            Release();
            inner.Complete(exception);
        }

        public override ValueTask CompleteAsync(Exception? exception = null)
        {
            Release();
            return inner.CompleteAsync(exception);
        }

        private void Choose()
        {
            _isHolding = !transport.IsAnswering;
            if (!_isHolding)
                Release();
        }

        private void Release()
        {
            if (_held.WrittenCount == 0)
                return;
            inner.Write(Complete(_held.WrittenSpan, transport.IsHead) ?? _held.WrittenSpan);
            _held.ResetWrittenCount();
        }

        private static byte[]? Complete(ReadOnlySpan<byte> written, bool isHead) => EarlyRefusals.Complete(written, isHead);
    }
}
