using System.Net.Http.Headers;
using BacktestOps.Contracts;

namespace BacktestOps.Client;

/// <summary>The variants of a sweep over HTTP, read part by part: a file may be larger than memory should hold.</summary>
internal static class VariantsAnswer
{
    // Small enough for a slow line within the time of one attempt, large enough that the parts are few.
    private const int PartSize = 8 << 20;

    /// <summary>Asks for the first part and gives a stream that asks for the others.</summary>
    public static async Task<VariantsDocument> OpenAsync(
        ServiceTransport transport, string path, string backtestId, string endpoint, CancellationToken cancellationToken)
    {
        var first = await transport.GetPartAsync(path, new RangeHeaderValue(0, PartSize - 1), cancellationToken).ConfigureAwait(false);
        if (first.StatusCode is not 206 || first.WholeLength is not { } length || ResultAnswer.DigestOf(first.ETag) is not { } digest)
            throw AnswerFault.Of(first, endpoint);
        var name = ResultAnswer.FileName(first.FileName, $"backtest-sweep-{backtestId}.csv", backtestId, endpoint);
        return new VariantsDocument(backtestId, name, length, digest, new Parts(transport, path, endpoint, first, first.ETag, length));
    }

    private sealed class Parts(ServiceTransport transport, string path, string endpoint, ServiceAnswer first, string? tag, long length) : Stream
    {
        private ServiceAnswer _part = first;
        private int _used;
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_position == length || buffer.IsEmpty) return 0;
            if (_used == _part.Content.Length)
            {
                var range = new RangeHeaderValue(_position, Math.Min(_position + PartSize, length) - 1);
                var next = await transport.GetPartAsync(path, range, cancellationToken).ConfigureAwait(false);
                // Parts of two files would be a file that nobody published.
                if (next.StatusCode != 206 || next.ETag != tag || next.Content.IsEmpty) throw AnswerFault.Of(next, endpoint);
                (_part, _used) = (next, 0);
            }
            var count = Math.Min(buffer.Length, _part.Content.Length - _used);
            _part.Content.Span.Slice(_used, count).CopyTo(buffer.Span);
            (_used, _position) = (_used + count, _position + count);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
