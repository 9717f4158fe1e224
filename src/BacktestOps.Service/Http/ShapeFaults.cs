using BacktestOps.Contracts;

namespace BacktestOps.Service.Http;

/// <summary>The faults of a body's shape: the first are kept, the rest is counted, so that a body of faults costs no more than one.</summary>
internal sealed class ShapeFaults
{
    private readonly List<RequestFault> _kept = [];
    private long _more;

    /// <summary>The faults that were kept, and how many more there are.</summary>
    public IReadOnlyList<RequestFault> All => _more == 0 ? _kept : [.. _kept, InvalidRequestException.MoreFaults(_more)];

    /// <summary>Takes a fault.</summary>
    public void Add(RequestFault fault)
    {
        if (_kept.Count < InvalidRequestException.MaxFaults - 1) _kept.Add(fault);
        else _more++;
    }
}
