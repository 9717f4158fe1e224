using BacktestOps.Contracts;

namespace BacktestOps.Runs.Stores;

/// <summary>The result documents read last, up to a number of bytes. A published document never changes.</summary>
internal sealed class ResultCache(long mostBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<ResultDocument>> _nodes = new(StringComparer.Ordinal);
    private readonly LinkedList<ResultDocument> _byUse = new();
    private long _bytes;

    /// <summary>The document, or null.</summary>
    public ResultDocument? Find(string backtestId)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue(backtestId, out var node))
                return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value;
        }
    }

    /// <summary>Keeps a document, in place of those used longest ago.</summary>
    public void Add(ResultDocument document)
    {
        lock (_lock)
        {
            if (document.Content.Length > mostBytes || !_nodes.TryAdd(document.BacktestId, new LinkedListNode<ResultDocument>(document)))
                return;
            _byUse.AddFirst(_nodes[document.BacktestId]);
            _bytes += document.Content.Length;
            while (_bytes > mostBytes)
            {
                var oldest = _byUse.Last!.Value;
                _byUse.RemoveLast();
                _nodes.Remove(oldest.BacktestId);
                _bytes -= oldest.Content.Length;
            }
        }
    }
}
